#include "common/http/field_writer.hpp"

#include <gtest/gtest.h>

using loadgen::http::FieldWriter;
using loadgen::http::Header;
using loadgen::http::Headers;

TEST(FieldWriter, NothingOfTheEarlierMessageIsLeft) {
    Headers fields{{"accept", "*/*"}, {"authorization", "Bearer of somebody else"}, {"x-last", "1"}};
    FieldWriter writer(fields);
    Header& first = writer.add();
    EXPECT_EQ(first, Header());
    first.name = "x-first";
    writer.add("x-second", "2");
    writer.finish();
    EXPECT_EQ(fields, (Headers{{"x-first", ""}, {"x-second", "2"}}));
}

TEST(FieldWriter, WhatIsSetOrMissingKnowsOnlyItsOwnMessage) {
    Headers fields{{"Authorization", "old"}, {"accept", "old"}};
    FieldWriter writer(fields);
    writer.add_default("authorization", "default");  // that of the earlier message is none
    writer.add_default("AUTHORIZATION", "too late");
    writer.set("Authorization", "new");
    writer.set("accept", "text/html");
    writer.finish();
    EXPECT_EQ(fields, (Headers{{"authorization", "new"}, {"accept", "text/html"}}));
}

TEST(FieldWriter, GoesOnBehindItsEndAndBeginsAnew) {
    Headers fields;
    FieldWriter writer(fields);
    writer.add("a", "1");
    writer.finish();
    writer.add("b", "2");
    writer.finish();
    EXPECT_EQ(fields, (Headers{{"a", "1"}, {"b", "2"}}));
    writer.restart();
    writer.add("c", "3");
    writer.finish();
    EXPECT_EQ(fields, (Headers{{"c", "3"}}));
}

TEST(FieldWriter, TakesTheRoomOfTheEarlierTexts) {
    Headers fields{{"x-a-name-for-the-heap-really", "a value that fits into no small string"}};
    const char* const room = fields.front().value.data();
    FieldWriter writer(fields);
    writer.add("x", "another value that is on the heap");
    writer.finish();
    EXPECT_EQ(fields.front().value.data(), room);
}
