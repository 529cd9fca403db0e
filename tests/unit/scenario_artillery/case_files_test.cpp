// Every file of tests/behaviour/scenario_errors and scenario_scripts, and what is said about it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

struct Case {
    std::string path;
    LoadOptions options;
    std::vector<std::string> expected;
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

void apply_setting(const std::string& setting, LoadOptions& options) {
    const std::string value = setting.substr(setting.find('=') + 1);
    if (setting.starts_with("environment=")) options.environment = value;
    if (setting.starts_with("EXPORTS="))
        options.list_functions = [value](const std::string&) -> Result<std::vector<std::string>> {
            return split(value, ',');
        };
    if (setting.starts_with("env "))
        options.process_environment.emplace_back(setting.substr(4, setting.find('=') - 4), value);
}

Case read_case(const std::string& path) {
    Case result;
    result.path = path;
    result.options.script = path;
    result.options.functions = &testing::test_functions();
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("#= ")) result.expected.push_back(line.substr(3));
        if (line.starts_with("#! ")) apply_setting(line.substr(3), result.options);
    }
    return result;
}

std::vector<std::string> files_of(const std::string& folder) {
    std::vector<std::string> files;
    const std::string root = std::string(LOADGEN_SOURCE_DIR) + "/tests/behaviour/" + folder;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        const std::string extension = entry.path().extension();
        if (extension == ".yml" || extension == ".json") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::string name_of(const ::testing::TestParamInfo<std::string>& file) {
    std::string name = std::filesystem::path(file.param).filename();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}

std::string without_folders(std::string text) {
    const std::string folder = std::string(LOADGEN_SOURCE_DIR) + "/tests/behaviour/";
    for (auto at = text.find(folder); at != text.npos; at = text.find(folder)) text.erase(at, folder.size());
    return text;
}

class ScriptsWithMistakes : public ::testing::TestWithParam<std::string> {};
class GoodScripts : public ::testing::TestWithParam<std::string> {};

TEST_P(ScriptsWithMistakes, SayAllThatIsWrong) {
    const Case script = read_case(GetParam());
    const Loaded loaded = load_scenario(script.options);
    EXPECT_EQ(joined(script.expected), without_folders(joined(testing::texts_of(loaded, script.path))));
    EXPECT_FALSE(script.expected.empty());
}

TEST_P(GoodScripts, Load) {
    const Case script = read_case(GetParam());
    const Loaded loaded = load_scenario(script.options);
    EXPECT_TRUE(loaded.ok);
    EXPECT_EQ(joined(script.expected), without_folders(joined(testing::texts_of(loaded, script.path))));
    ASSERT_NE(loaded.plan, nullptr);
    EXPECT_FALSE(loaded.plan->journeys.empty());
    EXPECT_NE(loaded.load.schedule, nullptr);
}

INSTANTIATE_TEST_SUITE_P(ScenarioErrors, ScriptsWithMistakes,
                         ::testing::ValuesIn(files_of("scenario_errors")), name_of);
INSTANTIATE_TEST_SUITE_P(ScenarioScripts, GoodScripts, ::testing::ValuesIn(files_of("scenario_scripts")),
                         name_of);

}  // namespace
}  // namespace loadgen::scenario
