// Random UUIDs for entities and events (RFC 9562 section 5.4).
#pragma once

#include <string>
#include <string_view>

namespace loadgen {

class Random;

/// A version 4 UUID in its lower-case text form, 36 characters. From a generator per thread, seeded by the
/// operating system: unique, not secret. Any thread.
std::string new_uuid();
/// The same from the caller's generator.
std::string new_uuid(Random& random);

/// True for 8-4-4-4-12 hex digits of either case, of any version.
bool is_uuid(std::string_view text);

}  // namespace loadgen
