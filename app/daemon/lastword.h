// The reason a daemon gives when it must stop at once.
#pragma once

namespace tributary::app {

/// Memory that is refused inside a destructor, or in another function that cannot fail, ends the process whatever is
/// done. From here on it ends whole, with a sentence on standard error (daemon.log) and an exit code instead of a
/// signal; the next start reads the log, as after kill -9. Any other exception still aborts, after its text.
/// `readyDescriptor` is told too while a start waits at it; -1 = nobody waits. Process-wide; main thread.
void giveReasonAtTerminate(int readyDescriptor);

}  // namespace tributary::app
