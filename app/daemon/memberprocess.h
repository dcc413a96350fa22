// What is the same for every member that is a process of its own: who holds its volume, and how it is ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/units.h"

namespace tributary::app {

/// Who holds the lock and is not dying: of a killed process the locks stay until the last of its threads has ended,
/// which whoever kills and starts in one line would take for a running member. Errors: as holderOfLock().
[[nodiscard]] Result<std::optional<std::int64_t>> livingHolder(const std::string& lockFile);

/// The number in a pid file; nothing when there is none.
[[nodiscard]] std::optional<std::int64_t> pidIn(const std::string& path);

/// A member as errors name it.
struct MemberTitle {
    std::string title;    ///< "app:instance001"
    std::string what;     ///< "instance"
    std::string logFile;  ///< where it says what it does
    std::string killFix;  ///< how to end it at once
};

/// The door of such a member.
struct MemberDoor {
    std::string name;  ///< "instance app:instance001"
    std::string lockFile;
    std::string logFile;
    std::string socket;
    std::string startFix;  ///< how to start it
};

/// Why a door did not open, of what knocking at it came to: "is not running" only where nobody answers and nobody
/// holds the lock; a process that is silent, or not ready, is one that does not answer. Codes: Unavailable, Timeout;
/// others stay.
[[nodiscard]] Error closedDoorError(const MemberDoor& door, const Error& knocked);

/// Sends the signal and waits until the process is gone, for half a minute at most: its number. Errors: Timeout,
/// PermissionDenied, Io.
[[nodiscard]] Result<std::int64_t> endMember(const MemberTitle& member, std::int64_t pid, int signal);

}  // namespace tributary::app
