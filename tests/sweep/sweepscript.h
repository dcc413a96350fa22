// One life of a workspace on the real program, with one call of its daemons refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "faultboard.h"

namespace tributary::sweep {

/// Which call is refused. nth 0 = none: the run counts the calls.
struct Fault {
    Kind kind = Kind::Open;
    std::uint64_t nth = 0;
    bool onward = false;
    std::uint64_t place = 0;   ///< for New: nth counts the calls of this place (faultboard.h)
    std::uint64_t caller = 0;  ///< of that place
    bool record = false;       ///< the run notes every place that calls operator new
    [[nodiscard]] std::string text() const;
};

struct PlaceCalls {
    std::uint64_t hash = 0;
    std::uint64_t caller = 0;
    std::uint64_t calls = 0;
};

struct Outcome {
    std::vector<std::string> crashes;  ///< daemons that ended by a signal or by a mistake of the program
    std::vector<std::string> losses;   ///< what was acknowledged and is not there after a clean start
    std::vector<std::string> silent;   ///< requests without an answer, errors without a text, starts that failed clean
    std::array<std::uint64_t, kKinds> calls{};
    std::uint64_t refused = 0;
    std::vector<PlaceCalls> places;  ///< when they were recorded
    [[nodiscard]] bool good() const { return crashes.empty() && losses.empty() && silent.empty(); }
};

/// Runs in `dir`, which is made and, when all is well, removed. Blocks for one to a few seconds. Two clusters of one
/// daemon, a table in each: create, load 2,000 rows, copy them to the other cluster, checkpoint (a clean stop), start,
/// load more, kill -9, recover, back up; then a start without faults, where everything acknowledged must be. The
/// process becomes the reaper of the daemons it starts.
[[nodiscard]] Outcome runScript(const std::string& dir, const Fault& fault);

}  // namespace tributary::sweep
