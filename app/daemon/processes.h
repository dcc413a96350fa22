// What the system tells of processes: whether one still is, and which one holds a lock.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace tributary::app {

/// A process as it was once seen. Numbers are used again; number and start time together are not.
struct ProcessId {
    std::int64_t pid = 0;
    std::uint64_t startTicks = 0;  ///< since boot, as /proc/PID/stat has it; 0 = unknown: the number alone counts
};

enum class ProcessState {
    Gone,     ///< there is none, or another one took its number, or only its exit code is left to be fetched (a zombie)
    Running,  ///< also when it belongs to somebody else
    Stopped   ///< by a signal or a debugger: it answers nothing until it is continued
};

/// Opens what is closed of stdin, stdout and stderr so that reading or writing it is an error: else the next file that
/// is opened, a volume's perhaps, gets its number and takes what is printed. Call before anything is opened.
void fillStandardDescriptors();

/// Looks now.
[[nodiscard]] ProcessState stateOf(const ProcessId& process);
/// Start time of a process, 0 when there is none or the system does not tell.
[[nodiscard]] std::uint64_t startTicksOf(std::int64_t pid);

/// The process that holds flock(2) on `path`; nullopt: none. A file that does not exist is held by nobody. Takes no
/// lock itself, so it never keeps others from taking it. Errors: PermissionDenied, Io: it cannot be told.
[[nodiscard]] Result<std::optional<std::int64_t>> holderOfLock(const std::string& path);

/// "process 42 is stopped (by a signal or a debugger)" or "process 42 does not answer", and what to try.
[[nodiscard]] Error unansweringError(std::int64_t pid, ProcessState state, const std::string& does,
                                     const std::string& logFile);

}  // namespace tributary::app
