// docs/functions.md has a row for every function, in the words of its usage, and its examples are true.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "functions_fixture.hpp"

namespace loadgen::scripting {
namespace {

struct Row {
    std::string usage;
    std::string example;
    std::string result;
};

/// Text between backticks; the whole cell without them.
std::string unquoted(std::string cell) {
    const auto begin = cell.find_first_not_of(' ');
    if (begin == std::string::npos) return "";
    cell = cell.substr(begin, cell.find_last_not_of(' ') + 1 - begin);
    return cell.size() > 1 && cell.front() == '`' && cell.back() == '`' ? cell.substr(1, cell.size() - 2)
                                                                        : cell;
}

std::vector<Row> rows() {
    std::ifstream file(LOADGEN_SOURCE_DIR "/docs/functions.md");
    std::vector<Row> found;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("| `$")) continue;
        std::vector<std::string> cells;
        std::istringstream text(line.substr(1));
        for (std::string cell; std::getline(text, cell, '|');) cells.push_back(unquoted(cell));
        cells.resize(4);
        found.push_back({cells[0] + ": " + cells[1], cells[2], cells[3]});
    }
    return found;
}

using Documentation = Functions;

TEST_F(Documentation, NamesEveryFunctionInTheWordsOfItsUsage) {
    std::set<std::string> documented;
    for (const Row& row : rows()) EXPECT_TRUE(documented.insert(row.usage).second) << row.usage;
    std::set<std::string_view> names;
    for (const text::FunctionEntry& entry : built_in_functions().entries()) {
        EXPECT_EQ(documented.erase(std::string(entry.usage)), 1U) << entry.usage;
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name << " is there twice";
        EXPECT_TRUE(entry.usage.starts_with(std::string(entry.name) + '(')) << entry.usage;
        EXPECT_LE(entry.max_arguments, 16U);
    }
    for (const std::string& left : documented) ADD_FAILURE() << "there is no such function: " << left;
    EXPECT_GT(names.size(), 200U);
}

TEST_F(Documentation, ExamplesAreTrue) {
    set("user", text::Value("Ada"));
    set_json("tags", R"(["b","a"])");
    set_json("products", R"([{"id":"a","stock":0}])");
    std::size_t examples = 0;
    for (const Row& row : rows()) {
        if (row.example.empty()) continue;
        const auto made = text::Template::compile(row.example, slots_, built_in_functions());
        ASSERT_TRUE(made) << row.example << ": " << made.error().message;
        EXPECT_EQ(made->render({values_, context_}), row.result) << row.example;
        EXPECT_EQ(context_.fault, "") << row.example;
        ++examples;
    }
    EXPECT_GT(examples, 40U);
}

}  // namespace
}  // namespace loadgen::scripting
