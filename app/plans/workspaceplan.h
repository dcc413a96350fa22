// The plan of a workspace: one look at what runs, and the runbook that makes it what is drawn.
#pragma once

#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/statusmodel.h"
#include "runbooks/planner/plan.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

struct PlanRequest {
    std::vector<std::string> only;  ///< elements as a person names them (runbooks::parseElement); empty: everything
    bool remove = true;             ///< false: what runs and is not drawn stays
};

struct WorkspacePlan {
    Observation observation;  ///< that it was made from
    runbooks::Plan plan;
};

/// Looks at every cluster, plans, and compares the tables that the plan would delete with their copies. Errors: those
/// of runbooks::makePlan and parseElement. Blocks: for seconds, longer while tables that go are compared.
Result<WorkspacePlan> planWorkspace(Session& session, const PlanRequest& request);

/// The same for a drawing that is not saved, and an observation that somebody has; `port` looks at what deletions take.
Result<runbooks::Plan> planFor(const Topology& drawing, const Observation& observation,
                               const runbooks::PlanOptions& options, runbooks::SystemPort& port);

/// What is not any more as it was when the plan was made, or cannot be told.
struct BrokenGuards {
    std::vector<std::string> changed;  ///< a sentence each, with what is seen now
    std::vector<std::string> unknown;
    [[nodiscard]] bool hold() const { return changed.empty() && unknown.empty(); }
};
/// Asks all that a plan's runbook requires before its first step. Changes nothing.
[[nodiscard]] BrokenGuards askGuards(const runbooks::Runbook& plan, runbooks::SystemPort& port);

/// Puts the drawn network in force where it differs and is not left out by somebody's wish. Returns the clusters whose
/// network changed. Errors: those of the first door that refused.
Result<std::vector<std::string>> putNetworkInForce(Session& session);

struct Adoption {
    std::vector<std::string> titles;  ///< "Adopt replica /mapr/a/t -> /mapr/b/t"
    Topology drawing;                 ///< with all of it
};
/// The drawing with the named elements as they run; nothing is saved. Errors: those of parseElement and adoptEdit.
Result<Adoption> adopt(const Topology& drawing, const Observation& observation,
                       const std::vector<std::string>& elements);

}  // namespace tributary::app
