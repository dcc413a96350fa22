// What the sweep's driver and the shim inside the daemon share: a piece of memory in a file.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace tributary::sweep {

/// The kinds of calls that can be refused. A kind of its own per errno where the engine treats them differently.
/// Allocation is malloc and its like; New is C++'s operator new, of any size, and refuses by std::bad_alloc.
enum class Kind : std::uint32_t { Open, WriteFull, WriteError, Sync, Rename, Socket, Thread, Allocation, New };
constexpr std::size_t kKinds = 9;
constexpr std::array<const char*, kKinds> kKindNames{"open",   "write-full", "write-error", "sync", "rename",
                                                     "socket", "thread",     "allocation",  "new"};

/// A place that calls operator new: the return addresses of its kPlaceFrames innermost callers and the life of the
/// script (first start, second, third) in one number. The calls of one place differ by their turn only.
struct Place {
    std::atomic<std::uint64_t> hash;    ///< 0 = an empty slot
    std::atomic<std::uint64_t> caller;  ///< the innermost return address: a cheap first look
    std::atomic<std::uint64_t> calls;
};
constexpr std::size_t kPlaces = 1U << 15U;  // slots; a run fills a few thousand
constexpr int kPlaceFrames = 6;

/// Lies in the file that TRIBUTARY_FAULT_BOARD names. The driver writes orders, the shim counts. All zero at first.
struct FaultBoard {
    std::atomic<std::uint32_t> armed;  ///< the shim counts and refuses while it is 1
    std::atomic<std::uint32_t> kind;
    std::atomic<std::uint64_t> nth;     ///< the call that is refused, from 1; 0 = none, only count
    std::atomic<std::uint32_t> onward;  ///< 1: every later call of the kind is refused, too
    std::atomic<std::uint32_t> life;    ///< which start of the daemon, from 1
    std::atomic<std::uint32_t> record;  ///< 1: every call of operator new is noted in `places`
    std::atomic<std::uint64_t> place;   ///< for New: nth counts the calls of this place only; 0 = all calls
    std::atomic<std::uint64_t> caller;  ///< of that place
    std::array<std::atomic<std::uint64_t>, kKinds> calls;
    std::atomic<std::uint64_t> placeCalls;
    std::atomic<std::uint64_t> refused;
    std::array<Place, kPlaces> places;
};

/// Smaller calls of malloc are never refused: a system that has no page left ends processes instead of refusing bytes.
constexpr std::uint64_t kAllocationBytesMin = 4096;

constexpr const char* kBoardVariable = "TRIBUTARY_FAULT_BOARD";
constexpr const char* kFolderVariable = "TRIBUTARY_FAULT_FOLDER";  ///< file calls count below it only

}  // namespace tributary::sweep
