// The inside of a reader: one encoding, bytes in, records out, no I/O.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/result.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::runlog {

/// Cuts records out of a buffer that the caller keeps filled. Not thread-safe.
class RecordDecoder {
  public:
    enum class Step {
        kRecord,    ///< `record` is filled
        kNeedMore,  ///< the buffer ends inside a record
        kEnd,       ///< nothing is left (only when `last`)
    };

    virtual ~RecordDecoder() = default;

    /// Looks at `input`, the bytes not consumed so far; `last` says that no more will come. In every case but
    /// an error the caller drops `consumed()` bytes before the next call. `record` is overwritten in place,
    /// so that its strings keep their memory. kNeedMore with `last` means the input is cut off.
    virtual Result<Step> next(std::string_view input, bool last, Record& record) = 0;

    std::size_t consumed() const { return consumed_; }

  protected:
    std::size_t consumed_ = 0;
};

/// Empties `record` but keeps the memory of its strings.
void clear_record(Record& record);

}  // namespace loadgen::runlog
