// What a dialect adds to runbooks that leave the program as scripts and pages.
#pragma once

#include <string_view>
#include <vector>

namespace tributary::runbooks {

/// How a person asks what a check asks. {0} {1} {2} stand for the arguments.
struct CheckLookup {
    std::string_view check;
    std::string_view command;  ///< the system's own
    std::string_view shows;    ///< the end of the sentence "its answer shows ..."
};

/// What a script does not ask as the program does.
struct CheckLoss {
    std::string_view check;
    std::string_view what;  ///< what a run asks
    std::string_view here;  ///< what becomes of it in a script
};

/// Everything lives as long as the program.
struct ExportWords {
    std::vector<CheckLookup> lookups{};        ///< one per check
    std::vector<CheckLoss> losses{};           ///< of the checks that a script does not ask in full
    std::string_view lag = "it is not shown";  ///< what a script shows of it
    std::string_view failures = "by the exit code of the command";  ///< how a script tells them apart
    std::string_view errors = "it names the reason.";  ///< how a person reads one, to follow "Read the error: "
    /// Bash, in blocks that begin with `#@ NAME`, for machinery.bash: cluster-of, class-of, in-time, undo-failed,
    /// plan-line, asking (runbooks/export/README.md). A block that is missing is taken from plain.bash.
    std::string_view script;
    /// Bash, in blocks that begin with `#@ CHECK...`: a function per check (dashes become underscores) that answers by
    /// its exit code, 0 yes, 1 no, else cannot tell, and leaves what it saw in $evidence.
    std::string_view checks;
};

}  // namespace tributary::runbooks
