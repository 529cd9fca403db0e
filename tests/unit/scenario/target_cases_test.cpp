// Runs the cases of tests/data/targets (its README says how they read).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "loadgen/scenario/cycled_targets.hpp"
#include "loadgen/scenario/vegeta_http_targets.hpp"
#include "loadgen/scenario/vegeta_json_targets.hpp"

namespace loadgen::scenario {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(LOADGEN_SOURCE_DIR) / "tests/data/targets";

struct Case {
    std::string format;
    std::map<std::string, std::string> sections;  ///< input, defaults, requests, error, note
};

Case read_case(const std::filesystem::path& path) {
    std::ifstream file(path);
    Case result;
    std::string section = "purpose";
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("--- format")) {
            result.format = line.substr(11);
            section = "input";
        } else if (line.starts_with("--- ")) {
            section = line.substr(4);
        } else {
            result.sections[section] += line + "\n";
        }
    }
    return result;
}

std::string with_carriage_returns(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

TargetDefaults defaults_of(const std::string& text) {
    TargetDefaults defaults;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("@")) {
            defaults.body = std::make_shared<const std::string>(line.substr(1));
        } else {
            defaults.headers.push_back(*parse_header(line));
        }
    }
    return defaults;
}

std::string described(const plan::Request& request) {
    std::string text = request.method + " " + request.url_text + "\n";
    for (const http::Header& header : request.headers)
        text += "  " + header.name + ": " + header.value + "\n";
    if (!request.body->empty()) text += "  @" + *request.body + "\n";
    return text;
}

class TargetCases : public testing::TestWithParam<std::string> {};

TEST_P(TargetCases, MeansWhatItSays) {
    std::filesystem::current_path(kFolder);
    Case test = read_case(kFolder / (GetParam() + ".case"));
    std::string& input = test.sections["input"];
    if (test.format.ends_with("unterminated")) input.pop_back();
    if (test.format.ends_with("crlf")) input = with_carriage_returns(input);
    TargetDefaults defaults = defaults_of(test.sections["defaults"]);

    std::string notes;
    std::unique_ptr<plan::RequestSource> stream;
    LineReader lines("t", bytes_of(input), kMaxHttpLine);
    if (test.format.starts_with("json")) {
        stream = std::make_unique<VegetaJsonTargets>(std::move(lines), std::move(defaults),
                                                     [&](const std::string& note) { notes += note + "\n"; });
    } else {
        stream = std::make_unique<VegetaHttpTargets>(std::move(lines), std::move(defaults));
    }
    const auto all = CycledTargets::read_all(*stream, "t");
    std::string requests;
    if (all)
        for (const auto& request : (*all)->all()) requests += described(*request);
    EXPECT_EQ(all ? "" : all.error().message + "\n", test.sections["error"]);
    EXPECT_EQ(requests, test.sections["requests"]);
    EXPECT_EQ(notes, test.sections["note"]);
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder))
        if (entry.path().extension() == ".case") names.push_back(entry.path().stem());
    std::sort(names.begin(), names.end());
    return names;
}

INSTANTIATE_TEST_SUITE_P(Data, TargetCases, testing::ValuesIn(case_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace loadgen::scenario
