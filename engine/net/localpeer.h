// Who is at the other end of a local socket.
#pragma once

#include "engine/seams/transport.h"

namespace tributary::engine {

/// The credentials that the kernel kept when the peer connected (SO_PEERCRED). Without them: a peer without a name that
/// owns nothing.
[[nodiscard]] LocalPeer localPeerOf(int fd);

}  // namespace tributary::engine
