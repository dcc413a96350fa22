// A process that gives up what scripts must not have: files, sockets, processes, all but one or two descriptors.
#pragma once

#include <cstdint>

namespace tributary::app {

inline constexpr int kCannotRestrict = 3;  ///< exit code of a process that the system cannot restrict

/// Closes all descriptors from `first` on but these two. False when the system cannot.
[[nodiscard]] bool closeAllBut(int first, int one, int other);

/// From here on the calling process can read `in`, write `out` (both may be one), ask for memory and the time, and end;
/// anything else ends it. All other descriptors are closed, its memory is bounded, and it dies with its parent. False
/// when the system cannot do it: the caller has to end then. Call it in a process of one thread.
[[nodiscard]] bool restrictProcess(int in, int out);

}  // namespace tributary::app
