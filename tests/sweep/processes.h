// Starting verbs, and hearing of the end of every process that came of them.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace tributary::sweep {

struct Ran {
    int code = -1;  ///< -1: no end in time, or by a signal
    std::string text;
};

/// Makes this process the reaper of daemons: their parents are gone, their ends are not. One thread.
class Processes {
public:
    Processes();
    /// Runs a program to its end, 30 s at most; what it writes goes into one text.
    Ran run(const std::vector<std::string>& words, const std::vector<std::string>& environment);
    /// kill -9, and waits until the process is gone.
    void kill(pid_t pid);
    /// The same for every process that came of run() and still lives, whatever files say of it.
    void killLeft();
    /// Waits until a process that this one may reap is gone; false after the time.
    bool waitFor(pid_t pid, int timeoutMs);
    /// Ends of daemons so far, in words, that no kill() explains: "process 12 ended by signal 11".
    [[nodiscard]] std::vector<std::string> crashes();

private:
    void reap();

    std::map<pid_t, int> ended_;
    std::map<pid_t, bool> own_;  ///< started by run(), or killed on purpose
};

}  // namespace tributary::sweep
