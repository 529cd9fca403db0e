#include "support.hpp"

namespace loadgen::scenario::testing {
namespace {

text::Value four(text::CallContext&, std::span<const text::Value>) {
    return text::Value(4.0);
}

text::Value xyz(text::CallContext&, std::span<const text::Value>) {
    return text::Value("xyz");
}

constexpr text::FunctionEntry kFunctions[] = {{"$randomNumber", four, 2, 2, "$randomNumber(min, max)"},
                                              {"$randomString", xyz, 0, 1, "$randomString(length)"}};

std::vector<text::Value> values_of(const plan::ScenarioPlan& plan,
                                   const std::map<std::string, text::Value>& named) {
    std::vector<text::Value> values = plan.initial;
    for (const auto& [name, value] : named)
        if (const auto slot = plan.slots.find(name)) values.at(*slot) = value;
    return values;
}

}  // namespace

const text::FunctionTable& test_functions() {
    static const text::FunctionTable table(kFunctions);
    return table;
}

Loaded load(const std::string& script, LoadOptions options, std::map<std::string, std::string> files) {
    files["load.yml"] = script;
    options.script = "load.yml";
    options.functions = &test_functions();
    options.read_file = [files = std::move(files)](const std::string& path,
                                                   std::size_t) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return Error{ErrorCode::kNotFound, path + ": no such file"};
        return found->second;
    };
    return load_scenario(options);
}

std::vector<std::string> texts_of(const Loaded& loaded, const std::string& file) {
    std::vector<std::string> texts;
    for (const text::Finding& finding : loaded.findings) {
        std::string text = text::to_text(finding);
        if (text.starts_with(file + ":")) text.erase(0, file.size() + 1);
        if (text.starts_with(' ')) text.erase(0, 1);
        texts.push_back(text);
    }
    return texts;
}

std::string script_with_flow(const std::string& flow, const std::string& config) {
    return "config:\n  target: http://127.0.0.1:1\n" + config + "scenarios:\n  - flow:\n" + flow;
}

text::Value evaluate(const plan::ScenarioPlan& plan, const text::ValueTemplate& value,
                     const std::map<std::string, text::Value>& values) {
    Random random(1);
    text::CallContext context{random};
    const auto slots = values_of(plan, values);
    return value.evaluate({slots, context});
}

std::string render(const plan::ScenarioPlan& plan, const text::Template& value,
                   const std::map<std::string, text::Value>& values) {
    Random random(1);
    text::CallContext context{random};
    const auto slots = values_of(plan, values);
    return value.render({slots, context});
}

}  // namespace loadgen::scenario::testing
