// What may be listened on and dialled: the checks that every socket of this folder shares.
#pragma once

#include <string>

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/seams/transport.h"

namespace tributary::engine {

/// Longest socket path in bytes. The kernel takes 107; a margin is left for the temporary name during creation.
inline constexpr std::size_t kLocalPathBytesMax = limits::kSocketPathBytesMax;

/// The numeric form of a host: "localhost" and "" become 127.0.0.1, brackets around an IPv6 address
/// go, other names stay.
[[nodiscard]] std::string numericHost(const std::string& host);
/// True for 127.0.0.0/8 and ::1.
[[nodiscard]] bool isLoopbackHost(const std::string& host);
/// A local path made absolute. Errors: InvalidInput when it is longer than kLocalPathBytesMax.
[[nodiscard]] Result<std::string> checkedLocalPath(const std::string& path);
/// InvalidInput unless the host is of this machine: connections without TLS are not encrypted.
[[nodiscard]] Status checkListenHost(const std::string& host);
/// Clears the way for a listener: a socket file nobody answers on is removed. Errors: Conflict when somebody answers or
/// when the file is no socket, Io when it cannot be removed.
[[nodiscard]] Status removeStaleSocket(const std::string& path);

/// True when a listener could take this port of a loopback host now; somebody may take it in the next moment.
[[nodiscard]] bool isPortFree(const std::string& host, std::uint16_t port);

/// Nobody listens there, or it closed: texts shared by the event-driven and the blocking client.
[[nodiscard]] Error refusedError(const Endpoint& to);
[[nodiscard]] Error closedError(const Endpoint& to);
[[nodiscard]] Error noAnswerError(const Endpoint& to, Millis waitedMs);

}  // namespace tributary::engine
