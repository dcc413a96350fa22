// Locks, signals, waiting.
#include "app/daemon/memberprocess.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "app/daemon/processes.h"

namespace tributary::app {
namespace {

constexpr Millis kEndMs = 30'000;
constexpr int kEndLookMs = 20;
constexpr Millis kLockDyingMs = 2'000;

bool isGoneWithin(std::int64_t pid, std::uint64_t startTicks, Millis ms) {
    for (Millis waited = 0; stateOf({pid, startTicks}) != ProcessState::Gone; waited += kEndLookMs) {
        if (waited >= ms) return false;
        (void)::poll(nullptr, 0, kEndLookMs);
    }
    return true;
}

}  // namespace

Result<std::optional<std::int64_t>> livingHolder(const std::string& lockFile) {
    for (Millis waited = 0;; waited += kEndLookMs) {
        auto holder = holderOfLock(lockFile);
        if (!holder || !holder.value() || waited >= kLockDyingMs) return holder;
        if (stateOf({*holder.value(), 0}) != ProcessState::Gone) return holder;
        (void)::poll(nullptr, 0, kEndLookMs);
    }
}

std::optional<std::int64_t> pidIn(const std::string& path) {
    std::ifstream file(path);
    std::int64_t pid = 0;
    return file >> pid && pid > 0 ? std::optional(pid) : std::nullopt;
}

Error closedDoorError(const MemberDoor& door, const Error& knocked) {
    const bool isSilent = knocked.code == ErrorCode::Timeout;
    if (!isSilent && knocked.code != ErrorCode::Unavailable && knocked.code != ErrorCode::NotFound) {
        return {knocked.code, fmt::format("{} lets nobody in: {}", door.name, knocked.what), door.socket, knocked.fix};
    }
    const auto holder = livingHolder(door.lockFile);
    if (isSilent && holder && holder.value()) {
        const std::int64_t pid = *holder.value();
        return unansweringError(pid, stateOf({pid, 0}), "runs " + door.name, door.logFile);
    }
    const std::string look = "look into " + door.logFile;
    if (isSilent) return {ErrorCode::Timeout, door.name + " does not answer", door.socket, look};
    if (!holder) return {ErrorCode::Unavailable, door.name + " is not reached", door.socket, look};
    if (!holder.value()) return {ErrorCode::Unavailable, door.name + " is not running", door.socket, door.startFix};
    return {ErrorCode::Unavailable,
            fmt::format("{} (PID = {}) does not answer: it is starting or stopping", door.name, *holder.value()),
            door.socket, look};
}

Result<std::int64_t> endMember(const MemberTitle& member, std::int64_t pid, int signal) {
    const std::uint64_t startTicks = startTicksOf(pid);
    if (::kill(static_cast<pid_t>(pid), signal) != 0 && errno != ESRCH) {
        return Error{errno == EPERM ? ErrorCode::PermissionDenied : ErrorCode::Io,
                     fmt::format("process {} cannot be ended: {}", pid, std::strerror(errno)),
                     member.title,
                     {}};
    }
    if (isGoneWithin(pid, startTicks, kEndMs)) return pid;
    return Error{ErrorCode::Timeout,
                 fmt::format("can't terminate the {} {} (PID = {}): it goes on after {} s", member.what, member.title,
                             pid, kEndMs / 1'000),
                 member.logFile, member.killFix};
}

}  // namespace tributary::app
