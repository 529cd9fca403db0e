#include "common/text/json_schema.hpp"

#include "common/text/detail/json_schema/json_schema_tree.hpp"

namespace loadgen::text {

JsonSchema::JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(std::string_view schema) {
    auto program = std::make_shared<Program>();
    const auto root = program->document.parse(schema);
    if (!root) return root.error();
    auto nodes = compile_schema(*root);
    if (!nodes) return std::move(nodes).error();
    program->nodes = std::move(*nodes);
    JsonSchema compiled;
    compiled.program_ = std::move(program);
    return compiled;
}

bool JsonSchema::allows(JsonValue document) const {
    return validate(document, 1).empty();
}

std::vector<SchemaViolation> JsonSchema::validate(JsonValue document, std::size_t limit) const {
    if (!program_) return {};
    SchemaRun run(program_->nodes, limit);
    run.check(0, document);
    return run.take_violations();
}

}  // namespace loadgen::text
