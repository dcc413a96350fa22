// A server process of a bench: started from this very program, watched and ended by its number.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// What a process has used so far.
struct ProcessUsage {
    double cpuS = 0;   ///< user and system time
    double rssMb = 0;  ///< resident now
};
/// Errors: NotFound when there is no such process.
[[nodiscard]] Result<ProcessUsage> usageOf(pid_t pid);

/// A child that ends when its owner does, also when that one is killed.
class BenchProcess {
public:
    BenchProcess() = default;
    ~BenchProcess() { stop(); }
    BenchProcess(const BenchProcess&) = delete;
    BenchProcess& operator=(const BenchProcess&) = delete;

    /// Runs this program with `arguments`, its output in a file. Errors: Io.
    Status start(const std::vector<std::string>& arguments, const std::string& logPath);
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool running();
    /// Asks it to end, waits, and kills it when it does not.
    void stop();

private:
    pid_t pid_ = -1;
};

}  // namespace tributary::app
