// Loaded before the C library into a daemon (LD_PRELOAD): counts the calls that the system may refuse, and refuses the
// one that the board names. Acts in the process that has called setsid(), which the daemon does once and first; file
// calls count on files below one folder. Nothing here allocates: it would do so inside malloc().
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <new>

#include "faultboard.h"

using tributary::sweep::FaultBoard;
using tributary::sweep::Kind;

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
}

namespace {

constexpr int kDescriptorsMax = 4096;

FaultBoard* board = nullptr;
bool active = false;
const char* folder = "";
size_t folderBytes = 0;
bool below[kDescriptorsMax];  // which descriptors are files below the folder

template <typename F>
F next(const char* name) {
    return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

__attribute__((constructor)) void attach() {
    const char* file = ::getenv(tributary::sweep::kBoardVariable);
    if (file == nullptr) return;
    if (const char* named = ::getenv(tributary::sweep::kFolderVariable)) folder = named;
    folderBytes = ::strlen(folder);
    const int fd = next<int (*)(const char*, int, ...)>("open")(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void* page = ::mmap(nullptr, sizeof(FaultBoard), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (page != MAP_FAILED) board = static_cast<FaultBoard*>(page);
    void* frames[1];
    (void)::backtrace(frames, 1);  // the first call loads a library
}

/// Counts a call; true when it is to be refused.
bool refused(Kind kind) {
    if (!active || board == nullptr || board->armed == 0) return false;
    const std::uint64_t number = ++board->calls[static_cast<std::uint32_t>(kind)];
    const std::uint64_t nth = board->nth;
    if (nth == 0 || board->kind != static_cast<std::uint32_t>(kind)) return false;
    if (number != nth && !(board->onward != 0 && number > nth)) return false;
    ++board->refused;
    return true;
}

using tributary::sweep::kPlaceFrames;
using tributary::sweep::kPlaces;

/// Addresses are the same in every run: the driver turns their randomisation off.
__attribute__((noinline)) std::uint64_t placeHash() {
    constexpr int kOwnFrames = 3;  // placeHash, newRefused, operator new: none of them is inlined
    void* frames[kOwnFrames + kPlaceFrames];
    const int count = ::backtrace(frames, kOwnFrames + kPlaceFrames);
    std::uint64_t hash = 14695981039346656037ULL ^ board->life;
    for (int i = kOwnFrames; i < count; ++i) {
        hash = (hash ^ reinterpret_cast<std::uint64_t>(frames[i])) * 1099511628211ULL;
        hash ^= hash >> 29U;
    }
    return hash | 1U;
}

void notePlace(std::uint64_t hash, std::uint64_t caller) {
    for (std::size_t i = hash % kPlaces, seen = 0; seen < kPlaces; i = (i + 1) % kPlaces, ++seen) {
        std::uint64_t empty = 0;
        auto& slot = board->places[i];
        if (slot.hash.compare_exchange_strong(empty, hash) || empty == hash) {
            slot.caller = caller;
            ++slot.calls;
            return;
        }
    }
}

/// Counts a call of operator new; true when it is to be refused.
__attribute__((noinline)) bool newRefused(std::uint64_t caller) {
    if (!active || board == nullptr || board->armed == 0) return false;
    if (board->record != 0) notePlace(placeHash(), caller);
    const std::uint64_t place = board->place;
    if (place == 0) return refused(Kind::New);
    ++board->calls[static_cast<std::uint32_t>(Kind::New)];
    const bool onward = board->onward != 0 && board->refused > 0;
    if (!onward) {
        if (board->caller != caller || placeHash() != place) return false;
        if (++board->placeCalls != board->nth) return false;
    }
    ++board->refused;
    return true;
}

/// As the C++ library: the program's handler first.
[[noreturn]] void refuseNew() {
    if (const std::new_handler handler = std::get_new_handler()) handler();
    throw std::bad_alloc();
}

int refuse(int number) {
    errno = number;
    return -1;
}

bool isBelow(const char* path) {
    return folderBytes > 0 && path != nullptr && ::strncmp(path, folder, folderBytes) == 0;
}
bool isBelow(int fd) {
    return fd >= 0 && fd < kDescriptorsMax && below[fd];
}
int note(int fd, const char* path) {
    if (fd >= 0 && fd < kDescriptorsMax) below[fd] = isBelow(path);
    return fd;
}

int writeRefused(int fd) {
    if (!isBelow(fd)) return 0;
    // Both kinds count every write; one of them at most is armed.
    const bool full = refused(Kind::WriteFull);
    const bool error = refused(Kind::WriteError);
    return full ? ENOSPC : error ? EIO : 0;
}

int openAny(const char* name, const char* path, int flags, mode_t mode) {
    if (isBelow(path) && refused(Kind::Open)) return refuse(EMFILE);
    return note(next<int (*)(const char*, int, ...)>(name)(path, flags, mode), path);
}

int openAtAny(const char* name, int at, const char* path, int flags, mode_t mode) {
    if (isBelow(path) && refused(Kind::Open)) return refuse(EMFILE);
    return note(next<int (*)(int, const char*, int, ...)>(name)(at, path, flags, mode), path);
}

mode_t modeOf(int flags, va_list list) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
}

}  // namespace

extern "C" {

pid_t setsid() {
    active = true;
    return next<pid_t (*)()>("setsid")();
}

int open(const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAny("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAny("open64", path, flags, mode);
}
int openat(int at, const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAtAny("openat", at, path, flags, mode);
}
int openat64(int at, const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = modeOf(flags, list);
    va_end(list);
    return openAtAny("openat64", at, path, flags, mode);
}
int creat(const char* path, mode_t mode) {
    return openAny("open", path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int close(int fd) {
    if (fd >= 0 && fd < kDescriptorsMax) below[fd] = false;
    return next<int (*)(int)>("close")(fd);
}

ssize_t write(int fd, const void* data, size_t size) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const void*, size_t)>("write")(fd, data, size);
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(fd, data, size, at);
}
ssize_t writev(int fd, const iovec* parts, int count) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const iovec*, int)>("writev")(fd, parts, count);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t at) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const iovec*, int, off_t)>("pwritev")(fd, parts, count, at);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t at) {
    if (const int number = writeRefused(fd)) return refuse(number);
    return next<ssize_t (*)(int, const iovec*, int, off64_t)>("pwritev64")(fd, parts, count, at);
}

int fsync(int fd) {
    // Folders, too: which of them lie below is not noted, and they are few.
    if (refused(Kind::Sync)) return refuse(EIO);
    return next<int (*)(int)>("fsync")(fd);
}
int fdatasync(int fd) {
    if (isBelow(fd) && refused(Kind::Sync)) return refuse(EIO);
    return next<int (*)(int)>("fdatasync")(fd);
}

int rename(const char* from, const char* to) {
    if (isBelow(to) && refused(Kind::Rename)) return refuse(EIO);
    return next<int (*)(const char*, const char*)>("rename")(from, to);
}
int renameat(int fromAt, const char* from, int toAt, const char* to) {
    if (isBelow(to) && refused(Kind::Rename)) return refuse(EIO);
    return next<int (*)(int, const char*, int, const char*)>("renameat")(fromAt, from, toAt, to);
}

int socket(int domain, int type, int protocol) {
    if (refused(Kind::Socket)) return refuse(EMFILE);
    return next<int (*)(int, int, int)>("socket")(domain, type, protocol);
}
int accept(int fd, sockaddr* address, socklen_t* size) {
    if (refused(Kind::Socket)) return refuse(EMFILE);
    return next<int (*)(int, sockaddr*, socklen_t*)>("accept")(fd, address, size);
}
int accept4(int fd, sockaddr* address, socklen_t* size, int flags) {
    if (refused(Kind::Socket)) return refuse(EMFILE);
    return next<int (*)(int, sockaddr*, socklen_t*, int)>("accept4")(fd, address, size, flags);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument) {
    if (refused(Kind::Thread)) return EAGAIN;
    using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    return next<Create>("pthread_create")(thread, attributes, work, argument);
}

void* malloc(size_t size) {
    if (size >= tributary::sweep::kAllocationBytesMin && refused(Kind::Allocation)) {
        errno = ENOMEM;
        return nullptr;
    }
    return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
    const bool counts = size != 0 && count >= tributary::sweep::kAllocationBytesMin / size;
    if (counts && refused(Kind::Allocation)) {
        errno = ENOMEM;
        return nullptr;
    }
    return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
    if (size >= tributary::sweep::kAllocationBytesMin && refused(Kind::Allocation)) {
        errno = ENOMEM;
        return nullptr;
    }
    return __libc_realloc(old, size);
}

}  // extern "C"

// The forms for arrays and those that do not throw call these.
__attribute__((noinline)) void* operator new(std::size_t size) {
    if (newRefused(reinterpret_cast<std::uint64_t>(__builtin_return_address(0)))) refuseNew();
    void* made = ::malloc(size == 0 ? 1 : size);
    if (made == nullptr) refuseNew();
    return made;
}
__attribute__((noinline)) void* operator new(std::size_t size, std::align_val_t alignment) {
    if (newRefused(reinterpret_cast<std::uint64_t>(__builtin_return_address(0)))) refuseNew();
    void* made = nullptr;
    if (::posix_memalign(&made, static_cast<std::size_t>(alignment), size) != 0) refuseNew();
    return made;
}
void operator delete(void* made) noexcept {
    ::free(made);
}
void operator delete(void* made, std::size_t) noexcept {
    ::free(made);
}
void operator delete(void* made, std::align_val_t) noexcept {
    ::free(made);
}
void operator delete(void* made, std::size_t, std::align_val_t) noexcept {
    ::free(made);
}
