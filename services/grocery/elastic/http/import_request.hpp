// Reads the offers of an import, each by itself: one that is wrong does not keep the others out.
#pragma once

#include "common/text/json_reader.hpp"
#include "services/grocery/elastic/domain/import.hpp"

namespace loadgen::services::grocery::elastic {

/// Sorts the elements of the array `promotions` into those that keep every rule and those that do not; of two
/// with one sourceId the first counts.
void sort_out(Batch& batch, const text::JsonValue& promotions);

}  // namespace loadgen::services::grocery::elastic
