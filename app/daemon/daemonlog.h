// The daemon's log: lines with their time on stderr, and the file behind it kept small.
#pragma once

#include <string>
#include <string_view>

namespace tributary::app {

/// Writes "TIME TEXT" to stderr in one write, so that lines of threads do not mix. Line ends inside become spaces.
void daemonLog(std::string_view text);

/// The file that stdout and stderr of this process go to. Other processes may append to it too.
class DaemonLogFile {
public:
    explicit DaemonLogFile(std::string path) : path_(std::move(path)) {}
    /// Points stdout and stderr at the file. What was written stays whatever happens to the process.
    void take() const;
    /// Renames the file when it is large (core/workspace/logrotation.h), and takes the new one, also when another
    /// process renamed it.
    void keepSmall() const;

private:
    std::string path_;
};

}  // namespace tributary::app
