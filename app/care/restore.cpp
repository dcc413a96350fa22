// Reading backups: every byte is compared before the workspace gets its name.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/care/archivewriter.h"
#include "app/care/backup.h"
#include "app/care/backupformat.h"
#include "core/base/jsonnumbers.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::size_t kTextBytesMax = 64 << 20;

/// A file as it was read, to be compared with the manifest.
struct Seen {
    std::uint64_t bytes = 0;
    std::string hash;  ///< of a file
    std::string link;  ///< target of a symbolic link
};

Error writeError(int number, const std::string& path) {
    const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    const bool denied = number == EACCES || number == EPERM || number == EROFS;
    return {full     ? ErrorCode::DiskFull
            : denied ? ErrorCode::PermissionDenied
                     : ErrorCode::Io,
            fmt::format("it cannot be written: {}", std::strerror(number)), path,
            full ? "free some space, or name a folder on another disk" : std::string()};
}

/// A stored name as a name below the workspace; empty when it would lead elsewhere.
std::string safeName(std::string stored) {
    while (stored.ends_with("/")) stored.pop_back();
    const std::string prefix = kBackupFolder;
    if (!stored.starts_with(prefix)) return {};
    const fs::path name = stored.substr(prefix.size());
    if (name.empty() || name.is_absolute()) return {};
    for (const fs::path& part : name) {
        if (part == ".." || part == ".") return {};
    }
    return name.string();
}

/// Reads one archive from its first entry to its last; writes below `folder` unless that is empty.
class BackupReader {
public:
    BackupReader(std::string file, std::string folder)
        : file_(std::move(file)), folder_(std::move(folder)), archive_(::archive_read_new()) {}
    ~BackupReader() { ::archive_read_free(archive_); }
    BackupReader(const BackupReader&) = delete;
    BackupReader& operator=(const BackupReader&) = delete;

    Result<BackupReport> read() {
        ::archive_read_support_filter_zstd(archive_);
        ::archive_read_support_format_tar(archive_);
        struct stat info {};
        if (::stat(file_.c_str(), &info) != 0) {
            return Error{ErrorCode::NotFound, "there is no such file", file_, "tributary backup makes one"};
        }
        if (::archive_read_open_filename(archive_, file_.c_str(), kBlockBytes) != ARCHIVE_OK) return noBackup();
        if (Status begun = head(); !begun) return begun.error();
        report_.file = file_;
        while (true) {
            const auto more = entry();
            if (!more) return more.error();
            if (!more.value()) break;
        }
        if (Status same = compare(); !same) return same.error();
        if (Status made = makeLinks(); !made) return made.error();
        if (!folder_.empty() && ::chmod(folder_.c_str(), mode_ | 0700U) != 0) return writeError(errno, folder_);
        return report_;
    }

private:
    [[nodiscard]] Error noBackup() const {
        return {ErrorCode::InvalidInput, "this is no backup of a workspace", file_,
                "a file that tributary backup made"};
    }

    /// What is not as it was written, once all of it was read.
    [[nodiscard]] Error different(const std::string& why) const {
        return {ErrorCode::Corrupt, fmt::format("the archive is damaged: {}: {}", at_, why), file_,
                "use another backup"};
    }
    /// Where the reader is: the entry and the offset in the archive.
    [[nodiscard]] Error damaged(const std::string& why) const {
        return {ErrorCode::Corrupt,
                fmt::format("the archive is damaged near byte {}{}: {}", ::archive_filter_bytes(archive_, -1),
                            at_.empty() ? std::string() : ", in " + at_, why),
                file_, "use another backup"};
    }
    [[nodiscard]] Error damaged() const {
        const char* text = ::archive_error_string(archive_);
        return damaged(text == nullptr ? "it ends too early" : text);
    }

    Result<std::string> text() {
        std::string out;
        std::vector<char> buffer(kBlockBytes);
        while (true) {
            const la_ssize_t got = ::archive_read_data(archive_, buffer.data(), buffer.size());
            if (got < 0) return damaged();
            if (got == 0) return out;
            out.append(buffer.data(), static_cast<std::size_t>(got));
            if (out.size() > kTextBytesMax) return damaged("it is larger than any that is written");
        }
    }

    Status head() {
        ::archive_entry* entry = nullptr;
        if (::archive_read_next_header(archive_, &entry) != ARCHIVE_OK) return noBackup();
        if (std::string(::archive_entry_pathname(entry)) != kBackupHead) return noBackup();
        at_ = kBackupHead;
        const auto content = text();
        if (!content) return content.error();
        const auto json = nlohmann::json::parse(content.value(), nullptr, false);
        if (!json.is_object() || !json.contains("format") || !json["format"].is_number_integer() ||
            !checkWholeNumbers(content.value())) {
            return damaged("it does not parse");
        }
        report_.version = json.value("version", "?");
        report_.created = json.value("created", "?");
        mode_ = json.value("mode", 0755U) & 0755U;
        if (json["format"].get<int>() > kBackupFormat) {
            return Error{ErrorCode::Unsupported,
                         fmt::format("it was written by tributary {}, which is newer", report_.version), file_,
                         fmt::format("tributary {} or newer", report_.version)};
        }
        return okStatus();
    }

    /// False at the archive's end.
    Result<bool> entry() {
        ::archive_entry* entry = nullptr;
        const int found = ::archive_read_next_header(archive_, &entry);
        if (found == ARCHIVE_EOF) return false;
        if (found != ARCHIVE_OK) return damaged();
        const char* stored = ::archive_entry_pathname(entry);
        at_ = stored == nullptr ? "" : stored;
        if (at_ == kBackupManifest) {
            auto content = text();
            if (!content) return content.error();
            manifest_ = nlohmann::json::parse(content.value(), nullptr, false);
            return true;
        }
        const std::string name = safeName(at_);
        if (name.empty()) return damaged("an entry leads out of the workspace");
        unsigned mode = ::archive_entry_perm(entry) & 0777U;
        // What the engine writes is its owner's, also out of a backup of a workspace that was open to others.
        if (name == ".tributary" || name.starts_with(".tributary/")) mode &= 0700U;
        switch (::archive_entry_filetype(entry)) {
            case AE_IFDIR: return folder(name, mode);
            case AE_IFLNK: {
                const char* target = ::archive_entry_symlink(entry);
                seen_[name].link = target == nullptr ? "" : target;
                return true;
            }
            case AE_IFREG: return content(name, mode);
            default: return damaged("an entry is neither file nor folder");
        }
    }

    Result<bool> folder(const std::string& name, unsigned mode) {
        if (folder_.empty()) return true;
        const std::string path = folder_ + "/" + name;
        if (::mkdir(path.c_str(), mode | 0700U) != 0 && errno != EEXIST) return writeError(errno, path);
        return true;
    }

    Result<bool> content(const std::string& name, unsigned mode) {
        if (seen_.count(name) != 0) return damaged("an entry is there twice");
        const std::string path = folder_ + "/" + name;
        int out = -1;
        if (!folder_.empty()) {
            out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode | 0600U);
            if (out < 0) return writeError(errno, path);
        }
        auto done = copy(name, out, path);
        if (out >= 0) {
            const bool kept = ::fchmod(out, mode) == 0;  // open() takes away what the process masks
            const int problem = errno;
            if (::close(out) != 0 && done) return writeError(errno, path);
            if (!kept && done) return writeError(problem, path);
        }
        return done;
    }

    Result<bool> copy(const std::string& name, int out, const std::string& path) {
        const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> hash(XXH3_createState(), XXH3_freeState);
        XXH3_128bits_reset(hash.get());
        Seen& seen = seen_[name];
        std::vector<char> buffer(kBlockBytes);
        while (true) {
            const la_ssize_t got = ::archive_read_data(archive_, buffer.data(), buffer.size());
            if (got < 0) return damaged();
            if (got == 0) break;
            const auto size = static_cast<std::size_t>(got);
            XXH3_128bits_update(hash.get(), buffer.data(), size);
            seen.bytes += size;
            for (std::size_t written = 0; out >= 0 && written < size;) {
                const ssize_t put = ::write(out, buffer.data() + written, size - written);
                if (put < 0 && errno != EINTR) return writeError(errno, path);
                if (put > 0) written += static_cast<std::size_t>(put);
            }
        }
        const XXH128_hash_t digest = XXH3_128bits_digest(hash.get());
        seen.hash = fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
        ++report_.files;
        report_.bytes += seen.bytes;
        return true;
    }

    /// The manifest is the last entry: an archive that lacks its end has none.
    Status compare() try {
        at_ = kBackupManifest;
        if (!manifest_.is_object() || !manifest_.contains("files") || !manifest_["files"].is_object())
            return different("the list of checksums is missing: the archive is not whole");
        const auto& files = manifest_["files"];
        for (const auto& [name, seen] : seen_) {
            at_ = kBackupFolder + name;
            if (!files.contains(name)) return different("the list of checksums does not know it");
            const auto& listed = files[name];
            const bool same = seen.hash.empty()
                                  ? listed.value("link", "") == seen.link
                                  : listed.value("xxh3", "") == seen.hash && listed.value("bytes", 0ULL) == seen.bytes;
            if (!same) return different("it is not what was written");
        }
        for (const auto& [name, listed] : files.items()) {
            at_ = kBackupFolder + name;
            if (seen_.count(name) == 0) return different("it is missing");
        }
        return okStatus();
    } catch (const nlohmann::json::exception&) {
        return different("the list of checksums does not parse");
    }

    /// Last, so that no file is ever written through one.
    Status makeLinks() {
        for (const auto& [name, seen] : seen_) {
            if (folder_.empty() || !seen.hash.empty()) continue;
            const std::string path = folder_ + "/" + name;
            if (::symlink(seen.link.c_str(), path.c_str()) != 0) return writeError(errno, path);
        }
        return okStatus();
    }

    std::string file_;
    std::string folder_;
    ::archive* archive_;
    std::string at_;
    unsigned mode_ = 0755;
    std::map<std::string, Seen> seen_;
    nlohmann::json manifest_;
    BackupReport report_;
};

/// Removes what was made unless the workspace got its name.
class Scratch {
public:
    explicit Scratch(std::string path) : path_(std::move(path)) {}
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }
    void keep() { path_.clear(); }

private:
    std::string path_;
};

Status syncFileSystem(const std::string& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = file >= 0 && ::syncfs(file) == 0;
    const int number = errno;
    if (file >= 0) ::close(file);
    return synced ? okStatus() : Status(writeError(number, folder));
}

}  // namespace

Result<BackupReport> checkBackup(const std::string& file) {
    return BackupReader(file, {}).read();
}

Result<BackupReport> restoreWorkspace(const std::string& file, const std::string& dir) {
    std::string target = fs::absolute(dir).lexically_normal().string();
    while (target.size() > 1 && target.ends_with("/")) target.pop_back();
    std::error_code problem;
    if (fs::exists(fs::symlink_status(target)) && !(fs::is_directory(target, problem) && fs::is_empty(target, problem)))
        return Error{ErrorCode::AlreadyExists, "it is not empty, and nothing is overwritten", dir,
                     "tributary restore " + file + " ANOTHER-FOLDER"};
    const std::string parent = fs::path(target).parent_path().string();
    const std::string prefix = "." + fs::path(target).filename().string() + ".restoring-";
    removeAbandoned(parent, prefix);
    Scratch scratch(fmt::format("{}/{}{}", parent, prefix, ::getpid()));
    if (::mkdir(scratch.path().c_str(), 0700) != 0) return writeError(errno, scratch.path());
    auto report = BackupReader(file, scratch.path()).read();
    if (!report) return report.error();
    if (Status synced = syncFileSystem(scratch.path()); !synced) return synced.error();
    // Takes the place of an empty folder too; one that was filled meanwhile stays.
    if (::rename(scratch.path().c_str(), target.c_str()) != 0) return writeError(errno, dir);
    scratch.keep();
    if (Status synced = syncFileSystem(parent); !synced) return synced.error();
    return report;
}

}  // namespace tributary::app
