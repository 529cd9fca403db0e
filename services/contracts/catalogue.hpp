// Every event type of the service set, one row each: who says it, what it must carry. Publishers, consumers,
// rules and docs/events.md come from this table.
#pragma once

#include <span>
#include <string_view>

namespace loadgen::services::contracts {

enum class Visibility { kPublic, kPrivate };

/// Names and kinds of the members of `data`: "productId:s newStockLevel:n? products:a" (s text, n number,
/// b boolean, a array, o object; ? optional).
struct EventType {
    std::string_view type;
    std::string_view domain;  ///< the source is "{environment}.{domain}"
    Visibility visibility = Visibility::kPublic;
    std::string_view fields;
    std::string_view deprecation_date = {};
    std::string_view superseded_by = {};
};

std::span<const EventType> event_types();
/// The row of a type, or null.
const EventType* find_event_type(std::string_view type);

}  // namespace loadgen::services::contracts
