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

}  // namespace tributary::engine
