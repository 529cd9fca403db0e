#include "common/text/scope.hpp"

namespace loadgen::text {

Slot SlotTable::slot_of(std::string_view name) {
    const auto [place, is_new] = slots_.try_emplace(std::string(name), static_cast<Slot>(names_.size()));
    if (is_new) names_.emplace_back(name);
    return place->second;
}

std::optional<Slot> SlotTable::find(std::string_view name) const {
    const auto place = slots_.find(std::string(name));
    if (place == slots_.end()) return std::nullopt;
    return place->second;
}

const FunctionEntry* FunctionTable::find(std::string_view name) const {
    for (const FunctionEntry& entry : entries_) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

}  // namespace loadgen::text
