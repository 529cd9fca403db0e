#include "services/contracts/catalogue.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace loadgen::services::contracts {
namespace {

TEST(Catalogue, FindsEveryTypeAndNothingElse) {
    for (const EventType& row : event_types()) EXPECT_EQ(find_event_type(row.type), &row) << row.type;
    for (const std::string_view unknown : {"", "a", "orders.orderCreated", "orders.orderCreated.v2", "zzz"}) {
        EXPECT_EQ(find_event_type(unknown), nullptr) << unknown;
    }
}

TEST(Catalogue, FieldsAreNamesWithKinds) {
    for (const EventType& row : event_types()) {
        std::istringstream fields{std::string(row.fields)};
        std::set<std::string> names;
        std::string field;
        while (fields >> field) {
            const std::size_t colon = field.find(':');
            ASSERT_NE(colon, std::string::npos) << row.type << " " << field;
            EXPECT_TRUE(names.insert(field.substr(0, colon)).second) << row.type << " " << field;
            const std::string kind = field.substr(colon + 1);
            EXPECT_TRUE(kind.size() == 1 || (kind.size() == 2 && kind[1] == '?')) << row.type << " " << field;
            EXPECT_NE(std::string_view("snbao").find(kind.front()), std::string_view::npos) << row.type;
        }
        EXPECT_FALSE(names.empty()) << row.type;
    }
}

TEST(Catalogue, DeprecatedTypesNameAnotherOfTheTable) {
    for (const EventType& row : event_types()) {
        EXPECT_EQ(row.superseded_by.empty(), row.deprecation_date.empty()) << row.type;
        if (row.superseded_by.empty()) continue;
        const EventType* next = find_event_type(row.superseded_by);
        ASSERT_NE(next, nullptr) << row.type;
        EXPECT_TRUE(next->superseded_by.empty()) << row.type;
    }
}

TEST(Catalogue, WhatLeavesItsServiceHasAVersion) {
    for (const EventType& row : event_types()) {
        const bool versioned = row.type.find(".v") != std::string_view::npos;
        EXPECT_EQ(versioned, row.visibility == Visibility::kPublic || row.domain == "grocery") << row.type;
    }
}

std::string table_row(const EventType& row) {
    std::string text = "| `" + std::string(row.type) + "` | " + std::string(row.domain) + " | ";
    text += row.visibility == Visibility::kPublic ? "public" : "private";
    text += " | `" + std::string(row.fields) + "` | ";
    if (!row.superseded_by.empty()) {
        text += std::string(row.deprecation_date) + ", `" + std::string(row.superseded_by) + "` ";
    }
    return text + "|";
}

TEST(Catalogue, IsTheTableOfTheDocumentation) {
    std::ifstream file(LOADGEN_SOURCE_DIR "/docs/events.md");
    std::vector<std::string> documented;
    for (std::string line; std::getline(file, line);) {
        const bool row =
            line.find("| public |") != std::string::npos || line.find("| private |") != std::string::npos;
        if (row) documented.push_back(line);
    }
    std::vector<std::string> expected;
    for (const EventType& row : event_types()) expected.push_back(table_row(row));
    EXPECT_EQ(documented, expected);
}

}  // namespace
}  // namespace loadgen::services::contracts
