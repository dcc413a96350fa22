// What the system lets the daemon have.
#include "app/daemon/limits.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

// Measured: event loops, log, page, door and what Qt opens; then per cluster its event loop, lock, log, sockets and a
// new segment beside the old one.
constexpr std::uint64_t kFilesOfProcess = 20;
constexpr std::uint64_t kFilesOfCluster = 14;

}  // namespace

void raiseFileLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);  // refused: the old limit holds, and what needs more says so
}

Status checkFileLimit(std::size_t clusters) {
    engine::RealFileOps files;
    const std::uint64_t needed = kFilesOfProcess + kFilesOfCluster * clusters;
    const std::uint64_t free = files.freeHandles();
    if (free >= needed) return okStatus();
    return Error{ErrorCode::Io,
                 fmt::format("too few files may be opened: {} clusters take {}, and this process may open {} more",
                             clusters, needed, free),
                 {},
                 "raise the limit (ulimit -n 4096), or start fewer clusters in one process (up --cluster NAME)"};
}

}  // namespace tributary::app
