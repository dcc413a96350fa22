// Parting, starting, stopping.
#include "app/terminal/upmembers.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/observe/audit.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

template <typename T>
void append(std::vector<T>& to, std::vector<T> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Result<PartedClusters> partClusters(Session& session, const std::vector<std::string>& names,
                                    const std::vector<std::string>& hosted) {
    PartedClusters out;
    std::vector<std::string> known = hosted;
    for (const MemberSystem* system : memberSystems()) {
        std::vector<std::string> theirs = system->clusters(session.workspace().paths, session.topology());
        append(known, theirs);
        if (!names.empty()) std::erase_if(theirs, [&](const std::string& name) { return !has(names, name); });
        if (!theirs.empty()) out.members.emplace_back(system, std::move(theirs));
    }
    for (const std::string& name : names) {
        if (has(known, name)) continue;
        const std::string near = nearest(name, known);
        return Error{ErrorCode::InvalidInput, fmt::format("the drawing has no cluster '{}'", name), "--cluster",
                     near.empty() ? "one of: " + join(known, ", ") : fmt::format("did you mean '{}'?", near)};
    }
    for (const std::string& name : names.empty() ? hosted : names) {
        if (has(hosted, name)) out.hosted.push_back(name);
    }
    return out;
}

Result<MembersStarted> startMembers(Session& session, const PartedClusters& parted) {
    MembersStarted out;
    for (const auto& [system, clusters] : parted.members) {
        auto started = system->start(session.workspace().paths, session.topology(), clusters);
        const std::optional<Error> problem = started ? started.value().problem : std::optional(started.error());
        audit(session, "tributary up " + join(clusters, " "), problem ? problem->text() : std::string());
        if (!started) return started.error();
        append(out.started, std::move(started.value().started));
        append(out.running, std::move(started.value().running));
        append(out.notes, std::move(started.value().notes));
        out.problem = problem;
        if (problem) break;
    }
    return out;
}

MembersStopped stopMembers(Session& session, const PartedClusters& parted) {
    MembersStopped out;
    for (const auto& [system, clusters] : parted.members) {
        MembersStopped stopped = system->stop(session.workspace().paths, session.topology(), clusters);
        const bool anything = !stopped.stopped.empty() || !stopped.notStopped.empty();
        if (anything) {
            audit(session, "tributary down " + join(clusters, " "),
                  stopped.notStopped.empty() ? std::string() : stopped.notStopped.front().second.text());
        }
        append(out.stopped, std::move(stopped.stopped));
        append(out.alreadyDown, std::move(stopped.alreadyDown));
        append(out.notStopped, std::move(stopped.notStopped));
    }
    return out;
}

}  // namespace tributary::app
