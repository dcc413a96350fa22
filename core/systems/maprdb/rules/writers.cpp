// Whom the drawn permissions keep from writing.
#include "core/systems/maprdb/rules/writers.h"

#include <algorithm>

#include "core/topology/ace.h"

namespace tributary {
namespace {

AceSubject subjectIn(const Topology& topology, const std::string& path, const std::string& user) {
    AceSubject subject;
    subject.user = user;
    const Cluster* cluster = topology.clusterOfPath(path);
    if (cluster == nullptr) return subject;
    for (const auto& [group, members] : cluster->groups) {
        if (std::find(members.begin(), members.end(), user) != members.end()) subject.groups.push_back(group);
    }
    return subject;
}

/// An expression that does not parse has a finding of its own.
bool denies(const Permissions& perms, const char* name, const AceSubject& subject) {
    const auto drawn = perms.find(name);
    if (drawn == perms.end()) return false;
    const Result<Ace> ace = parseAce(drawn->second.ace);
    return ace && !ace->allows(subject);
}

}  // namespace

std::vector<std::string> tablesClosedToWriter(const Topology& topology, const std::string& user) {
    std::vector<std::string> closed;
    for (const Dataset& dataset : topology.datasets) {
        if (dataset.kind == DatasetKind::Stream) continue;
        const AceSubject subject = subjectIn(topology, dataset.path, user);
        const bool stops = std::any_of(dataset.families.begin(), dataset.families.end(), [&](const Family& family) {
            return family.perms.contains("writeperm") ? denies(family.perms, "writeperm", subject)
                                                      : denies(dataset.perms, "defaultwriteperm", subject);
        });
        if (stops) closed.push_back(dataset.path);
    }
    return closed;
}

}  // namespace tributary
