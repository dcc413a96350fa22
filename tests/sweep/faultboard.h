// What the sweep's driver and the shim inside the daemon share: a page of memory in a file.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace tributary::sweep {

/// The kinds of calls that can be refused. A kind of its own per errno where the engine treats them differently.
enum class Kind : std::uint32_t { Open, WriteFull, WriteError, Sync, Rename, Socket, Thread, Allocation };
constexpr std::size_t kKinds = 8;
constexpr std::array<const char*, kKinds> kKindNames{"open",   "write-full", "write-error", "sync",
                                                     "rename", "socket",     "thread",      "allocation"};

/// Lies in the file that TRIBUTARY_FAULT_BOARD names. The driver writes orders, the shim counts. All zero at first.
struct FaultBoard {
    std::atomic<std::uint32_t> armed;  ///< the shim counts and refuses while it is 1
    std::atomic<std::uint32_t> kind;
    std::atomic<std::uint64_t> nth;     ///< the call that is refused, from 1; 0 = none, only count
    std::atomic<std::uint32_t> onward;  ///< 1: every later call of the kind is refused, too
    std::array<std::atomic<std::uint64_t>, kKinds> calls;
    std::atomic<std::uint64_t> refused;
};

/// Allocations below it are never refused: a system that has no page left ends processes instead of refusing bytes.
constexpr std::uint64_t kAllocationBytesMin = 4096;

constexpr const char* kBoardVariable = "TRIBUTARY_FAULT_BOARD";
constexpr const char* kFolderVariable = "TRIBUTARY_FAULT_FOLDER";  ///< file calls count below it only

}  // namespace tributary::sweep
