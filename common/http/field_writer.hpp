// Header fields written over those of an earlier message, in the room of their texts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/http/header.hpp"

namespace loadgen::http {

/// Nothing is allocated as long as there are no more fields, and no longer ones, than there were.
class FieldWriter {
  public:
    /// `fields` hold what may be overwritten, until finish().
    explicit FieldWriter(Headers& fields) : fields_(fields) {}

    /// A further field, its texts empty, to be filled in before the next call.
    Header& add() {
        if (used_ == fields_.size()) fields_.emplace_back();
        Header& field = fields_[used_++];
        field.name.clear();
        field.value.clear();
        return field;
    }

    void add(std::string_view name, std::string_view value) {
        Header& field = add();
        field.name.assign(name);
        field.value.assign(value);
    }

    /// Replaces the first field of this name, or adds one.
    void set(std::string_view name, std::string_view value) {
        if (Header* known = find(name)) {
            known->value.assign(value);
        } else {
            add(name, value);
        }
    }

    void add_default(std::string_view name, std::string_view value) {
        if (find(name) == nullptr) add(name, value);
    }

    /// What is left of the earlier message goes.
    void finish() { fields_.resize(used_); }
    /// All that is there may be overwritten.
    void restart() { used_ = 0; }

  private:
    Header* find(std::string_view name) {
        const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(used_);
        const auto found = std::find_if(fields_.begin(), end,
                                        [name](const Header& field) { return equal_name(field.name, name); });
        return found == end ? nullptr : &*found;
    }

    Headers& fields_;
    std::size_t used_ = 0;
};

}  // namespace loadgen::http
