// Flag values and whole command lines from anywhere: an answer or an error with a text, never a crash.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/cli/option_value.hpp"
#include "loadgen/cli/options.hpp"
#include "loadgen/cli/results/report_kinds.hpp"

namespace {

using namespace loadgen::cli;

template <typename T>
void require_answer(const loadgen::Result<T>& result) {
    if (!result && result.error().message.empty()) std::abort();
}

void parse_command_line(std::string_view text) {
    std::string name;
    bool flag = false;
    loadgen::Nanos timeout{0};
    std::int64_t bytes = 0;
    std::vector<std::string> list;
    std::string choice;
    const CommandSpec spec{.name = "x",
                           .summary = "",
                           .usage = "",
                           .description = "",
                           .examples = "",
                           .groups = {{"",
                                       {{"name", into(name), "", ""},
                                        {"flag", into(flag), "", ""},
                                        {"timeout", into(timeout), "", ""},
                                        {"max-body", into_bytes(bytes), "", ""},
                                        {"header", into_list(list), "", ""},
                                        {"format", into_choice(choice, {"http", "json"}), "", ""}}}}};
    std::vector<std::string> words(1);
    for (const char c : text) {
        if (c == '\n') {
            words.emplace_back();
        } else if (c != '\0') {
            words.back() += c;
        }
    }
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    const auto parsed = parse_options(spec, arguments);
    require_answer(parsed);
    if (parsed && parsed->positional.size() > words.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    require_answer(parse_bool(text));
    require_answer(parse_int(text));
    require_answer(parse_uint(text));
    require_answer(parse_byte_size(text));
    require_answer(make_report(text, {}));
    require_answer(make_report("hist", text));
    parse_command_line(text);
    return 0;
}
