// A disk that can lose power: an SQLite VFS over the machine's own that keeps, beside each file, the bytes of
// its last successful sync.
#pragma once

#include <string>

namespace loadgen::services::store::test {

/// While one exists it is SQLite's default VFS. One at a time.
class PowerLossVfs {
  public:
    /// Writes, truncations and syncs numbered from 1; the operation with number `fail_at` and all later ones
    /// fail with an I/O error. 0: none.
    explicit PowerLossVfs(int fail_at);
    ~PowerLossVfs();
    PowerLossVfs(const PowerLossVfs&) = delete;
    PowerLossVfs& operator=(const PowerLossVfs&) = delete;

    /// Makes only operation `fail_at` fail instead of all from there.
    void heal_after_failure();
    bool failed() const;

    /// Puts back what was synced, as after a power cut. Connections must be closed.
    static void restore_synced(const std::string& database_path);
};

}  // namespace loadgen::services::store::test
