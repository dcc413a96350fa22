// What the parts of a planner share: the drawing, what was seen, the differences to close, and the steps so far.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/topology/topologyindex.h"
#include "runbooks/planner/plan.h"
#include "runbooks/planner/plancommands.h"

namespace tributary::runbooks::detail {

/// The order of a plan. Within a phase steps keep the order in which they were made.
enum class Phase {
    Doors,     ///< gateways, and which of them are used: what comes after needs them
    Look,      ///< permissions, gateways
    Create,    ///< tables and families that are not there
    Alter,     ///< attributes of tables and families
    Register,  ///< both halves of every new link, so that no write is missed by a later copy
    Edit,      ///< how links work; pauses
    Copy,      ///< rows
    Resume,    ///< links begin to send
    Arrive,    ///< until they have caught up
    Settle,    ///< what may be asked of a link only then: synchronous
    Unlink,    ///< links that are not drawn: paused, both records removed
    Drop       ///< families, tables
};
inline constexpr std::size_t kPhases = static_cast<std::size_t>(Phase::Drop) + 1;

struct Draft {
    Step step;
    PlannedStep info;
};

class PlanWork {
public:
    PlanWork(const Topology& drawing, const Observation& observation, const PlanOptions& options);

    const Topology& drawing;
    const TopologyIndex drawn;
    const ObservationIndex seen;
    const PlanOptions& options;
    std::map<std::string, ObservedDataset> made;  ///< tables that the plan creates, as they will be
    std::vector<LeftOver> left;
    std::vector<Deletion> deletions;

    /// The differences that the plan is to close; once, first.
    void close(std::vector<Difference> which);
    [[nodiscard]] const std::vector<Difference>& differences() const { return differences_; }
    [[nodiscard]] std::vector<Difference> takeDifferences() { return std::move(differences_); }

    /// A new step of a phase, about `element`, its id made of a verb and what it is about. Valid until the next one.
    Draft& step(Phase phase, const std::string& verb, const std::string& about, const ElementId& element,
                StepEffect effect, std::string title, std::string why);
    /// What must be as it was seen, else the plan is not for this system any more. Said once each.
    void guard(Check what);
    void leave(std::size_t difference, std::string reason, std::string command);

    /// The places of the differences of an element; of one attribute when it is given.
    [[nodiscard]] std::vector<std::size_t> of(const ElementId& element) const;
    [[nodiscard]] std::optional<std::size_t> of(const ElementId& element, const std::string& attribute) const;

    /// A table as it will be when links are registered: created by the plan, or as seen. nullptr: it is not there then.
    [[nodiscard]] const ObservedDataset* table(const std::string& path) const;
    [[nodiscard]] bool willExist(const std::string& path) const { return table(path) != nullptr; }

    /// "table" or "stream": how commands call what lies at a path, as it is or will be.
    [[nodiscard]] std::string_view noun(const std::string& path) const;
    /// A line about what lies at a path: "maprcli table replica add -path PATH" of "replica add".
    [[nodiscard]] Line lineAt(const std::string& path, std::string_view words) const;
    [[nodiscard]] bool isStream(const std::string& path) const { return noun(path) == "stream"; }

    /// The drafts in their order; the work is done after that.
    [[nodiscard]] std::vector<Draft> take();
    [[nodiscard]] const std::vector<Check>& guards() const { return guards_; }

private:
    std::vector<Difference> differences_;
    std::array<std::vector<Draft>, kPhases> phases_;
    std::set<std::string> ids_;
    std::vector<Check> guards_;
    std::set<std::string> guarded_;
    std::map<std::string, std::vector<std::size_t>> byElement_;
};

void planTables(PlanWork& work);
void planDrops(PlanWork& work);
void planLinks(PlanWork& work);
void planClusters(PlanWork& work);

/// "/mapr/newyork/customers" as a part of an id: "newyork-customers".
[[nodiscard]] std::string slug(const std::string& text);
/// "sanfrancisco-customers-to-newyork-customers".
[[nodiscard]] std::string linkSlug(const std::string& from, const std::string& to);

}  // namespace tributary::runbooks::detail
