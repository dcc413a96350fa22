// How well a link does, judged in one place for canvas, outline, charts, terminal and metrics.
#pragma once

#include <string_view>

namespace tributary {

/// Good: replicates, and its lag is known (a member that follows: whether or not its lag means something). Held: works
/// less than it is meant to, or not now, on purpose or for a while (paused, a copy under way, connecting, synchronous
/// fallen back). Bad: it fails. Unknown: nobody can tell.
enum class LinkHealth { Good, Held, Bad, Unknown };
/// "good", "held", "bad", "unknown".
[[nodiscard]] std::string_view linkHealthName(LinkHealth health);

/// What the judgement rests on.
struct LinkFacts {
    /// As the check link-state names it, or as a member tells it of one that it follows (follow, stopped, ...); "?" or
    /// empty when who would tell does not answer.
    std::string_view state;
    bool hasError = false;
    bool lagKnown = false;
    bool fellBack = false;  ///< synchronous by its record, asynchronous now
    bool cut = false;       ///< something on the way lets nothing pass, whether or not the link has noticed
};
[[nodiscard]] LinkHealth linkHealth(const LinkFacts& facts);

}  // namespace tributary
