#include "common/text/csv.hpp"

#include <gtest/gtest.h>

namespace loadgen::text {
namespace {

using Rows = std::vector<std::vector<std::string>>;
using Step = CsvReader::Step;

struct Outcome {
    Rows rows;
    std::vector<std::uint64_t> lines;
    std::string error;
};

/// Feeds the text in pieces of `chunk` bytes.
Outcome read(std::string_view text, std::size_t chunk, CsvOptions options = {}) {
    CsvReader reader(options);
    Outcome outcome;
    std::size_t begin = 0;
    std::size_t end = 0;
    while (true) {
        const auto step = reader.next(text.substr(begin, end - begin), end == text.size());
        if (!step) {
            outcome.error = step.error().message;
            return outcome;
        }
        begin += reader.consumed();
        if (*step == Step::kEnd) return outcome;
        if (*step == Step::kNeedMore) {
            EXPECT_LT(end, text.size());
            end = std::min(end + chunk, text.size());
            continue;
        }
        outcome.rows.push_back(reader.fields());
        outcome.lines.push_back(reader.line());
    }
}

// RFC 4180 section 2, its examples; split at every byte.
TEST(Csv, ReadsRfc4180HoweverItArrives) {
    const std::string_view text =
        "aaa,bbb,ccc\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\n\n\"aaa\",\"b\"\"bb\",ccc\n,,\r\nlast,\"\"";
    const Rows expected{
        {"aaa", "bbb", "ccc"}, {"aaa", "b\nbb", "ccc"}, {"aaa", "b\"bb", "ccc"}, {"", "", ""}, {"last", ""}};
    for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
        const Outcome outcome = read(text, chunk);
        EXPECT_EQ(outcome.error, "");
        EXPECT_EQ(outcome.rows, expected) << "chunk " << chunk;
        EXPECT_EQ(outcome.lines, (std::vector<std::uint64_t>{1, 2, 5, 6, 7})) << "chunk " << chunk;
    }
}

TEST(Csv, NamesThePlaceOfAFault) {
    for (const std::size_t chunk : {1U, 100U}) {
        EXPECT_EQ(read("a,b\nc,d\"e\n", chunk).error,
                  "line 2, column 4: found a quote inside a field without quotes; quote the whole field and "
                  "double the quotes in it");
        EXPECT_EQ(
            read("\"a\nb\"c,d\n", chunk).error,
            "line 2, column 3: found text after a closing quote; expected a delimiter or the end of the "
            "line");
        EXPECT_EQ(read("a\nb,\"c\n", chunk).error, "line 2, column 3: the quote opened here is never closed");
        EXPECT_EQ(read("1,2,3,4\n", chunk, {.max_fields = 3}).error,
                  "line 1, column 7: more than 3 fields in a row");
    }
}

TEST(Csv, TakesOtherDelimitersAndTrims) {
    EXPECT_EQ(read("a;b,c; \"d\"\n", 100, {.delimiter = ';', .trim_leading_space = true}).rows,
              (Rows{{"a", "b,c", "d"}}));
}

// Go's csv.Writer quotes these and no others.
TEST(Csv, QuotesWhatGoQuotes) {
    const auto field = [](std::string_view text) {
        std::string out;
        append_csv_field(out, text);
        return out;
    };
    EXPECT_EQ(field(""), "");
    EXPECT_EQ(field("plain text"), "plain text");
    EXPECT_EQ(field("a,b"), "\"a,b\"");
    EXPECT_EQ(field("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(field("a\nb"), "\"a\nb\"");
    EXPECT_EQ(field("a\rb"), "\"a\rb\"");
    EXPECT_EQ(field(" a"), "\" a\"");
    EXPECT_EQ(field("\u00a0a"), "\"\u00a0a\"");
    EXPECT_EQ(field("\\."), "\"\\.\"");
    EXPECT_EQ(field("a "), "a ");
}

}  // namespace
}  // namespace loadgen::text
