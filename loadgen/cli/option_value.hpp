// Texts of flag values to numbers, in the notations of Go's flag package and vegeta.
#pragma once

#include <cstdint>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::cli {

/// Go's strconv.ParseBool: 1 t T true TRUE True, 0 f F false FALSE False.
Result<bool> parse_bool(std::string_view text);

/// Whole number, decimal or 0x hexadecimal, with an optional sign.
Result<std::int64_t> parse_int(std::string_view text);

/// Whole number from 0 to 18446744073709551615, decimal or 0x hexadecimal.
Result<std::uint64_t> parse_uint(std::string_view text);

/// The longest duration that a flag takes: ten years. Added to any instant it makes another one.
inline constexpr Nanos kLongestOption{87'600LL * 3600 * 1'000'000'000};

/// A duration (parse_duration) of at most `limit`, a whole number of hours, in either direction.
Result<Nanos> parse_limited_duration(std::string_view text, Nanos limit = kLongestOption);

/// Bytes: a number with an optional unit B, KB, MB, GB, TB (or K, KiB and so on), any case. As in vegeta a KB
/// is 1024 bytes. "-1" means no limit and is returned as -1.
Result<std::int64_t> parse_byte_size(std::string_view text);

}  // namespace loadgen::cli
