// What a member's number of this instance says.
#include "engine/systems/tarantool/replication/reusednumbers.h"

#include <fmt/format.h>

namespace tributary::engine::tarantool {
namespace {

constexpr const char* kCompare = "compare their rows: tributary diff, or the check same-data";

}  // namespace

void ReusedNumbers::began(std::int64_t own, bool isJoined) {
    hasBegun_ = true;
    isJoined_ = isJoined;
    began_ = own;
    met_.clear();
}

std::optional<std::string> ReusedNumbers::met(const Uuid& member, const std::string& name, std::int64_t theirs,
                                              std::int64_t own, Millis nowMs) {
    if (!hasBegun_) return std::nullopt;
    const auto [at, isNew] = met_.try_emplace(member);
    // Later it has what it was sent, or what others sent it.
    if (!isNew) return std::nullopt;
    if (theirs > own) {
        at->second.text = fmt::format(
            "{} has rows of this instance up to number {}, and the instance itself has them up to {}: it lost the end "
            "of its log, or began anew; what it writes before it has got them back takes their numbers, and {} passes "
            "it over; {}",
            name, theirs, own, name, kCompare);
    } else if (isJoined_ && theirs > began_) {
        at->second.text = fmt::format(
            "{} had rows of this instance up to number {} when it was met; the instance joined anew at {} and has "
            "given numbers up to {} since: unless {} got those from another member, they are other rows under the same "
            "numbers, and stay so; {}",
            name, theirs, began_, own, name, kCompare);
    }
    if (at->second.text.empty()) return std::nullopt;
    at->second.sinceMs = nowMs;
    return at->second.text;
}

std::vector<ReusedNumbers::Finding> ReusedNumbers::findings() const {
    std::vector<Finding> out;
    out.reserve(met_.size());
    for (const auto& [member, finding] : met_) {
        if (!finding.text.empty()) out.push_back(finding);
    }
    return out;
}

}  // namespace tributary::engine::tarantool
