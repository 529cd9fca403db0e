#include "tests/unit/services_store/power_loss_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

namespace loadgen::services::store::test {
namespace {

namespace fs = std::filesystem;

std::atomic<int> g_fail_at{0};
std::atomic<int> g_steps{0};
std::atomic<bool> g_fail_once{false};
sqlite3_vfs* g_real = nullptr;
std::map<std::string, std::string>
    g_synced;  // path -> bytes of the last sync; writers are one thread at a time

/// Counts one step; true when it must fail.
bool step_fails() {
    const int step = ++g_steps;
    const int fail_at = g_fail_at;
    if (fail_at == 0) return false;
    return g_fail_once ? step == fail_at : step >= fail_at;
}

struct File {
    sqlite3_file base;
    const char* path;
    bool kept;  // a database or its log: has a synced image
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* self(sqlite3_file* file) {
    return reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return self(file)->real();
}

int close(sqlite3_file* f) {
    return real(f)->pMethods->xClose(real(f));
}
int read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, n, at);
}
int write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    return step_fails() ? SQLITE_IOERR_WRITE : real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) {
    return step_fails() ? SQLITE_IOERR_TRUNCATE : real(f)->pMethods->xTruncate(real(f), size);
}
std::string bytes_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
int sync(sqlite3_file* f, int /*flags*/) {
    if (step_fails()) return SQLITE_IOERR_FSYNC;
    // The copy is this disk's platter: nothing has to reach the real one.
    if (self(f)->kept) g_synced[self(f)->path] = bytes_of(self(f)->path);
    return SQLITE_OK;
}
int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return real(f)->pMethods->xFileSize(real(f), size);
}
int lock(sqlite3_file* f, int level) {
    return real(f)->pMethods->xLock(real(f), level);
}
int unlock(sqlite3_file* f, int level) {
    return real(f)->pMethods->xUnlock(real(f), level);
}
int check_lock(sqlite3_file* f, int* out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int control(sqlite3_file* f, int op, void* arg) {
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int sector_size(sqlite3_file* f) {
    return real(f)->pMethods->xSectorSize(real(f));
}
int characteristics(sqlite3_file* f) {
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) {
    real(f)->pMethods->xShmBarrier(real(f));
}
int shm_unmap(sqlite3_file* f, int remove) {
    return real(f)->pMethods->xShmUnmap(real(f), remove);
}

const sqlite3_io_methods kMethods = {
    2,         close,      read,    write,       truncate,        sync,    file_size, lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,    nullptr};

int open(sqlite3_vfs* /*vfs*/, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    File* opened = self(file);
    opened->base.pMethods = nullptr;
    opened->path = path;
    opened->kept = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
    const int rc = g_real->xOpen(g_real, path, opened->real(), flags, out_flags);
    if (opened->real()->pMethods != nullptr) opened->base.pMethods = &kMethods;
    return rc;
}

sqlite3_vfs g_vfs;

void restore(const std::string& path) {
    fs::remove(path);
    const auto synced = g_synced.find(path);
    if (synced != g_synced.end()) std::ofstream(path, std::ios::binary) << synced->second;
}

}  // namespace

PowerLossVfs::PowerLossVfs(int fail_at) {
    g_steps = 0;
    g_fail_at = fail_at;
    g_fail_once = false;
    g_synced.clear();
    g_real = sqlite3_vfs_find("unix");
    g_vfs = *g_real;
    g_vfs.zName = "power-loss";
    g_vfs.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
    g_vfs.xOpen = open;
    sqlite3_vfs_register(&g_vfs, 1);
}

PowerLossVfs::~PowerLossVfs() {
    sqlite3_vfs_unregister(&g_vfs);
    sqlite3_vfs_register(g_real, 1);
}

void PowerLossVfs::heal_after_failure() {
    g_fail_once = true;
}

bool PowerLossVfs::failed() const {
    return g_fail_at != 0 && g_steps >= g_fail_at;
}

void PowerLossVfs::restore_synced(const std::string& database_path) {
    restore(database_path);
    restore(database_path + "-wal");
    fs::remove(database_path + "-shm");
}

}  // namespace loadgen::services::store::test
