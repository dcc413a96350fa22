// A run as its journal tells it afterwards, event by event: for showing it again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/runstate.h"

namespace tributary::runbooks {

struct RecordedRun {
    RunState state;                ///< at the end of what could be read
    std::vector<RunEvent> events;  ///< in their order; lag samples are in no journal
    /// Why the record ends before the run may have: a line that is none. Empty when it was read to its end.
    std::string problem;
};

/// The largest journal that is read.
inline constexpr std::size_t kRecordedBytesMax = std::size_t{64} * 1024 * 1024;

/// Reads a journal to be looked at, never to go on with: of a support bundle's, whose secrets are blotted out, no
/// checksum holds, so none is asked for. What follows a damaged line is left out, and `problem` says so. Errors:
/// Corrupt when the first record is not that of a run; InvalidInput when the text is larger than kRecordedBytesMax.
[[nodiscard]] Result<RecordedRun> readRecordedRun(std::string_view text, const std::string& fileName);

}  // namespace tributary::runbooks
