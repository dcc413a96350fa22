// libarchive's writer, on a scratch file.
#include "app/care/archivewriter.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <vector>

#include "app/daemon/processes.h"

namespace tributary::app {
namespace {

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr int kErrnoEnd = 4'096;  // above it are numbers of libarchive's own

std::string folderOf(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

Error archiveSystemError(int number, const std::string& doing, const std::string& path) {
    ErrorCode code = ErrorCode::Io;
    std::string fix;
    if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
        code = ErrorCode::DiskFull;
        fix = "free some space, or name a file on another disk";
    } else if (number == EACCES || number == EPERM || number == EROFS) {
        code = ErrorCode::PermissionDenied;
    } else if (number == ENOENT) {
        code = ErrorCode::NotFound;
    } else if (number == EEXIST) {
        return {ErrorCode::AlreadyExists, "there is a file of that name", path, "name another file"};
    }
    return {code, fmt::format("{}: {}", doing, std::strerror(number)), path, std::move(fix)};
}

class ReadDescriptor {
public:
    explicit ReadDescriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {}
    ~ReadDescriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    ReadDescriptor(const ReadDescriptor&) = delete;
    ReadDescriptor& operator=(const ReadDescriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

}  // namespace

void removeAbandoned(const std::string& folder, const std::string& prefix) {
    std::error_code ignored;
    std::vector<std::filesystem::path> gone;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) continue;
        int pid = 0;
        const char* end = name.data() + name.size();
        const auto read = std::from_chars(name.data() + prefix.size(), end, pid);
        if (read.ec == std::errc() && read.ptr == end && pid > 0 && stateOf({pid, 0}) == ProcessState::Gone)
            gone.push_back(entry.path());
    }
    for (const auto& path : gone) std::filesystem::remove_all(path, ignored);
}

ArchiveWriter::ArchiveWriter(std::string path, std::string scratch, int file)
    : path_(std::move(path)), scratch_(std::move(scratch)), file_(file), archive_(::archive_write_new()) {}

ArchiveWriter::~ArchiveWriter() {
    if (archive_ != nullptr) ::archive_write_free(archive_);
    if (file_ >= 0) ::close(file_);
    if (!scratch_.empty()) ::unlink(scratch_.c_str());
}

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::create(const std::string& path, Compression compression) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) == 0) return archiveSystemError(EEXIST, {}, path);
    const std::string folder = folderOf(path);
    const std::string prefix = "." + std::filesystem::path(path).filename().string() + ".partial-";
    removeAbandoned(folder, prefix);
    const std::string scratch = fmt::format("{}/{}{}", folder, prefix, ::getpid());
    const int file = ::open(scratch.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return archiveSystemError(errno, "it cannot be written", path);
    std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter(path, scratch, file));
    ::archive* raw = writer->archive_;
    const int filter =
        compression == Compression::Zstd ? ::archive_write_add_filter_zstd(raw) : ::archive_write_add_filter_gzip(raw);
    // GNU's form takes names as the bytes that they are on the disk, whatever the locale.
    if (filter != ARCHIVE_OK || ::archive_write_set_format_gnutar(raw) != ARCHIVE_OK ||
        ::archive_write_open_fd(raw, file) != ARCHIVE_OK) {
        return writer->problem();
    }
    return writer;
}

Error ArchiveWriter::problem() const {
    const int number = ::archive_errno(archive_);
    if (number > 0 && number < kErrnoEnd) return archiveSystemError(number, "it cannot be written", path_);
    const char* text = ::archive_error_string(archive_);
    return {ErrorCode::Io, text == nullptr ? "it cannot be written" : text, path_, {}};
}

Status ArchiveWriter::head(const std::string& name, unsigned type, unsigned mode, std::uint64_t bytes,
                           Millis modifiedMs, const std::string& target) {
    const std::unique_ptr<::archive_entry, void (*)(::archive_entry*)> entry(::archive_entry_new(),
                                                                             ::archive_entry_free);
    ::archive_entry_set_pathname(entry.get(), name.c_str());
    ::archive_entry_set_filetype(entry.get(), type);
    ::archive_entry_set_perm(entry.get(), mode & 0777U);
    ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
    ::archive_entry_set_mtime(entry.get(), modifiedMs / 1'000, (modifiedMs % 1'000) * 1'000'000);
    if (!target.empty()) ::archive_entry_set_symlink(entry.get(), target.c_str());
    return ::archive_write_header(archive_, entry.get()) == ARCHIVE_OK ? okStatus() : Status(problem());
}

Status ArchiveWriter::body(std::string_view bytes) {
    while (!bytes.empty()) {
        const la_ssize_t written = ::archive_write_data(archive_, bytes.data(), bytes.size());
        if (written <= 0) return problem();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return okStatus();
}

Status ArchiveWriter::addText(const std::string& name, std::string_view text, Millis modifiedMs) {
    if (Status begun = head(name, AE_IFREG, 0600, text.size(), modifiedMs); !begun) return begun;
    return body(text);
}

Status ArchiveWriter::addFolder(const std::string& name, unsigned mode, Millis modifiedMs) {
    return head(name, AE_IFDIR, mode, 0, modifiedMs);
}

Status ArchiveWriter::addLink(const std::string& name, const std::string& target, Millis modifiedMs) {
    return head(name, AE_IFLNK, 0777, 0, modifiedMs, target);
}

Result<std::string> ArchiveWriter::addFile(const std::string& name, const std::string& path) {
    const ReadDescriptor file(path);
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return archiveSystemError(errno, "it cannot be read", path);
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const Millis modifiedMs = Millis{info.st_mtim.tv_sec} * 1'000 + info.st_mtim.tv_nsec / 1'000'000;
    if (Status begun = head(name, AE_IFREG, info.st_mode, size, modifiedMs); !begun) return begun.error();
    const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> hash(XXH3_createState(), XXH3_freeState);
    XXH3_128bits_reset(hash.get());
    std::vector<char> buffer(kChunkBytes);
    std::uint64_t done = 0;
    while (true) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return archiveSystemError(errno, "it cannot be read", path);
        if (got == 0) break;
        done += static_cast<std::uint64_t>(got);
        if (done > size) break;
        XXH3_128bits_update(hash.get(), buffer.data(), static_cast<std::size_t>(got));
        if (Status written = body({buffer.data(), static_cast<std::size_t>(got)}); !written) return written.error();
    }
    if (done != size) return Error{ErrorCode::Conflict, "it changed while it was read", path, "do it again"};
    const XXH128_hash_t digest = XXH3_128bits_digest(hash.get());
    return fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
}

Result<std::uint64_t> ArchiveWriter::finish() {
    if (::archive_write_close(archive_) != ARCHIVE_OK) return problem();
    struct stat info {};
    if (::fsync(file_) != 0 || ::fstat(file_, &info) != 0)
        return archiveSystemError(errno, "it cannot be synced", path_);
    // A link, not a rename: a file that came to be under that name meanwhile stays.
    if (::link(scratch_.c_str(), path_.c_str()) != 0) return archiveSystemError(errno, "it cannot be named", path_);
    ::unlink(scratch_.c_str());
    scratch_.clear();
    const int folder = ::open(folderOf(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)::fsync(folder);  // some file systems cannot sync a folder; the file itself is safe
        ::close(folder);
    }
    return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace tributary::app
