// Ends of both sides, subtracted.
#include "app/desktop/live/partlag.h"

#include <algorithm>

#include "app/systems/databrowser.h"

namespace tributary::desktop {
namespace {

using Ends = std::optional<std::vector<app::BrowseEnd>>;

/// Asks each dataset once in a look.
class EndsOf {
public:
    EndsOf(app::Session& session, const app::WorkspaceStatus& status) : session_(session), status_(status) {}

    /// nullptr: datasets of that kind have no parts.
    const Ends* of(const std::string& dataset) {
        if (const auto known = ends_.find(dataset); known != ends_.end()) return &known->second;
        for (const app::ClusterRow& cluster : status_.clusters) {
            for (const app::TableRow& table : cluster.tables) {
                if (table.path != dataset) continue;
                const app::DataBrowser* browser = app::dataBrowser(cluster.system, table.kind);
                if (browser == nullptr || browser->words().section.empty()) return nullptr;
                auto told = browser->ends(session_, dataset);
                return &(ends_[dataset] = told ? Ends(std::move(told).value()) : Ends());
            }
        }
        return nullptr;  // nobody says what it is
    }

private:
    app::Session& session_;
    const app::WorkspaceStatus& status_;
    std::map<std::string, Ends> ends_;
};

std::optional<std::int64_t> behindOf(const app::BrowseEnd& source, const Ends& replica) {
    if (!replica) return std::nullopt;
    const auto there = std::find_if(replica->begin(), replica->end(), [&](const app::BrowseEnd& each) {
        return each.part == source.part && each.section == source.section;
    });
    // What it does not have yet is lacking from the oldest that is there on.
    const std::uint64_t reached = there == replica->end() ? source.low : std::max(there->end, source.low);
    return source.end > reached ? static_cast<std::int64_t>(source.end - reached) : 0;
}

}  // namespace

PartsBehind partsBehind(app::Session& session, const app::WorkspaceStatus& status) {
    PartsBehind out;
    EndsOf ends(session, status);
    for (const app::LinkRow& link : status.links) {
        if (link.ofMembers) continue;
        const Ends* source = ends.of(link.from);
        if (source == nullptr || !*source || (*source)->size() > kPartsMost) continue;
        const Ends* replica = ends.of(link.to);
        std::vector<PartBehind>& parts = out[link.from + " -> " + link.to];
        parts.reserve((*source)->size());
        for (const app::BrowseEnd& each : **source) {
            parts.push_back({each.part, each.section, behindOf(each, replica == nullptr ? Ends() : *replica)});
        }
    }
    return out;
}

const PartsBehind& PartsKept::look(bool isWanted, Millis nowMs, const std::function<PartsBehind()>& ask) {
    if (!isWanted) {
        last_.clear();
        askedMs_.reset();
    } else if (!askedMs_ || nowMs - *askedMs_ >= kPartsEveryMs) {
        askedMs_ = nowMs;
        last_ = ask();
    }
    return last_;
}

}  // namespace tributary::desktop
