#include "loadgen/scenario/artillery/schema_files.hpp"

#include <string>
#include <utility>

#include "loadgen/scenario/artillery/documents.hpp"

namespace loadgen::scenario::artillery {

std::optional<text::JsonSchema> compile_schema(Compilation& compilation, const Spot& spot) {
    if (!spot->is_scalar() && !spot->is_map()) return std::nullopt;
    std::string schema;
    std::string source;
    if (spot->is_scalar()) {
        const std::string path = compilation.resolve(spot->scalar);
        Result<std::string> text = compilation.read_file(path, kMaxScriptBytes);
        if (!text) {
            compilation.findings.error(spot, "the schema cannot be read: " + text.error().message);
            return std::nullopt;
        }
        schema = std::move(*text);
        source = path + ": ";
    } else {
        to_value(*spot).append_json(schema);
    }
    Result<text::JsonSchema> compiled = text::JsonSchema::compile(schema);
    if (compiled) return std::move(*compiled);
    compilation.findings.error(spot, source + compiled.error().message);
    return std::nullopt;
}

}  // namespace loadgen::scenario::artillery
