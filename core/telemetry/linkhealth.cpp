// The judgement.
#include "core/telemetry/linkhealth.h"

#include <algorithm>
#include <array>

namespace tributary {
namespace {

/// States of a link that comes to work by itself: of records, of members that follow each other, of a consumer.
constexpr std::array<std::string_view, 18> kOnTheWay{
    "copying",    "scheduled", "connecting",    "connect",        "connected",    "auth",
    "ready",      "joined",    "wait_snapshot", "fetch_snapshot", "initial_join", "fetched_snapshot",
    "final_join", "register",  "registered",    "sync",           "loading",      "pending"};

}  // namespace

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
    if (facts.state == "follow" || facts.state == "active") return LinkHealth::Good;
    if (std::find(kOnTheWay.begin(), kOnTheWay.end(), facts.state) != kOnTheWay.end()) return LinkHealth::Held;
    if (facts.state != "replicating") return LinkHealth::Bad;
    if (!facts.lagKnown) return LinkHealth::Unknown;
    return facts.fellBack ? LinkHealth::Held : LinkHealth::Good;
}

}  // namespace tributary
