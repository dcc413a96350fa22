// The judgement.
#include "core/telemetry/linkhealth.h"

namespace tributary {

std::string_view linkHealthName(LinkHealth health) {
    switch (health) {
        case LinkHealth::Good: return "good";
        case LinkHealth::Held: return "held";
        case LinkHealth::Bad: return "bad";
        case LinkHealth::Unknown: break;
    }
    return "unknown";
}

LinkHealth linkHealth(const LinkFacts& facts) {
    if (facts.state == "?" || facts.state.empty()) return LinkHealth::Unknown;
    if (facts.hasError) return LinkHealth::Bad;
    if (facts.state == "paused") return LinkHealth::Held;
    if (facts.cut) return LinkHealth::Bad;
    if (facts.state == "copying" || facts.state == "scheduled" || facts.state == "connecting") return LinkHealth::Held;
    if (facts.state != "replicating") return LinkHealth::Bad;
    if (!facts.lagKnown) return LinkHealth::Unknown;
    return facts.fellBack ? LinkHealth::Held : LinkHealth::Good;
}

}  // namespace tributary
