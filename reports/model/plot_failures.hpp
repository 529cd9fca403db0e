// Every failure of a run, exactly, until there are too many to draw one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::reports {

/// Why a request failed, as charts group it: the 21 classes of common/base/cause.hpp by their number, then
/// two for result files that carry no cause.
inline constexpr std::size_t kFailureGroupCount = kCauseCount + 2;
/// Stable lower-case name: a cause name, "no-response" or "other-status". Static storage.
std::string_view failure_group_name(std::size_t group);
/// The group of a failed record. Records without a cause are classed by status alone.
std::size_t failure_group(const runlog::Record& record);
/// True unless the request ended well: a status of 200..399, no error text, and no cause that says otherwise.
bool is_failure(const runlog::Record& record);

/// Failures that read alike: one row of the failure table.
struct FailureKind {
    std::size_t attack = 0;
    std::size_t group = 0;
    std::uint16_t code = 0;
    std::string error;  ///< valid or invalid UTF-8 as received, cut to kErrorTextLimit bytes
    std::uint64_t count = 0;
    std::int64_t first_ns = 0;  ///< due time of the first and the last one
    std::int64_t last_ns = 0;
    std::int64_t longest_ns = 0;

    static constexpr std::size_t kErrorTextLimit = 500;
};

/// A point on the chart: one failure, or in cells all failures of one kind within a cell of time.
struct FailurePoint {
    std::int64_t time_ns = 0;      ///< due; of a cell, its start
    std::int64_t latency_ns = 0;   ///< the longest of the cell
    std::int64_t shortest_ns = 0;  ///< equal to latency_ns for a single failure
    std::uint32_t kind = 0;        ///< index into kinds()
    std::uint32_t count = 1;
    friend bool operator==(const FailurePoint&, const FailurePoint&) = default;
};

/// Collects failures. Up to `limit` each stays a point of its own; one more, and all are gathered per kind in
/// cells of 100 ms (wider ones if even those exceed the limit). No failure is ever dropped: the counts of
/// points() and of kinds() both add up to count(). Memory is bounded by `limit` and kKindLimit. Not
/// thread-safe.
class FailureLog {
  public:
    /// Beyond so many kinds, further error texts of an attack, group and status share the row kOtherText;
    /// beyond twice as many, statuses share it too, as 0.
    static constexpr std::size_t kKindLimit = 1000;
    static constexpr std::string_view kOtherText = "(further error texts)";
    static constexpr Nanos kFirstCell{100'000'000};

    explicit FailureLog(std::size_t limit) : limit_(limit) {}

    /// `time_ns` is the record's timestamp, at most 2^61 from the epoch on either side.
    void add(std::size_t attack, std::int64_t time_ns, const runlog::Record& record);
    std::uint64_t count() const { return count_; }
    /// 0 while every failure is a point of its own, else the width of a cell.
    Nanos cell() const { return cell_; }
    const std::vector<FailureKind>& kinds() const { return kinds_; }
    /// In order of time.
    std::vector<FailurePoint> points() const;

  private:
    struct Cell {
        std::int64_t longest_ns = 0;
        std::int64_t shortest_ns = 0;
        std::uint32_t count = 0;
    };
    using KindKey = std::tuple<std::size_t, std::size_t, std::uint16_t, std::string>;

    std::uint32_t kind_of(std::size_t attack, const runlog::Record& record);
    void gather(const FailurePoint& point);
    void merge(std::int64_t index, std::uint32_t kind, const Cell& cell);
    void widen_cells();

    std::size_t limit_;
    std::uint64_t count_ = 0;
    Nanos cell_{0};
    std::vector<FailurePoint> exact_;
    std::map<std::pair<std::int64_t, std::uint32_t>, Cell> cells_;
    std::map<KindKey, std::uint32_t> kind_index_;
    std::vector<FailureKind> kinds_;
};

}  // namespace loadgen::reports
