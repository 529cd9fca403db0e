// Tells whether anything was committed to a database since one last looked, without asking the database.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::store::detail {

/// A number in memory that all processes of a database share: even between commits, odd during one. A process
/// that dies within a commit leaves it odd; the next commit puts it right.
class CommitCounter {
  public:
    /// Held around a commit by whoever has the turn to write.
    class Commit {
      public:
        explicit Commit(CommitCounter& counter) : number_(*counter.number_) { number_ |= 1U; }
        ~Commit() { ++number_; }
        Commit(const Commit&) = delete;
        Commit& operator=(const Commit&) = delete;

      private:
        std::atomic<std::uint64_t>& number_;
    };

    /// The number is the first eight bytes of the file, which is made when it is not there. Of an empty path:
    /// of this counter alone.
    static Result<std::unique_ptr<CommitCounter>> open(const std::string& path);
    ~CommitCounter();
    CommitCounter(const CommitCounter&) = delete;
    CommitCounter& operator=(const CommitCounter&) = delete;

    /// None during a commit. Any thread.
    std::optional<std::uint64_t> state() const {
        const std::uint64_t number = number_->load();
        if (number % 2 != 0) return std::nullopt;
        return number;
    }

  private:
    explicit CommitCounter(std::atomic<std::uint64_t>* shared)
        : number_(shared != nullptr ? shared : &own_) {}

    std::atomic<std::uint64_t> own_{0};
    std::atomic<std::uint64_t>* const number_;  // own_, or in the mapped file
};

}  // namespace loadgen::services::store::detail
