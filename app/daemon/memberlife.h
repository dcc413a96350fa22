// The life of a member that is a process of its own, from its start to its end: what is the same for every system.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "app/daemon/detached.h"
#include "core/base/result.h"
#include "engine/node/nodeconfig.h"

namespace tributary::app {

/// What serveMember() is told of a member.
struct MemberLife {
    std::string self;  ///< as its log names it: "instance app:instance001 (uuid)"
    std::string logFile;
    std::string keyFile;
    std::string pidFile;
    std::string controlSocket;
    std::optional<std::size_t> memoryBytes;  ///< of the host's pool; nothing: as the host has it
    /// The name, kinds, volume and identity of its node; the rest is filled in. Called once the signals that end a
    /// member are blocked: threads that begin in it never take them.
    std::function<Result<engine::NodeConfig>()> configure;
    /// When the node has started, before whoever waits is told.
    std::function<Status()> begin;
    /// Before the node stops; may be empty.
    std::function<void()> end;
};

/// Runs it until it is told to end: the exit code of its process. Errors are those of the start.
[[nodiscard]] Result<int> serveMember(const MemberLife& life, StartWaiter& waiter);

}  // namespace tributary::app
