#include "common/http/form.hpp"

#include <gtest/gtest.h>

namespace loadgen::http {
namespace {

std::string encoded(std::string_view name, std::string_view value) {
    std::string out;
    UrlEncodedWriter(out).add(name, value);
    return out;
}

// Expected values are what URLSearchParams of Node 20 writes.
TEST(Form, EncodesAsBrowsersDo) {
    std::string out;
    UrlEncodedWriter writer(out);
    writer.add("a", "1");
    writer.add("b", "x y");
    writer.add("c", "\xc3\xa9~!*'()-._");
    writer.add("", "");
    EXPECT_EQ(out, "a=1&b=x+y&c=%C3%A9%7E%21*%27%28%29-._&=");
    EXPECT_EQ(encoded("a[b]&=", "100%\r\n+"), "a%5Bb%5D%26%3D=100%25%0D%0A%2B");
    EXPECT_EQ(encoded("k", std::string_view("\0", 1)), "k=%00");
}

TEST(Form, ReplacesAQuery) {
    EXPECT_EQ(with_query("/a?x=1&y=a%20b&z", "x=2&w=p", QueryRule::kReplace), "/a?x=2&w=p");
    EXPECT_EQ(with_query("/a", "x=2", QueryRule::kReplace), "/a?x=2");
    EXPECT_EQ(with_query("/a?x", "", QueryRule::kReplace), "/a");
    EXPECT_EQ(with_query("/a?", "", QueryRule::kReplace), "/a");
}

TEST(Form, MergesAQuery) {
    EXPECT_EQ(with_query("/a?x=1&y=a%20b&z&x=3", "x=2&w=p", QueryRule::kMerge), "/a?y=a%20b&z&x=2&w=p");
    EXPECT_EQ(with_query("/a?%61=1&b+c=2&c%2=3", "a=9&b%20c=8", QueryRule::kMerge), "/a?c%2=3&a=9&b%20c=8");
    EXPECT_EQ(with_query("/a?x=1", "", QueryRule::kMerge), "/a?x=1");
    EXPECT_EQ(with_query("/a?x=1", "x=1", QueryRule::kMerge), "/a?x=1");
    EXPECT_EQ(with_query("/a", "x=1", QueryRule::kMerge), "/a?x=1");
    EXPECT_EQ(with_query("/a?&&", "", QueryRule::kMerge), "/a");
}

// RFC 7578 section 4, and WHATWG HTML section 4.10.21.8 for the names.
TEST(Form, WritesMultipart) {
    std::string out;
    MultipartWriter writer(out, "AaB03x");
    EXPECT_EQ(writer.content_type(), "multipart/form-data; boundary=AaB03x");
    EXPECT_TRUE(writer.add("submitter", "Joe\nBlow"));
    EXPECT_TRUE(writer.add("q\"\r\nr", "{}", "application/json"));
    EXPECT_TRUE(writer.add_file("file", "\xc3\xbc\".TXT", std::string_view("a\0b", 3)));
    EXPECT_TRUE(writer.add_file("raw", "x", "", "image/x-own"));
    writer.finish();
    EXPECT_EQ(
        out, std::string(
                 "--AaB03x\r\nContent-Disposition: form-data; name=\"submitter\"\r\n\r\nJoe\nBlow\r\n"
                 "--AaB03x\r\nContent-Disposition: form-data; name=\"q%22%0D%0Ar\"\r\n"
                 "Content-Type: application/json\r\n\r\n{}\r\n"
                 "--AaB03x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xc3\xbc%22.TXT\"\r\n"
                 "Content-Type: text/plain\r\n\r\na") +
                 std::string(1, '\0') +
                 "b\r\n--AaB03x\r\nContent-Disposition: form-data; name=\"raw\"; filename=\"x\"\r\n"
                 "Content-Type: image/x-own\r\n\r\n\r\n--AaB03x--\r\n");
}

TEST(Form, RefusesAContentTypeThatEndsItsLine) {
    std::string out;
    MultipartWriter writer(out, "b");
    const auto done = writer.add("n", "v", "text/plain\r\nX: y");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "form part \"n\": the content type holds a control character");
    EXPECT_EQ(out, "");
}

TEST(Form, BoundariesComeFromTheSeed) {
    Random random(7);
    Random same(7);
    const std::string boundary = random_boundary(random);
    EXPECT_EQ(boundary.size(), 62U);  // RFC 2046 section 5.1.1 allows 70
    EXPECT_EQ(boundary, random_boundary(same));
    EXPECT_NE(boundary, random_boundary(random));
    EXPECT_EQ(boundary.find_first_not_of("-0123456789ABCDEF"), std::string::npos);
}

TEST(Form, KnowsFilesByTheirNames) {
    EXPECT_EQ(content_type_of_file("a/b.c/photo.JPG"), "image/jpeg");
    EXPECT_EQ(content_type_of_file("data.json"), "application/json");
    EXPECT_EQ(content_type_of_file("json"), "application/octet-stream");
    EXPECT_EQ(content_type_of_file("x."), "application/octet-stream");
}

// RFC 7617 sections 2 and 2.1.
TEST(Form, WritesBasicCredentials) {
    EXPECT_EQ(basic_authorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(basic_authorization("test", "123\xc2\xa3"), "Basic dGVzdDoxMjPCow==");
    EXPECT_EQ(basic_authorization("us:er", "p\xc3\xa4%ss"), "Basic dXM6ZXI6cMOkJXNz");
}

}  // namespace
}  // namespace loadgen::http
