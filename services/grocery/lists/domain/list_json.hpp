// Lists and items as JSON: in answers, and in the rows that keep them.
#pragma once

#include "common/text/json_writer.hpp"
#include "services/grocery/lists/domain/list.hpp"

namespace loadgen::services::grocery::lists {

/// {"listId","name","ownerId","version","items","openItems","createdAt"}
void write_list(text::JsonWriter& out, const List& list);
/// {"itemId","name","quantity","promotionId"?,"retailerId"?,"note"?,"checked","version","addedBy","createdAt"}
void write_item(text::JsonWriter& out, const Item& item);
std::string item_json(const Item& item);

/// Attributes of the META and ITEM# rows. What keys and versions say already is not in them.
std::string list_attributes(const List& list);
Result<List> read_list(std::string_view attributes);
std::string item_attributes(const Item& item);
Result<Item> read_item(std::string_view attributes);

}  // namespace loadgen::services::grocery::lists
