// Counts heap allocations made through operator new, for tests that assert that a path makes none. Linking
// `test_alloc_counter` replaces the global operators of the test binary.
#pragma once

#include <cstdint>

namespace loadgen::test {

/// Calls of operator new (all forms) in this thread since it started.
std::uint64_t allocations();

/// Allocations of this thread since the object was made.
class AllocationScope {
  public:
    std::uint64_t count() const { return allocations() - start_; }

  private:
    std::uint64_t start_ = allocations();
};

}  // namespace loadgen::test
