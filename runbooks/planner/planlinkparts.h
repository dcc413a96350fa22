// Steps that new links, changed links and links that go have in common. Inside the planner only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runbooks/planner/plancontents.h"
#include "runbooks/planner/planwork.h"

namespace tributary::runbooks::detail {

inline constexpr Millis kArriveMs = 12LL * 3'600'000;  ///< for rows to be copied, and for links to catch up
inline constexpr Millis kRunMs = 120'000;              ///< for a link to run
inline constexpr Millis kQuickMs = 200;                ///< between two looks at it

/// One drawn direction and what the plan has to do for it.
struct Link {
    const Replica* drawn = nullptr;
    const ObservedReplica* there = nullptr;   ///< the record as it is; nullptr: there is none
    std::optional<std::size_t> missing;       ///< difference: no replica record
    std::optional<std::size_t> missingOther;  ///< difference: no upstream record
    std::optional<std::size_t> stale;         ///< difference: the replica record means another table
    std::optional<std::size_t> staleOther;    ///< difference: the upstream record means another table
    bool both = false;                        ///< both halves are drawn
    bool copied = false;                      ///< all that it sends is copied by another step of the plan

    [[nodiscard]] bool isNew() const { return missing || missingOther || stale || staleOther; }
};

/// An option of `table replica edit`, as it is and as it should be.
struct LinkOption {
    std::string name;
    std::string now;
    std::string wanted;
};

/// Makes those steps. A difference that is given is what the step closes.
class LinkSteps {
public:
    explicit LinkSteps(PlanWork& plan) : work(plan), contents(plan) {}

    PlanWork& work;
    const Contents contents;
    std::vector<const Replica*> arriving;  ///< links that run after the plan and did not before

    void guardTable(const std::string& path);
    void pause(Phase phase, const ReplicaId& id, const std::string& why, const std::optional<std::size_t>& difference);
    /// `columns`: only these; empty: what the link sends.
    void copy(const Link& link, const std::string& columns, const std::string& why);
    void resume(const Link& link, const std::optional<std::size_t>& difference);
    void authorize(const std::string& at, const std::string& from, std::size_t difference, bool both);
    /// Sets options of a replica record, with the way back; `noun` as PlanWork::noun() tells it of the source.
    static void edit(Step& step, const ReplicaId& id, const std::vector<LinkOption>& options, std::string_view noun);
};

/// A drawn link that is registered, and differs.
void changeLink(LinkSteps& steps, const Link& link);
/// Links that are registered and not drawn.
void removeLinks(LinkSteps& steps);

}  // namespace tributary::runbooks::detail
