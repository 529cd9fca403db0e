#include "loadgen/cli/options.hpp"

#include <gtest/gtest.h>

namespace loadgen::cli {
namespace {

struct Settings {
    std::string name = "none";
    bool lazy = false;
    bool keep = true;
    Nanos timeout{0};
    std::uint64_t workers = 10;
    std::vector<std::string> headers;
    std::string format = "http";
};

CommandSpec spec_for(Settings& settings) {
    return {.name = "attack",
            .summary = "send",
            .usage = "loadgen attack [flags]",
            .description = "Sends.",
            .examples = "  loadgen attack -name x\n",
            .groups = {{"Targets",
                        {{"name", into(settings.name), "none", "A name."},
                         {"lazy", into(settings.lazy), "", "Read as needed."},
                         {"keepalive", into(settings.keep), "true", "Reuse connections."},
                         {"header", into_list(settings.headers, "HEADER"), "", "A header. Repeatable."},
                         {"format", into_choice(settings.format, {"http", "json"}), "http", "The format."}}},
                       {"Limits",
                        {{"timeout", into(settings.timeout), "30s", "How long to wait."},
                         {"workers", into(settings.workers), "10", "Ignored.", "w"}}}}};
}

Result<ParsedArguments> parse(Settings& settings, std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    return parse_options(spec_for(settings), arguments);
}

std::string error(std::vector<std::string> words) {
    Settings settings;
    const auto parsed = parse(settings, std::move(words));
    return parsed ? "" : parsed.error().message;
}

TEST(Options, OneDashOrTwoWithAndWithoutEquals) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"-name", "x"}, {"--name", "x"}, {"-name=x"}, {"--name=x"}, {"-name", "y", "-name=x"}}) {
        Settings settings;
        const auto parsed = parse(settings, words);
        ASSERT_TRUE(parsed);
        EXPECT_EQ(settings.name, "x");
        EXPECT_TRUE(parsed->given.contains("name"));
    }
}

// As Go's flag package: a bool flag does not take the next word.
TEST(Options, BoolsTakeAValueOnlyAfterEquals) {
    Settings settings;
    const auto parsed = parse(settings, {"-lazy", "-keepalive=false", "true"});
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(settings.lazy);
    EXPECT_FALSE(settings.keep);
    EXPECT_EQ(parsed->positional, std::vector<std::string>{"true"});
}

TEST(Options, StopAtTheFirstWordThatIsNoFlag) {
    Settings settings;
    const auto parsed = parse(settings, {"-lazy", "file", "-name", "x"});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->positional, (std::vector<std::string>{"file", "-name", "x"}));
    EXPECT_EQ(parse(settings, {"--", "-name"})->positional, std::vector<std::string>{"-name"});
    EXPECT_EQ(parse(settings, {"-", "x"})->positional, (std::vector<std::string>{"-", "x"}));
    EXPECT_EQ(settings.name, "none");
}

TEST(Options, ValuesMayLookLikeFlagsOrBeEmpty) {
    Settings settings;
    ASSERT_TRUE(parse(settings, {"-name", "-lazy"}));
    EXPECT_EQ(settings.name, "-lazy");
    EXPECT_FALSE(settings.lazy);
    ASSERT_TRUE(parse(settings, {"-name="}));
    EXPECT_EQ(settings.name, "");
}

TEST(Options, RepeatAliasAndConvert) {
    Settings settings;
    ASSERT_TRUE(parse(settings, {"-header", "A: 1", "-header=B: 2", "-w", "3", "-timeout=1m30s"}));
    EXPECT_EQ(settings.headers, (std::vector<std::string>{"A: 1", "B: 2"}));
    EXPECT_EQ(settings.workers, 3U);
    EXPECT_EQ(settings.timeout, std::chrono::seconds(90));
}

TEST(Options, SayWhatWasFoundAndWhatIsAllowed) {
    EXPECT_EQ(error({"-tiemout=1s"}), "unknown flag -tiemout, did you mean -timeout?");
    EXPECT_EQ(error({"--xyzzy"}), "unknown flag -xyzzy");
    EXPECT_EQ(error({"-name"}), "flag -name needs a value: -name TEXT");
    EXPECT_EQ(error({"---name"}),
              "bad flag syntax: found \"---name\", expected -name, -name=value or -name value");
    EXPECT_EQ(error({"-=x"}), "bad flag syntax: found \"-=x\", expected -name, -name=value or -name value");
    EXPECT_EQ(error({"-lazy=maybe"}), "flag -lazy: found \"maybe\", expected true or false");
    EXPECT_EQ(error({"-workers=-1"}), "flag -workers: found \"-1\", expected a whole number of 0 or more");
    EXPECT_EQ(error({"-format=jsno"}),
              "flag -format: found \"jsno\", expected one of http|json (did you mean json?)");
    EXPECT_EQ(
        error({"-timeout", "10"}),
        "flag -timeout: bad duration \"10\": expected a number with a unit of ns, us, ms, s, m or h, such "
        "as 1m30s or 250ms");
}

TEST(Options, HelpIsAskedForAnyWay) {
    for (const char* word : {"-h", "-help", "--help"}) {
        Settings settings;
        EXPECT_TRUE(parse(settings, {word})->help);
    }
}

TEST(Options, HelpTeachesEveryFlag) {
    Settings settings;
    EXPECT_EQ(help_text(spec_for(settings)),
              R"(loadgen attack - send

Usage:
  loadgen attack [flags]

Sends.

Targets:
  -name TEXT  (default none)
        A name.
  -lazy
        Read as needed.
  -keepalive  (default true)
        Reuse connections.
  -header HEADER
        A header. Repeatable.
  -format http|json  (default http)
        The format.

Limits:
  -timeout DURATION  (default 30s)
        How long to wait.
  -workers, -w N  (default 10)
        Ignored.

Examples:
  loadgen attack -name x
)");
}

TEST(NearestWord, FindsTyposAndNothingElse) {
    const std::vector<std::string_view> known{"rate", "report", "output"};
    EXPECT_EQ(nearest_word("reprot", known), "report");
    EXPECT_EQ(nearest_word("rat", known), "rate");
    EXPECT_EQ(nearest_word("zebra", known), "");
    EXPECT_EQ(nearest_word("", known), "");
}

}  // namespace
}  // namespace loadgen::cli
