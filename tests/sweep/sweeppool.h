// Scripts side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sweepscript.h"

namespace tributary::sweep {

struct PoolOptions {
    std::string dir;  ///< each run makes a workspace of its own in it
    int jobs = 1;     ///< runs at a time
};

/// Carries out a script for each fault, each in a process of its own, and tells its outcome as it ends. A run that does
/// not end by itself counts as one whose daemon crashed. Call before this process has threads or an application.
void runAll(const std::vector<Fault>& faults, const PoolOptions& options,
            const std::function<void(const Fault&, const Outcome&)>& told);

}  // namespace tributary::sweep
