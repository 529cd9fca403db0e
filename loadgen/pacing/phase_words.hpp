// The words of a phase text with their columns, and messages that point at them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// The word of `words` closest to `word` (edit distance at most 2 and less than half its length), or empty.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> words);

/// KIND key=value key="value with blanks" flag. Columns count from 1.
class PhaseWords {
  public:
    struct Argument {
        std::string key;
        std::string value;
        bool has_value = false;
        std::size_t key_column = 0;
        std::size_t value_column = 0;
    };

    /// `number` is the phase's place, counted from 1, for messages.
    static Result<PhaseWords> split(std::string_view text, std::size_t number);

    const std::string& kind() const { return kind_; }
    std::size_t kind_column() const { return kind_column_; }
    const std::vector<Argument>& arguments() const { return arguments_; }
    /// The argument with this key, or nullptr.
    const Argument* find(std::string_view key) const;

    /// Every key is one of `keys`, given once.
    Result<void> check_keys(std::span<const std::string_view> keys) const;

    // Values by key. Required ones fail when absent; all fail at their column when malformed.
    Result<Rate> rate(std::string_view key) const;
    Result<Nanos> span(std::string_view key) const;
    Result<std::optional<Nanos>> optional_span(std::string_view key) const;
    /// Zero is allowed too.
    Result<Nanos> instant(std::string_view key) const;
    Result<std::string> text(std::string_view key) const;
    Result<std::optional<std::uint64_t>> count(std::string_view key) const;
    Result<bool> flag(std::string_view key) const;
    /// The index of the value among `choices`; `fallback` when absent.
    Result<std::size_t> choice(std::string_view key, std::span<const std::string_view> choices,
                               std::size_t fallback) const;

    /// "phase 2, column 10: " before `message`.
    Error error(std::size_t column, std::string message, ErrorCode code = ErrorCode::kUsage) const;

  private:
    Result<const Argument*> required(std::string_view key) const;
    Error bad_value(const Argument& argument, std::string_view why) const;

    std::size_t number_ = 0;
    std::string kind_;
    std::size_t kind_column_ = 1;
    std::vector<Argument> arguments_;
};

/// "rate, for, count".
std::string joined(std::span<const std::string_view> words);

}  // namespace loadgen::pacing
