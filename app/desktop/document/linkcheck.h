// Whether a link may be drawn: what painting legal targets, the drop and the link dialog all ask.
#pragma once

#include <string>
#include <vector>

#include "app/desktop/document/drawingeditor.h"
#include "core/rules/rule.h"

namespace tributary::desktop {

enum class LinkVerdict {
    Legal,
    Warned,  ///< it may be drawn, and a problem comes with it
    Refused  ///< no other edit could make it right
};

struct LinkJudgement {
    LinkVerdict verdict = LinkVerdict::Legal;
    /// What drawing it would newly break, in the words of `tributary check`; the missing other half is no offence here,
    /// since it can be drawn next.
    std::vector<Finding> findings;
    /// "[maprdb.self-edge] reason - fix" of the worst finding; empty when legal.
    std::string text;
};

/// Applies the edit to a copy of the neighbourhood of both datasets and asks the rules: the colour cannot disagree with
/// what drawing it does. Costs a few rules over a handful of datasets, not over the drawing.
[[nodiscard]] LinkJudgement judgeLink(const Topology& topology, const std::string& from, const std::string& to,
                                      LinkHalves halves);

}  // namespace tributary::desktop
