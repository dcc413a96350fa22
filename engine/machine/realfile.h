// An open POSIX file behind the File seam, and the translation of errno.
#pragma once

#include <string>

#include "engine/seams/fileops.h"

namespace tributary::engine {

/// The Error of a failed system call: `call` as a verb phrase ("write"), errno `number`, the path.
[[nodiscard]] Error fileError(std::string_view call, int number, const std::string& path);

/// Owns the descriptor.
class RealFile final : public File {
public:
    RealFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
    ~RealFile() override;
    RealFile(const RealFile&) = delete;
    RealFile& operator=(const RealFile&) = delete;

    Status write(std::uint64_t offset, BytesView data) override;
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override;
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override;
    [[nodiscard]] Result<std::uint64_t> size() override;
    Status truncate(std::uint64_t size) override;
    Status sync() override;

private:
    int fd_;
    std::string path_;
};

/// Whatever can be read from its begin to its end: what it holds is known only by reading it. Owns the descriptor.
class RealInput final : public File {
public:
    RealInput(int fd, std::string path) : file_(fd, path), fd_(fd), path_(std::move(path)) {}

    /// Only from where the read before ended. Errors: Io; Internal for another place.
    Result<Bytes> read(std::uint64_t offset, std::size_t size) override;
    [[nodiscard]] Result<std::uint64_t> size() override { return file_.size(); }
    Status write(std::uint64_t offset, BytesView data) override { return file_.write(offset, data); }
    Status writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) override {
        return file_.writeGathered(offset, pieces);
    }
    Status truncate(std::uint64_t size) override { return file_.truncate(size); }
    Status sync() override { return file_.sync(); }

private:
    RealFile file_;
    int fd_;
    std::string path_;
    std::uint64_t at_ = 0;
};

}  // namespace tributary::engine
