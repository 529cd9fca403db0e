// Reads gob streams of vegeta's Result struct, and ours.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/runlog/gob_wire.hpp"
#include "common/runlog/record_decoder.hpp"

namespace loadgen::runlog {

/// See RecordDecoder. Fields are matched by name and type; unknown ones are skipped, missing ones stay empty.
/// Several streams in a row (files put together with cat) are read as one: a type described again replaces
/// the earlier one. Limits: 1024 types, 32 levels of nesting in skipped values.
class GobReader final : public RecordDecoder {
  public:
    Result<Step> next(std::string_view input, bool last, Record& record) override;

    /// True when `input` starts with a gob type description, complete or cut off by the end of `input`.
    static bool looks_like(std::string_view input);

  private:
    /// One field of the wire's struct and what becomes of it.
    struct PlannedField {
        int target = -1;  ///< row of the field table; -1 = skip
        std::int64_t type = 0;
    };
    using Plan = std::vector<PlannedField>;

    void define_type(gob::Cursor& cursor, std::int64_t id);
    void read_value(gob::Cursor& cursor, std::int64_t type, Record& record);
    const gob::TypeInfo* find_type(std::int64_t id) const;
    const Plan& plan_for(gob::Cursor& cursor, std::int64_t type, bool nested);
    void read_struct(gob::Cursor& cursor, std::int64_t type, Record& record, bool nested);
    void skip(gob::Cursor& cursor, std::int64_t type, int depth) const;
    void skip_composite(gob::Cursor& cursor, const gob::TypeInfo& info, int depth) const;

    std::map<std::int64_t, gob::TypeInfo> types_;
    std::map<std::int64_t, Plan> plans_[2];  ///< by type: for results, for our detail
};

}  // namespace loadgen::runlog
