// Preloaded into a run (LD_PRELOAD): records everything that changes the files below one folder, and every sync, so
// that disk.py can compute what a loss of power would have left at any moment.
//
//   HYPNOS_POWER_FOLDER  the folder, an absolute path without symbolic links
//   HYPNOS_POWER_LOG     the log, outside of it; all processes append to it, one write per record
//
// A record is a Header, the path below the folder (of a rename: old path, NUL, new path), and the bytes written. The
// call happened between `begin` and `end`, of a clock that all processes of a machine share. Calls that fail, and those
// that change nothing, leave no record. Ways to write that cannot be followed (a shared mapping, asynchronous I/O, hard
// links) leave the record '!', with which disk.py fails.

#include <aio.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

// The functions that the program would call without this library.
template <class Function>
Function* real(char const* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name)                                               \
  (*[] {                                                         \
    static auto* const function = real<decltype(::name)>(#name); \
    return function;                                             \
  }())

enum class Kind : std::uint32_t {
  create = 'C',
  write = 'W',
  truncate = 'T',
  grow = 'G',
  rename = 'R',
  unlink = 'U',
  make_folder = 'M',
  remove_folder = 'X',
  sync = 'S',
  sync_folder = 'D',
  unknown = '!'
};

struct Header {
  Kind kind;
  std::uint32_t process;
  std::uint64_t begin, end;  // nanoseconds
  std::uint64_t inode;
  std::uint64_t offset;  // of the bytes; of truncate and grow: the new size
  std::uint32_t path_length, data_length;
};

std::uint64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

// The result of a call of the program, with the time it took; errno is as the call left it.
template <class Call>
struct Timed {
  explicit Timed(Call const& call) : begin(now()), result(call()), error(errno), end(now()) {}
  ~Timed() { errno = error; }

  std::uint64_t begin;
  decltype(std::declval<Call>()()) result;
  int error;
  std::uint64_t end;
};

// The path below the folder ("" for itself), or nothing for files elsewhere.
std::optional<std::string> below(std::string_view path) {
  static std::string const folder = [] {
    char const* const name = ::getenv("HYPNOS_POWER_FOLDER");
    return std::string(name ? name : "");
  }();
  if (folder.empty() || !path.starts_with(folder)) return std::nullopt;
  path.remove_prefix(folder.size());
  if (path.empty()) return std::string();
  if (path[0] != '/') return std::nullopt;
  return std::string(path.substr(1));
}

std::string link_target(std::string const& link) {
  char target[PATH_MAX];
  auto const length = ::readlink(link.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : "";
}

std::string path_of(int descriptor) { return link_target("/proc/self/fd/" + std::to_string(descriptor)); }

std::optional<std::string> below(int descriptor) { return below(std::string_view(path_of(descriptor))); }

std::optional<std::string> below(int folder, char const* path) {
  std::string full = path;
  if (path[0] != '/') full = (folder == AT_FDCWD ? link_target("/proc/self/cwd") : path_of(folder)) + '/' + full;
  auto const slash = full.rfind('/');
  char parent[PATH_MAX];
  if (!::realpath(slash == 0 ? "/" : full.substr(0, slash).c_str(), parent)) return std::nullopt;
  return below(std::string_view(std::string(parent) + full.substr(slash)));
}

std::uint64_t inode_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

template <class Call>
void record(Kind kind, std::string const& path, Timed<Call> const& call, std::uint64_t inode = 0,
            std::uint64_t offset = 0, std::string const& data = {}) {
  static int const log = [] {
    char const* const name = ::getenv("HYPNOS_POWER_LOG");
    // by number, since open is one of the functions below
    return name ? static_cast<int>(
                      ::syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644))
                : -1;
  }();
  Header const header{kind,
                      static_cast<std::uint32_t>(::getpid()),
                      call.begin,
                      call.end,
                      inode,
                      offset,
                      static_cast<std::uint32_t>(path.size()),
                      static_cast<std::uint32_t>(data.size())};
  std::string bytes(reinterpret_cast<char const*>(&header), sizeof header);
  bytes += path;
  bytes += data;
  if (::syscall(SYS_write, log, bytes.data(), bytes.size()) != static_cast<long>(bytes.size())) {
    std::fprintf(stderr, "recorder: cannot write the log named in HYPNOS_POWER_LOG\n");
    std::abort();
  }
}

// Performs a write of `descriptor` that begins at `offset`, or at the file's position if there is none.
template <class Call>
ssize_t write_bytes(int descriptor, std::optional<off_t> offset, std::vector<iovec> const& pieces, Call const& call) {
  Timed const timed(call);
  if (timed.result <= 0) return timed.result;
  auto const path = below(descriptor);
  if (!path) return timed.result;
  auto const length = static_cast<std::size_t>(timed.result);
  std::string data;
  for (auto const& piece : pieces) data.append(static_cast<char const*>(piece.iov_base), piece.iov_len);
  data.resize(length);
  auto const first = offset ? *offset : ::lseek(descriptor, 0, SEEK_CUR) - static_cast<off_t>(length);
  record(Kind::write, *path, timed, inode_of(descriptor), static_cast<std::uint64_t>(first), data);
  return timed.result;
}

template <class Call>
ssize_t write_bytes(int descriptor, std::optional<off_t> offset, void const* bytes, std::size_t size,
                    Call const& call) {
  return write_bytes(descriptor, offset, {{const_cast<void*>(bytes), size}}, call);
}

// Performs a copy inside the kernel; the copied bytes are read back from the target.
template <class Call>
ssize_t copy(int descriptor, off_t const* offset, Call const& call) {
  auto const first = offset ? *offset : ::lseek(descriptor, 0, SEEK_CUR);
  Timed const timed(call);
  auto const path = timed.result > 0 ? below(descriptor) : std::nullopt;
  if (!path) return timed.result;
  std::string data(static_cast<std::size_t>(timed.result), '\0');
  int const reader = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path_of(descriptor).c_str(), O_RDONLY, 0));
  auto const length = ::pread(reader, data.data(), data.size(), first);
  ::close(reader);
  auto const kind = length == timed.result ? Kind::write : Kind::unknown;
  record(kind, *path, timed, inode_of(descriptor), static_cast<std::uint64_t>(first), data);
  return timed.result;
}

int descriptor_of(int descriptor) { return descriptor; }
int descriptor_of(FILE* file) { return file ? ::fileno(file) : -1; }

template <class Call>
auto open_file(int folder, char const* name, int flags, Call const& call) {
  auto const path = flags & (O_CREAT | O_TRUNC) ? below(folder, name) : std::nullopt;
  struct stat status {};
  bool const existed = path && ::fstatat(folder, name, &status, 0) == 0;
  Timed const timed(call);
  int const descriptor = descriptor_of(timed.result);
  if (path && descriptor >= 0) {
    if ((flags & O_TMPFILE) == O_TMPFILE || (flags & O_DSYNC)) record(Kind::unknown, *path, timed);
    if (!existed) record(Kind::create, *path, timed, inode_of(descriptor));
    else if (flags & O_TRUNC) record(Kind::truncate, *path, timed, inode_of(descriptor));
  }
  return timed.result;
}

// Performs a change of the file's size.
template <class Call>
int resize(Kind kind, int descriptor, off_t size, Call const& call) {
  Timed const timed(call);
  if (timed.result == 0)
    if (auto const path = below(descriptor))
      record(kind, *path, timed, inode_of(descriptor), static_cast<std::uint64_t>(size));
  return timed.result;
}

template <class Call>
int sync_descriptor(int descriptor, Call const& call) {
  Timed const timed(call);
  if (timed.result == 0)
    if (auto const path = below(descriptor)) {
      struct stat status {};
      ::fstat(descriptor, &status);
      record(S_ISDIR(status.st_mode) ? Kind::sync_folder : Kind::sync, *path, timed, status.st_ino);
    }
  return timed.result;
}

// Performs a change of a name.
template <class Call>
int change_name(Kind kind, int folder, char const* name, Call const& call) {
  auto const path = below(folder, name);
  Timed const timed(call);
  if (path && timed.result == 0) record(kind, *path, timed);
  return timed.result;
}

template <class Call>
int rename_file(int from_folder, char const* from, int to_folder, char const* to, Call const& call) {
  auto const old_path = below(from_folder, from), new_path = below(to_folder, to);
  Timed const timed(call);
  if (timed.result == 0 && (old_path || new_path)) {
    if (old_path && new_path) record(Kind::rename, *old_path + '\0' + *new_path, timed);
    else record(Kind::unknown, old_path ? *old_path : *new_path, timed);
  }
  return timed.result;
}

template <class Call>
auto cannot_follow(int descriptor, bool changes, Call const& call) {
  Timed const timed(call);
  if (changes)
    if (auto const path = below(descriptor)) record(Kind::unknown, *path, timed);
  return timed.result;
}

int open_flags(char const* mode) {
  if (mode[0] == 'w') return O_CREAT | O_TRUNC;
  return mode[0] == 'a' ? O_CREAT : 0;
}

}  // namespace

// On 64-bit machines the functions for large files are the same ones under a second name.
static_assert(sizeof(off_t) == sizeof(off64_t));
#define SAME(name, other) decltype(::name) name __attribute__((alias(#other)))

extern "C" {

int open(char const* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t const mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_file(AT_FDCWD, path, flags, [&] { return REAL(open)(path, flags, mode); });
}
SAME(open64, open);

int openat(int folder, char const* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t const mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_file(folder, path, flags, [&] { return REAL(openat)(folder, path, flags, mode); });
}
SAME(openat64, openat);

int creat(char const* path, mode_t mode) {
  return open_file(AT_FDCWD, path, O_CREAT | O_TRUNC, [&] { return REAL(creat)(path, mode); });
}
SAME(creat64, creat);

FILE* fopen(char const* path, char const* mode) {
  return open_file(AT_FDCWD, path, open_flags(mode), [&] { return REAL(fopen)(path, mode); });
}
SAME(fopen64, fopen);

ssize_t write(int descriptor, void const* bytes, size_t size) {
  return write_bytes(descriptor, std::nullopt, bytes, size, [&] { return REAL(write)(descriptor, bytes, size); });
}

ssize_t writev(int descriptor, iovec const* pieces, int count) {
  return write_bytes(descriptor, std::nullopt, {pieces, pieces + count},
                     [&] { return REAL(writev)(descriptor, pieces, count); });
}

ssize_t pwrite(int descriptor, void const* bytes, size_t size, off_t offset) {
  return write_bytes(descriptor, offset, bytes, size, [&] { return REAL(pwrite)(descriptor, bytes, size, offset); });
}
SAME(pwrite64, pwrite);

ssize_t pwritev(int descriptor, iovec const* pieces, int count, off_t offset) {
  return write_bytes(descriptor, offset, {pieces, pieces + count},
                     [&] { return REAL(pwritev)(descriptor, pieces, count, offset); });
}
SAME(pwritev64, pwritev);

ssize_t pwritev2(int descriptor, iovec const* pieces, int count, off_t offset, int flags) {
  return write_bytes(descriptor, offset < 0 ? std::nullopt : std::optional(offset), {pieces, pieces + count},
                     [&] { return REAL(pwritev2)(descriptor, pieces, count, offset, flags); });
}
SAME(pwritev64v2, pwritev2);

ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size, unsigned flags) {
  return copy(to, to_offset, [&] { return REAL(copy_file_range)(from, from_offset, to, to_offset, size, flags); });
}

ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  return copy(to, nullptr, [&] { return REAL(sendfile)(to, from, offset, size); });
}
SAME(sendfile64, sendfile);

int ftruncate(int descriptor, off_t size) noexcept {
  return resize(Kind::truncate, descriptor, size, [&] { return REAL(ftruncate)(descriptor, size); });
}
SAME(ftruncate64, ftruncate);

int fallocate(int descriptor, int mode, off_t offset, off_t size) {
  auto const call = [&] { return REAL(fallocate)(descriptor, mode, offset, size); };
  return mode == 0 ? resize(Kind::grow, descriptor, offset + size, call) : cannot_follow(descriptor, true, call);
}
SAME(fallocate64, fallocate);

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  return resize(Kind::grow, descriptor, offset + size, [&] { return REAL(posix_fallocate)(descriptor, offset, size); });
}
SAME(posix_fallocate64, posix_fallocate);

int fsync(int descriptor) {
  return sync_descriptor(descriptor, [&] { return REAL(fsync)(descriptor); });
}

int fdatasync(int descriptor) {
  return sync_descriptor(descriptor, [&] { return REAL(fdatasync)(descriptor); });
}

int rename(char const* from, char const* to) noexcept {
  return rename_file(AT_FDCWD, from, AT_FDCWD, to, [&] { return REAL(rename)(from, to); });
}

int renameat(int from_folder, char const* from, int to_folder, char const* to) noexcept {
  return rename_file(from_folder, from, to_folder, to,
                     [&] { return REAL(renameat)(from_folder, from, to_folder, to); });
}

int unlink(char const* path) noexcept {
  return change_name(Kind::unlink, AT_FDCWD, path, [&] { return REAL(unlink)(path); });
}

int unlinkat(int folder, char const* path, int flags) noexcept {
  return change_name(flags & AT_REMOVEDIR ? Kind::remove_folder : Kind::unlink, folder, path,
                     [&] { return REAL(unlinkat)(folder, path, flags); });
}

int remove(char const* path) noexcept {
  struct stat status {};
  bool const folder = ::lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
  return change_name(folder ? Kind::remove_folder : Kind::unlink, AT_FDCWD, path, [&] { return REAL(remove)(path); });
}

int rmdir(char const* path) noexcept {
  return change_name(Kind::remove_folder, AT_FDCWD, path, [&] { return REAL(rmdir)(path); });
}

int mkdir(char const* path, mode_t mode) noexcept {
  return change_name(Kind::make_folder, AT_FDCWD, path, [&] { return REAL(mkdir)(path, mode); });
}

// --- changes that cannot be followed ---

void* mmap(void* at, size_t size, int protection, int flags, int descriptor, off_t offset) noexcept {
  bool const changes = descriptor >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE);
  return cannot_follow(descriptor, changes,
                       [&] { return REAL(mmap)(at, size, protection, flags, descriptor, offset); });
}
SAME(mmap64, mmap);

int aio_write(aiocb* request) noexcept {
  return cannot_follow(request->aio_fildes, true, [&] { return REAL(aio_write)(request); });
}

int aio_write64(aiocb64* request) noexcept {
  return cannot_follow(request->aio_fildes, true, [&] { return REAL(aio_write64)(request); });
}

int truncate(char const* path, off_t size) noexcept {
  return change_name(Kind::unknown, AT_FDCWD, path, [&] { return REAL(truncate)(path, size); });
}
SAME(truncate64, truncate);

int link(char const* from, char const* to) noexcept {
  return change_name(Kind::unknown, AT_FDCWD, to, [&] { return REAL(link)(from, to); });
}

}  // extern "C"
