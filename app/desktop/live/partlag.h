// How far the parts of a dataset are behind at a replica, part by part: offsets of partitions. Not of the GUI thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/observe/statusmodel.h"

namespace tributary::desktop {

/// One part of a link's dataset.
struct PartBehind {
    std::string part;                    ///< "web", of a stream its topic
    std::string section;                 ///< "0", its partition
    std::optional<std::int64_t> behind;  ///< what the replica lacks; absent: an end does not tell
};
/// By "from -> to"; links whose datasets have no such parts are not in it.
using PartsBehind = std::map<std::string, std::vector<PartBehind>>;

inline constexpr std::size_t kPartsMost = 256;  ///< of one link: those of more are not asked for

/// Asks both ends of each link whose dataset has parts. Blocks as a look does.
[[nodiscard]] PartsBehind partsBehind(app::Session& session, const app::WorkspaceStatus& status);

/// How often ends are asked for, whatever looks at clusters do: each part of a stream is a question of its own.
inline constexpr Millis kPartsEveryMs = 1'000;

/// The last answer, which stays until the next is due. One thread.
class PartsKept {
public:
    /// Asks when somebody wants it and the last answer is old; nothing when nobody does. `nowMs` never goes backwards.
    [[nodiscard]] const PartsBehind& look(bool isWanted, Millis nowMs, const std::function<PartsBehind()>& ask);

private:
    PartsBehind last_;
    std::optional<Millis> askedMs_;
};

}  // namespace tributary::desktop
