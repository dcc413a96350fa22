// Whatever a person may name as input: a file, a pipe, a socket, a terminal, stdin.
#pragma once

#include <istream>
#include <memory>
#include <streambuf>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// What open(2) failed with, naming the file: NotFound, PermissionDenied, InvalidInput (a folder), Io. `doing` is the
/// sentence that the system's words end.
[[nodiscard]] Error openError(int number, const std::string& doing, const std::string& name);

/// Reads by read(2), so that an error is never taken for the end: it sets badbit and is kept in problem(). Never
/// throws. One thread.
class InputStream final : public std::istream {
public:
    /// Opens `path`, or takes stdin for "-". Errors, each naming the path: NotFound, PermissionDenied, InvalidInput (a
    /// folder), Io.
    static Result<std::unique_ptr<InputStream>> open(const std::string& path);
    ~InputStream() override;
    InputStream(const InputStream&) = delete;
    InputStream& operator=(const InputStream&) = delete;

    /// "stdin" or the path: how errors call it.
    [[nodiscard]] const std::string& name() const { return name_; }
    /// A file on a disk has an end of its own. That of anything else may be its writer's death.
    [[nodiscard]] bool isRegularFile() const { return regular_; }
    /// The error that ended the input, naming it; ok while there was none.
    [[nodiscard]] const Status& problem() const { return problem_; }
    /// The system's words for it: "Input/output error"; empty while there was none.
    [[nodiscard]] const std::string& reason() const { return reason_; }

    /// All that follows. Errors: problem(); InvalidInput for more than `bytesMax` bytes.
    Result<std::string> readAll(std::size_t bytesMax);

private:
    class Buffer final : public std::streambuf {
    public:
        explicit Buffer(InputStream& owner) : owner_(owner), bytes_(kBytes) {}

    protected:
        int_type underflow() override;

    private:
        static constexpr std::size_t kBytes = 1U << 16U;
        InputStream& owner_;
        std::vector<char> bytes_;
    };

    InputStream(int fd, std::string name);

    int fd_;
    std::string name_;
    bool regular_ = false;
    Status problem_;
    std::string reason_;
    Buffer buffer_;
};

}  // namespace tributary::app
