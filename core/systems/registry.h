// The systems that can be drawn, each with what the rest of the program asks of it; a new system is a row of one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

/// A kind of dataset as its system has it.
struct KindSpec {
    DatasetKind kind;
    std::string_view name;  ///< as a drawing writes it: "binary-table"
    bool built = false;     ///< `up` makes datasets of it
    std::string_view noun;  ///< "a table"
};

/// What is said of a system as a whole.
struct System {
    std::string_view name;  ///< as a drawing writes it: "maprdb"
    bool built = false;     ///< `up` runs its clusters
    /// Each member of a cluster is a process of its own, none of the daemon's (app/systems/membersystem.h).
    bool ownProcesses = false;
    std::string_view otherwise;  ///< of one that is not built: what works without running it; empty when nothing does
    std::vector<KindSpec> kinds;
};

/// Every system, in the order of help.
[[nodiscard]] const std::vector<System>& systems();
/// Its row, or nullptr. Borrowed for ever.
[[nodiscard]] const System* findSystem(std::string_view name);
/// The system whose datasets are of this kind.
[[nodiscard]] const System& systemOfKind(DatasetKind kind);
/// The kind's row.
[[nodiscard]] const KindSpec& specOfKind(DatasetKind kind);

/// Those of systemNames() (topology.h) that this version runs. The others can be drawn; nothing pretends to be them.
[[nodiscard]] const std::vector<std::string>& builtSystemNames();
[[nodiscard]] bool isBuiltSystem(std::string_view system);
/// Whether the members of its clusters are processes of their own.
[[nodiscard]] bool hasOwnProcesses(std::string_view system);
/// Whether the dataset can come to be as drawn. Unsupported with reason and next step when it is to exist and this
/// version does not make datasets of its kind: what `check` finds and what starting it refuses, in the same words.
[[nodiscard]] Status requireBuiltKind(const Dataset& dataset);

}  // namespace tributary
