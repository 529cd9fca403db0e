#include "loadgen/scenario/artillery/schema_files.hpp"

#include "loadgen/scenario/artillery/documents.hpp"

namespace loadgen::scenario::artillery {

std::shared_ptr<const plan::CompiledSchema> compile_schema(Compilation& compilation, const Spot& spot) {
    if (spot->is_scalar()) {
        const std::string path = compilation.resolve(spot->scalar);
        const auto text = compilation.read_file(path, kMaxScriptBytes);
        if (!text) compilation.findings.error(spot, "the schema cannot be read: " + text.error().message);
    }
    compilation.findings.error(spot.key_place, spot.path, "is not supported in this version");
    return nullptr;
}

}  // namespace loadgen::scenario::artillery
