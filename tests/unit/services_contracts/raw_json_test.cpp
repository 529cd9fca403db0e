#include "services/contracts/detail/raw_json.hpp"

#include <gtest/gtest.h>

namespace loadgen::services::contracts::detail {
namespace {

TEST(RawMember, IsTheTextOfTheValue) {
    constexpr std::string_view kObject =
        R"( { "a" : 1.50 , "b":"x\"},\\", "c" :[ {"d":"]"} , 2 ] ,"e":{"f":{}},"g":null, "h": true } )";
    EXPECT_EQ(raw_member(kObject, 0), "1.50");
    EXPECT_EQ(raw_member(kObject, 1), R"("x\"},\\")");
    EXPECT_EQ(raw_member(kObject, 2), R"([ {"d":"]"} , 2 ])");
    EXPECT_EQ(raw_member(kObject, 3), R"({"f":{}})");
    EXPECT_EQ(raw_member(kObject, 4), "null");
    EXPECT_EQ(raw_member(kObject, 5), "true");
}

TEST(RawMember, IsEmptyWhereThereIsNone) {
    for (const std::string_view text : {"", "{}", "[1]", "{\"a\":1}", "{\"a\"", "{\"a\":", "{\"a\":\"",
                                        "{\"a\":\"\\", "{\"a\":[", "{\"a"}) {
        EXPECT_EQ(raw_member(text, 1), "") << text;
    }
}

}  // namespace
}  // namespace loadgen::services::contracts::detail
