// Which process listens on a port of this machine.
#pragma once

#include <cstdint>
#include <string>

namespace tributary::app {

/// "process 4711 (nginx)" when this user may see it, "another user's process" when not, empty when nobody listens.
[[nodiscard]] std::string ownerOfPort(std::uint16_t port);

}  // namespace tributary::app
