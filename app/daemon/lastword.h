// The reason a daemon gives when it must stop at once.
#pragma once

namespace tributary::app {

/// Memory that is refused during the start, or later inside a destructor or another function that cannot fail, ends the
/// process. From here on it ends whole: with a sentence on standard error (daemon.log) and an exit code instead of a
/// signal; the next start reads the log, as after kill -9. Any other exception that nobody catches still aborts, after
/// its text. `readyDescriptor` is told too while a start waits at it; -1 = nobody waits. Process-wide; main thread.
void giveReasonWithoutMemory(int readyDescriptor);

/// From here on memory that is refused costs the request, or the cluster, that needed it.
void startIsDone();

}  // namespace tributary::app
