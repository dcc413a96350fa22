// stdout and stderr that may be closed, full or without a reader: nothing that writes to them can fail half way.
#pragma once

#include <cstdio>
#include <memory>

namespace tributary::app {

/// Takes stdin, stdout and stderr of the process for as long as it lives; one at a time, made before any file is opened
/// and any thread started. After it every write to stdout and stderr by <cstdio> or fmt succeeds as far as its caller
/// can tell; what was lost is remembered. Descriptors 0 to 2 that are closed are filled, so that no file that is opened
/// later is taken for one of them; reading or writing them is an error. A pipe without a reader raises no signal.
class StandardStreams {
public:
    StandardStreams();
    ~StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;

    /// Writes what is buffered and returns the exit code of the process whose work ended with `code`: that, or
    /// OutputLost when the work went well and something that belonged on stdout is lost. Says so on stderr.
    int finish(int code);

private:
    struct Stream;
    static std::unique_ptr<Stream> redirect(int fd, FILE*& stream, int buffering);

    FILE* formerOut_;
    FILE* formerErr_;
    std::unique_ptr<Stream> out_;
    std::unique_ptr<Stream> err_;
};

/// True once something written to stdout was lost: there is nobody left to produce more for. Looks at what was handed
/// on, so a caller that must know now flushes first.
[[nodiscard]] bool outputIsLost();

}  // namespace tributary::app
