// "host:port" and "[::1]:port", as drawings, commands and ports files have them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary {

/// Where something listens. The host of an IPv6 address is without its brackets.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};

/// nullopt unless `text` is a host, a colon and a port from 1 to 65535. An IPv6 address stands in brackets, so that its
/// colons are not taken for the port's.
[[nodiscard]] std::optional<HostPort> parseHostPort(std::string_view text);

}  // namespace tributary
