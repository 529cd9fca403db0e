#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ninja/shared/configuration_source.hpp"
#include "tests/unit/services_ninja/support.hpp"

namespace loadgen::services::ninja {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Configuration, TheBuiltInDocumentSaysWhatTheContractSays) {
    const auto configuration = parse_configuration(built_in_configuration());
    ASSERT_TRUE(configuration.has_value()) << configuration.error().message;
    EXPECT_THAT(configuration->countries, ElementsAre("ISRAEL", "USA"));
    EXPECT_TRUE(configuration->ten_percent_off_campaign.value_for("anyone"));
    EXPECT_FALSE(configuration->premium_features.value_for("anyone"));
    EXPECT_TRUE(configuration->premium_features.value_for("RanTheBuilder"));
    EXPECT_FALSE(configuration->premium_features.value_for("ranthebuilder"));
    EXPECT_EQ(configuration->delayed_order_create_ms, 5000);
}

TEST(Configuration, OnlyCountriesAreNeeded) {
    const auto configuration = parse_configuration(R"({"countries":["USA"]})");
    ASSERT_TRUE(configuration.has_value());
    EXPECT_TRUE(configuration->ten_percent_off_campaign.value_for(""));
    EXPECT_FALSE(configuration->premium_features.value_for("RanTheBuilder"));
    EXPECT_EQ(configuration->delayed_order_create_ms, kUsualDelayedOrderMs);
}

TEST(Configuration, TheFirstRuleThatMatchesDecides) {
    const auto configuration = parse_configuration(R"({"countries":["USA"],"features":{"premium_features":
        {"default":true,"rules":{
          "not Bo":{"when_match":false,"conditions":[{"action":"STARTSWITH","key":"customer_name","value":"B"},
                                                     {"action":"ENDSWITH","key":"customer_name","value":"o"}]},
          "all B":{"when_match":true,"conditions":[{"action":"STARTSWITH","key":"customer_name","value":"B"}]},
          "others":{"when_match":false,"conditions":[{"action":"NOT_EQUALS","key":"customer_name","value":"Al"}]}
        }}}})");
    ASSERT_TRUE(configuration.has_value()) << configuration.error().message;
    EXPECT_FALSE(configuration->premium_features.value_for("Bo"));
    EXPECT_TRUE(configuration->premium_features.value_for("Bob"));
    EXPECT_FALSE(configuration->premium_features.value_for("Cy"));
    EXPECT_TRUE(configuration->premium_features.value_for("Al")) << "no rule: the default";
}

struct Bad {
    const char* json;
    const char* message;
};

class BadConfiguration : public ::testing::TestWithParam<Bad> {};

TEST_P(BadConfiguration, NamesThePlace) {
    const auto configuration = parse_configuration(GetParam().json);
    ASSERT_FALSE(configuration.has_value());
    EXPECT_EQ(configuration.error().message, GetParam().message);
    EXPECT_EQ(configuration.error().code, ErrorCode::kUsage);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadConfiguration,
    ::testing::Values(
        Bad{"[]", "the document: must be an object, not an array"},
        Bad{"{}", "countries: must be a list of at least one country"},
        Bad{R"({"countries":[]})", "countries: must be a list of at least one country"},
        Bad{R"({"countries":["USA","FRANCE"]})", "countries[1]: must be ISRAEL or USA"},
        Bad{R"({"countries":[1]})", "countries[0]: must be ISRAEL or USA"},
        Bad{R"({"countries":["USA"],"feature":{}})",
            R"(the document: unknown member "feature", known are countries features alarms)"},
        Bad{R"({"countries":["USA"],"countries":["USA"]})", R"(the document: "countries" comes twice)"},
        Bad{R"({"countries":["USA"],"features":{"premium":{"default":true}}})",
            R"(features: unknown member "premium", known are ten_percent_off_campaign premium_features)"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{}}})",
            "features.premium_features.default: must be true or false"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{"default":"yes"}}})",
            "features.premium_features.default: must be true or false"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{"default":true,"rules":[]}}})",
            "features.premium_features.rules: must be an object, not an array"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{"default":true,"rules":{"a":{"when_match":true,"conditions":[]}}}}})",
            "features.premium_features.rules.a.conditions: must be a list of 1 to 32 conditions"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{"default":true,"rules":{"a":{"when_match":true,"conditions":[{"action":"LIKE","key":"customer_name","value":"x"}]}}}}})",
            "features.premium_features.rules.a.conditions[0].action: must be EQUALS, NOT_EQUALS, STARTSWITH "
            "or "
            "ENDSWITH"},
        Bad{R"({"countries":["USA"],"features":{"premium_features":{"default":true,"rules":{"a":{"when_match":true,"conditions":[{"action":"EQUALS","key":"tier","value":"x"}]}}}}})",
            "features.premium_features.rules.a.conditions[0].key: must be customer_name"},
        Bad{R"({"countries":["USA"],"alarms":{"delayed_order_create_ms":0}})",
            "alarms.delayed_order_create_ms: must be an integer from 1 to 600000"},
        Bad{R"({"countries":["USA"],"alarms":{"delayed_order_create_ms":"5s"}})",
            "alarms.delayed_order_create_ms: must be an integer from 1 to 600000"}));

TEST(Configuration, WhatIsNoJsonIsSyntax) {
    const auto configuration = parse_configuration(R"({"countries":)");
    ASSERT_FALSE(configuration.has_value());
    EXPECT_EQ(configuration.error().code, ErrorCode::kSyntax);
}

class Source : public ::testing::Test {
  protected:
    test::Folder folder_;
    test::ManualClock clock_;
    ConfigurationSource source_{folder_.path(), clock_};
};

TEST_F(Source, WithoutAFileTheBuiltInDocumentCounts) {
    const auto now = source_.current();
    ASSERT_TRUE(now.has_value());
    EXPECT_THAT((*now)->countries, ElementsAre("ISRAEL", "USA"));
}

TEST_F(Source, AFileIsReadAgainAfterFiveMinutes) {
    folder_.put("my_conf.json", R"({"countries":["USA"]})");
    ASSERT_THAT((*source_.current())->countries, ElementsAre("USA"));
    folder_.put("my_conf.json", R"({"countries":["ISRAEL"]})");
    clock_.advance(std::chrono::minutes(5) - std::chrono::nanoseconds(1));
    EXPECT_THAT((*source_.current())->countries, ElementsAre("USA"));
    clock_.advance(std::chrono::nanoseconds(1));
    EXPECT_THAT((*source_.current())->countries, ElementsAre("ISRAEL"));
}

TEST_F(Source, AnUnusableFileIsAnErrorUntilItIsRepaired) {
    folder_.put("my_conf.json", R"({"countries":["MARS"]})");
    const auto broken = source_.current();
    ASSERT_FALSE(broken.has_value());
    EXPECT_THAT(broken.error().message, HasSubstr("my_conf.json: countries[0]: must be ISRAEL or USA"));
    folder_.put("my_conf.json", std::string(kMaxConfigurationBytes + 1, ' '));
    EXPECT_FALSE(source_.current().has_value());
    folder_.put("my_conf.json", R"({"countries":["USA"]})");
    EXPECT_TRUE(source_.current().has_value());
}

TEST_F(Source, AFolderInItsPlaceIsNoConfiguration) {
    std::filesystem::create_directory(folder_.path() + "/my_conf.json");
    EXPECT_FALSE(source_.current().has_value());
}

}  // namespace
}  // namespace loadgen::services::ninja
