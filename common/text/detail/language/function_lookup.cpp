#include "common/text/detail/language/function_lookup.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace loadgen::text {
namespace {

/// Levenshtein's.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest_function(const FunctionTable& functions, std::string_view name) {
    std::string nearest;
    std::size_t least = std::max<std::size_t>(3, name.size() / 2);
    for (const FunctionEntry& entry : functions.entries()) {
        const std::size_t away = distance(entry.name.substr(0, 64), name.substr(0, 64));
        if (away >= least) continue;
        least = away;
        nearest = entry.name;
    }
    return nearest;
}

Error unknown_function(std::string_view name, std::string_view nearest) {
    std::string message = "unknown function " + std::string(name);
    if (!nearest.empty()) ((message += "; did you mean ") += nearest) += '?';
    return {ErrorCode::kSyntax, std::move(message)};
}

Result<const FunctionEntry*> find_function(const FunctionTable& functions, std::string_view name,
                                           std::size_t arguments) {
    const FunctionEntry* entry = functions.find(name);
    if (entry == nullptr) return unknown_function(name, nearest_function(functions, name));
    if (arguments >= entry->min_arguments && arguments <= std::min(entry->max_arguments, kMostArguments))
        return entry;
    return Error{ErrorCode::kSyntax, std::string(name) + " is given " + std::to_string(arguments) +
                                         (arguments == 1 ? " argument" : " arguments") + ": " +
                                         std::string(entry->usage)};
}

}  // namespace loadgen::text
