// Files that grow: kept below a size by renaming, for several processes that append to one of them.
#pragma once

#include <cstdint>
#include <string>

namespace tributary {

inline constexpr std::uint64_t kLogBytesMax = 10ULL << 20U;
inline constexpr int kOlderLogs = 4;  ///< so that at most five files of kLogBytesMax are kept

/// When `path` has reached `bytesMax`, renames it to `path`.1, that one to .2 and so on; the oldest goes. Processes
/// that do it at the same time take turns. Returns whether it was renamed. Any thread.
bool rotateLog(const std::string& path, std::uint64_t bytesMax = kLogBytesMax, int older = kOlderLogs);

}  // namespace tributary
