#include "support/faulty_disk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstring>
#include <new>

#include "base/assert.hpp"

namespace gridwall::test {

namespace {

FaultyDisk* g_disk = nullptr;
sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_vfs;

// SQLite gives the memory: ours, then the ordinary VFS's file behind it.
struct File {
  sqlite3_file base;
  std::string* path;
  [[nodiscard]] FaultyDisk* disk() const {
    return g_disk != nullptr && g_disk->holds(path->c_str()) ? g_disk : nullptr;
  }
  [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* ours(sqlite3_file* file) {
  return reinterpret_cast<File*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return ours(file)->real();
}

bool is_dead(sqlite3_file* file) {
  const FaultyDisk* disk = ours(file)->disk();
  return disk != nullptr && disk->dead();
}

void remember(FaultyDisk& disk, sqlite3_file* file, std::int64_t offset, std::int64_t bytes) {
  sqlite3_int64 size = 0;
  real(file)->pMethods->xFileSize(real(file), &size);
  std::string old(static_cast<std::size_t>(std::max<std::int64_t>(0, std::min<std::int64_t>(bytes, size - offset))),
                  '\0');
  if (!old.empty()) real(file)->pMethods->xRead(real(file), old.data(), static_cast<int>(old.size()), offset);
  disk.note_write(*ours(file)->path, offset, std::move(old), size);
}

int file_close(sqlite3_file* file) {
  delete ours(file)->path;
  const int code = real(file)->pMethods == nullptr ? SQLITE_OK : real(file)->pMethods->xClose(real(file));
  file->pMethods = nullptr;
  return code;
}
int file_read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 offset) {
  const FaultyDisk* disk = ours(file)->disk();
  const bool fails = disk != nullptr && disk->fault() == FaultyDisk::Fault::ReadFails && !disk->dead();
  return fails ? SQLITE_IOERR_READ : real(file)->pMethods->xRead(real(file), to, bytes, offset);
}
int file_write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  FaultyDisk* disk = ours(file)->disk();
  if (disk == nullptr) return real(file)->pMethods->xWrite(real(file), from, bytes, offset);
  if (disk->dead()) return SQLITE_IOERR_WRITE;
  if (disk->fault() == FaultyDisk::Fault::Full) return SQLITE_FULL;
  const bool whole = disk->count_operation() && disk->fault() != FaultyDisk::Fault::WriteFails;
  const int written = whole ? bytes : bytes / 2;
  remember(*disk, file, offset, written);
  const int code = real(file)->pMethods->xWrite(real(file), from, written, offset);
  return whole ? code : SQLITE_IOERR_WRITE;
}
int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (FaultyDisk* disk = ours(file)->disk(); disk != nullptr) {
    if (disk->dead() || !disk->count_operation()) return SQLITE_IOERR_TRUNCATE;
    sqlite3_int64 old_size = 0;
    real(file)->pMethods->xFileSize(real(file), &old_size);
    remember(*disk, file, size, old_size - size);
  }
  return real(file)->pMethods->xTruncate(real(file), size);
}
int file_sync(sqlite3_file* file, int flags) {
  FaultyDisk* disk = ours(file)->disk();
  if (disk == nullptr) return real(file)->pMethods->xSync(real(file), flags);
  if (disk->dead() || !disk->count_operation()) return SQLITE_IOERR_FSYNC;
  if (disk->fault() == FaultyDisk::Fault::SyncFails) return SQLITE_IOERR_FSYNC;
  disk->note_sync(*ours(file)->path);
  return SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
// Not BUSY, for which SQLite would wait.
int file_lock(sqlite3_file* file, int level) {
  return is_dead(file) ? SQLITE_IOERR_LOCK : real(file)->pMethods->xLock(real(file), level);
}
int file_unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int file_check_lock(sqlite3_file* file, int* reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}
int file_control(sqlite3_file* file, int what, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int file_sector(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int file_device(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int file_shm_map(sqlite3_file* file, int page, int bytes, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, bytes, extend, out);
}
int file_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  if (is_dead(file) && (flags & SQLITE_SHM_LOCK) != 0) return SQLITE_IOERR_SHMLOCK;
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void file_shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int file_shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), is_dead(file) ? 0 : remove);
}

const sqlite3_io_methods kMethods = {
    2,           file_close,   file_read,     file_write,       file_truncate,  file_sync,
    file_size,   file_lock,    file_unlock,   file_check_lock,  file_control,   file_sector,
    file_device, file_shm_map, file_shm_lock, file_shm_barrier, file_shm_unmap, nullptr,
    nullptr};

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  std::memset(file, 0, static_cast<std::size_t>(g_vfs.szOsFile));
  if (g_disk != nullptr && g_disk->holds(name) && g_disk->dead()) return SQLITE_CANTOPEN;
  const int code = g_real->xOpen(g_real, name, real(file), flags, out_flags);
  if (code != SQLITE_OK) return code;
  ours(file)->path = new std::string(name == nullptr ? "" : name);
  file->pMethods = &kMethods;
  return SQLITE_OK;
}
int vfs_delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (g_disk != nullptr && g_disk->holds(name)) {
    if (g_disk->dead()) return SQLITE_IOERR_DELETE;
    g_disk->note_delete(name);
  }
  return g_real->xDelete(g_real, name, sync_folder);
}

// Before anything opens a database: PROJ finds its files by the VFS that stands when it closes them.
const bool kRegistered = [] {
  g_real = sqlite3_vfs_find(nullptr);
  g_vfs = *g_real;
  g_vfs.pNext = nullptr;
  g_vfs.zName = "faulty";
  g_vfs.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
  g_vfs.xOpen = vfs_open;
  g_vfs.xDelete = vfs_delete;
  return sqlite3_vfs_register(&g_vfs, 1) == SQLITE_OK;
}();

}  // namespace

FaultyDisk::FaultyDisk(const std::filesystem::path& folder, base::Random& random)
    : m_folder(folder.string()), m_random(random) {
  ASSERT(kRegistered && g_disk == nullptr, "one faulty disk at a time");
  g_disk = this;
}

FaultyDisk::~FaultyDisk() {
  g_disk = nullptr;
}

// Temporary files have no name and survive nothing.
bool FaultyDisk::holds(const char* path) const {
  return path != nullptr && std::string_view(path).starts_with(m_folder);
}

bool FaultyDisk::count_operation() {
  if (m_operations_left == 0 || --m_operations_left > 0) return true;
  m_dead = true;
  return false;
}

void FaultyDisk::note_write(const std::string& path, std::int64_t offset, std::string old_bytes,
                            std::int64_t old_size) {
  m_unsynced[path].push_back({offset, old_size, std::move(old_bytes)});
}

void FaultyDisk::note_sync(const std::string& path) {
  ++m_sync_count;
  m_unsynced.erase(path);
}

void FaultyDisk::note_delete(const std::string& path) {
  m_unsynced.erase(path);
}

// Writes reach a disk in any order; of each file those until some moment have, and the next one may be torn.
void FaultyDisk::lose_power() {
  for (auto& [path, writes] : m_unsynced) {
    const std::size_t kept_count = m_random.next_below(writes.size() + 1);
    const bool torn = m_random.next_below(2) == 0;
    const int handle = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (handle < 0) continue;  // removed or renamed since
    for (std::size_t i = writes.size(); i-- > kept_count;) {
      const Unsynced& write = writes[i];
      const std::size_t kept = torn && i == kept_count ? write.old_bytes.size() / 2 : 0;
      const bool undone = ::pwrite(handle, write.old_bytes.data() + kept, write.old_bytes.size() - kept,
                                   write.offset + static_cast<std::int64_t>(kept)) >= 0 &&
                          ::ftruncate(handle, write.old_size) == 0;
      if (!undone) break;
    }
    ::close(handle);
    // What other processes shared of it was memory.
    std::error_code ignored;
    std::string base = path;
    if (base.ends_with("-wal")) base.resize(base.size() - 4);
    std::filesystem::remove(base + "-shm", ignored);
  }
  m_unsynced.clear();
}

void FaultyDisk::revive() {
  m_dead = false;
  m_operations_left = 0;
}

}  // namespace gridwall::test
