#include "loadgen/scripting/node/detail/program.hpp"

#include <array>
#include <string>
#include <utility>

#include "common/text/json_writer.hpp"

namespace loadgen::embedded {
extern const std::string_view processor_events;
extern const std::string_view processor_frames;
extern const std::string_view processor_functions;
extern const std::string_view processor_main;
extern const std::string_view processor_module;
extern const std::string_view processor_user;
extern const std::string_view processor_values;
}  // namespace loadgen::embedded

namespace loadgen::scripting {
namespace {

std::string make_program() {
    const std::array<std::pair<std::string_view, std::string_view>, 7> files{{
        {"events.cjs", embedded::processor_events},
        {"frames.cjs", embedded::processor_frames},
        {"functions.cjs", embedded::processor_functions},
        {"main.cjs", embedded::processor_main},
        {"module.cjs", embedded::processor_module},
        {"user.cjs", embedded::processor_user},
        {"values.cjs", embedded::processor_values},
    }};
    std::string json;
    text::JsonWriter writer(json);
    writer.begin_object();
    for (const auto& [name, source] : files) writer.key(name).string(source);
    writer.end_object();
    return json;
}

}  // namespace

std::string_view host_program() {
    static const std::string program = make_program();
    return program;
}

}  // namespace loadgen::scripting
