// Files of a real folder, for the benchmark: just enough of FileOps, without faults.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/seams/fileops.h"

namespace tributary::engine::test {

inline Error posixError(const std::string& path) {
    const int code = errno;
    return {code == ENOSPC ? ErrorCode::DiskFull : (code == ENOENT ? ErrorCode::NotFound : ErrorCode::Io),
            std::generic_category().message(code),
            path,
            {}};
}

class PosixFile final : public File {
public:
    PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
    ~PosixFile() override { ::close(fd_); }
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;

    Status write(std::uint64_t offset, BytesView data) override { return writeGathered(offset, {data}); }
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
        constexpr std::size_t kPiecesMax = 1024;
        for (std::size_t at = 0; at < pieces.size(); at += kPiecesMax) {
            std::vector<iovec> vectors;
            for (std::size_t i = at; i < std::min(at + kPiecesMax, pieces.size()); ++i) {
                vectors.push_back({const_cast<char*>(pieces[i].data()), pieces[i].size()});
            }
            if (Status step = writeAll(offset, vectors); !step) return step;
        }
        return okStatus();
    }
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override {
        Bytes out(size, '\0');
        std::size_t done = 0;
        while (done < size) {
            const ssize_t got = ::pread(fd_, out.data() + done, size - done, static_cast<off_t>(offset + done));
            if (got < 0) return posixError(path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        out.resize(done);
        return out;
    }
    Result<std::uint64_t> size() override {
        struct stat info {};
        if (::fstat(fd_, &info) != 0) return posixError(path_);
        return static_cast<std::uint64_t>(info.st_size);
    }
    Status truncate(std::uint64_t size) override {
        return ::ftruncate(fd_, static_cast<off_t>(size)) == 0 ? okStatus() : Status(posixError(path_));
    }
    Status sync() override { return ::fdatasync(fd_) == 0 ? okStatus() : Status(posixError(path_)); }

private:
    Status writeAll(std::uint64_t& offset, std::vector<iovec>& vectors) {
        for (std::size_t first = 0; first < vectors.size();) {
            const ssize_t sent =
                ::pwritev(fd_, &vectors[first], static_cast<int>(vectors.size() - first), static_cast<off_t>(offset));
            if (sent < 0) return posixError(path_);
            offset += static_cast<std::uint64_t>(sent);
            std::size_t left = static_cast<std::size_t>(sent);
            while (first < vectors.size() && left >= vectors[first].iov_len) left -= vectors[first++].iov_len;
            if (left > 0) {
                vectors[first].iov_base = static_cast<char*>(vectors[first].iov_base) + left;
                vectors[first].iov_len -= left;
            }
        }
        return okStatus();
    }

    int fd_;
    std::string path_;
};

class PosixFiles final : public FileOps {
public:
    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override {
        const int flags = how == Open::Existing ? 0 : (how == Open::Create ? O_CREAT : O_CREAT | O_EXCL);
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, 0600);
        if (fd < 0) return posixError(path);
        return std::unique_ptr<File>(std::make_unique<PosixFile>(fd, path));
    }
    Result<Bytes> readAll(const std::string& path) override {
        auto file = open(path, Open::Existing);
        if (!file) return file.error();
        return (*file)->read(0, static_cast<std::size_t>(std::filesystem::file_size(path)));
    }
    Status replace(const std::string& path, BytesView, bool) override { return unused(path); }
    Status rename(const std::string& from, const std::string& to) override {
        return ::rename(from.c_str(), to.c_str()) == 0 ? okStatus() : Status(posixError(from));
    }
    Status remove(const std::string& path) override {
        return ::unlink(path.c_str()) == 0 || errno == ENOENT ? okStatus() : Status(posixError(path));
    }
    Status makeDirs(const std::string& path) override {
        std::error_code error;
        std::filesystem::create_directories(path, error);
        return error ? Status(Error{ErrorCode::Io, error.message(), path, {}}) : okStatus();
    }
    Status removeTree(const std::string& path) override {
        std::error_code error;
        std::filesystem::remove_all(path, error);
        return error ? Status(Error{ErrorCode::Io, error.message(), path, {}}) : okStatus();
    }
    Status syncDir(const std::string& path) override {
        const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return posixError(path);
        const Status step = ::fsync(fd) == 0 ? okStatus() : Status(posixError(path));
        ::close(fd);
        return step;
    }
    [[nodiscard]] bool exists(const std::string& path) override { return std::filesystem::exists(path); }
    Result<std::vector<std::string>> list(const std::string& path) override {
        std::vector<std::string> names;
        for (const auto& item : std::filesystem::directory_iterator(path)) names.push_back(item.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    Result<std::uint64_t> freeBytes(const std::string& path) override { return std::filesystem::space(path).available; }
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return unused(path).error(); }

private:
    static Status unused(const std::string& path) {
        return Error{ErrorCode::Unsupported, "the benchmark does not use this", path, {}};
    }
};

}  // namespace tributary::engine::test
