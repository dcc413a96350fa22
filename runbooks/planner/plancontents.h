// Which rows are where before a plan begins, as far as it can be told: what has to be copied, and what that costs.
#pragma once

#include <map>
#include <set>
#include <string>

#include "runbooks/planner/planwork.h"

namespace tributary::runbooks::detail {

/// Every table that holds rows is a holder; a whole-table link that runs carries its source's holders to its replica. A
/// new link needs a copy when its source has a holder that its replica lacks. What a table gets by a copy of the same
/// plan it forwards by its links, since all of them are registered before the first copy.
class Contents {
public:
    explicit Contents(const PlanWork& work);

    [[nodiscard]] bool needsCopy(const std::string& from, const std::string& to) const;
    /// Of copying a table over the network as drawn.
    [[nodiscard]] StepCost cost(const std::string& from, const std::string& to) const;

private:
    [[nodiscard]] const std::set<std::string>& of(const std::string& path) const;

    const PlanWork& work_;
    std::map<std::string, std::set<std::string>> holders_;
};

}  // namespace tributary::runbooks::detail
