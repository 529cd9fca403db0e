// Promotions as JSON, the same in every answer.
#pragma once

#include "common/text/json_writer.hpp"
#include "services/grocery/shared/domain/promotion.hpp"

namespace loadgen::services::grocery {

/// The members of the object, between a begin_object and an end_object of the caller. Empty texts are left
/// out.
void write_promotion(text::JsonWriter& out, const Promotion& promotion);

}  // namespace loadgen::services::grocery
