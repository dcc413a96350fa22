// Lines to stderr; the file under it.
#include "app/daemon/daemonlog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/workspace/logrotation.h"

namespace tributary::app {

void daemonLog(std::string_view text) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::string line = isoTime(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()) + " ";
    // People read it with less and cat: what a peer or a file put into an error does not act on their terminal.
    for (const char c : shownText(text)) line += c == '\n' ? ' ' : c;
    line += '\n';
    (void)!::write(STDERR_FILENO, line.data(), line.size());  // there is nowhere else to complain
}

// Rotation exchanges the files under the descriptors instead of reading a pipe: the last words of a process that
// crashes are in the file, not in a pipe that nobody reads any more.
void DaemonLogFile::take() const {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::close(file);
}

void DaemonLogFile::keepSmall() const {
    rotateLog(path_);
    struct stat named {};
    struct stat open {};
    const bool same = ::stat(path_.c_str(), &named) == 0 && ::fstat(STDERR_FILENO, &open) == 0 &&
                      named.st_ino == open.st_ino && named.st_dev == open.st_dev;
    if (!same) take();
}

}  // namespace tributary::app
