// Bugs built into the engine behind fault points, and which oracle must see each: proof that the oracles are not blind.
#pragma once

#include <string>
#include <vector>

#include "simplan.h"

namespace tributary::simtest {

struct SeededBug {
    const char* name;      ///< of the fault point
    const char* oracle;    ///< the one expected to see it first (violations begin with its name)
    Profile profile;       ///< where it can show
    int seedsMax;          ///< killed within so many seeds, or the test fails
    void (*shape)(Plan&);  ///< what a run needs so that the bug can be reached at all
};

/// Those of tables; other kinds have their own (SimKind::bugs).
[[nodiscard]] const std::vector<SeededBug>& seededBugs();
[[nodiscard]] const SeededBug* bugNamed(const std::vector<SeededBug>& bugs, const std::string& name);

}  // namespace tributary::simtest
