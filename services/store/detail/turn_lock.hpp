// Lets processes that write to one database take turns. SQLite's own lock is safe, but who finds it taken
// sleeps and tries again, ever longer, and starves beside a busy writer.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::store::detail {

/// A lock on a file, which ends with its process. One thread at a time. Fair between two: who waits for the
/// turn holds the gate, so who gave the turn back cannot overtake it.
class TurnLock {
  public:
    /// Held while it lives.
    class Turn {
      public:
        explicit Turn(const TurnLock* lock);
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

      private:
        const TurnLock* lock_;  // null: there are no turns
    };

    /// Makes the file when it is not there.
    static Result<std::unique_ptr<TurnLock>> open(const std::string& path);
    ~TurnLock();
    TurnLock(const TurnLock&) = delete;
    TurnLock& operator=(const TurnLock&) = delete;

  private:
    explicit TurnLock(int descriptor) : descriptor_(descriptor) {}
    void change(int type, int place) const;

    const int descriptor_;
};

}  // namespace loadgen::services::store::detail
