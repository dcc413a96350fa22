// Rules about access control expressions and who may set replication up.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"
#include "core/systems/maprdb/rules/columns.h"
#include "core/systems/maprdb/rules/rulesets.h"
#include "core/topology/ace.h"
#include "core/topology/administrators.h"

namespace tributary::maprdb {

namespace {

/// One permission as drawn, with the name it is drawn under and the place to change it.
struct Drawn {
    std::string name;
    const Permission* permission = nullptr;
};

const Permission* find(const Permissions& perms, const std::string& name) {
    const auto found = perms.find(name);
    return found == perms.end() ? nullptr : &found->second;
}

/// Reading needs the family's readperm; without one the table's default, which the drawing may also call readperm.
std::vector<Drawn> readPermissions(const Dataset& dataset, const std::set<std::string>& families) {
    std::vector<Drawn> out;
    const Permission* general = find(dataset.perms, "defaultreadperm");
    const std::string generalName = general != nullptr ? "defaultreadperm" : "readperm";
    if (general == nullptr) general = find(dataset.perms, "readperm");
    bool generalUsed = families.empty();
    for (const std::string& name : families) {
        const Family* family = findFamily(dataset, name);
        const Permission* own = family == nullptr ? nullptr : find(family->perms, "readperm");
        if (own != nullptr) out.push_back({fmt::format("readperm of family {}", name), own});
        generalUsed = generalUsed || own == nullptr;
    }
    if (generalUsed && general != nullptr) out.push_back({generalName, general});
    return out;
}

void addPermission(std::vector<Drawn>& out, const Dataset& dataset, const std::string& name) {
    if (const Permission* drawn = find(dataset.perms, name)) out.push_back({name, drawn});
}

/// What the source's owner needs to register a replica (maprdb.md 1.4, 1.6).
std::vector<Drawn> neededAtSource(const Context::Edge& edge) {
    std::vector<Drawn> out;
    if (edge.source->kind == DatasetKind::Stream) {
        addPermission(out, *edge.source, "adminperm");
        addPermission(out, *edge.source, "copyperm");
        return out;
    }
    out = readPermissions(*edge.source, carriedFamilies(*edge.source, *edge.replica));
    addPermission(out, *edge.source, "replperm");
    return out;
}

/// What the replica's owner needs to accept it and to load the first copy (seed 000, preparations).
std::vector<Drawn> neededAtReplica(const Context::Edge& edge) {
    std::vector<Drawn> out;
    if (edge.target->kind == DatasetKind::Stream) {
        addPermission(out, *edge.target, "copyperm");
        return out;
    }
    addPermission(out, *edge.target, "replperm");
    addPermission(out, *edge.target, "bulkloadperm");
    return out;
}

AceSubject subjectOf(const Context& context, const Cluster* cluster, const std::string& user) {
    AceSubject subject;
    subject.user = user;
    if (user == context.options.user) subject.groups = context.options.groups;
    if (cluster == nullptr) return subject;
    for (const auto& [group, members] : cluster->groups) {
        if (std::find(members.begin(), members.end(), user) != members.end()) subject.groups.push_back(group);
    }
    return subject;
}

/// The first permission that stops `subject`, or nullptr. Expressions that do not parse have a rule of their own.
const Drawn* stopping(const Context& context, const std::vector<Drawn>& needed, const AceSubject& subject) {
    for (const Drawn& each : needed) {
        const Result<Ace>& ace = context.ace(each.permission->ace);
        if (ace && !ace->allows(subject)) return &each;
    }
    return nullptr;
}

/// Reports when no user who may act passes all of `needed`.
void requireAll(const Context& context, FindingSink& sink, const Context::Edge& edge, const Dataset& dataset,
                const std::vector<Drawn>& needed, std::string_view deed) {
    const Cluster* cluster = context.clusterOfPath(dataset.path);
    std::vector<std::string> users;
    if (!context.options.user.empty()) {
        users = {context.options.user};
    } else if (cluster != nullptr) {
        users = cluster->users;
    }
    const Drawn* stopped = nullptr;
    std::string whom;
    for (const std::string& user : users) {
        const Drawn* by = stopping(context, needed, subjectOf(context, cluster, user));
        if (by == nullptr) return;
        if (stopped == nullptr) {
            stopped = by;
            whom = user;
        }
    }
    if (users.empty()) {
        // Nobody is drawn: only an empty expression is certain to stop everybody.
        const auto empty = std::find_if(needed.begin(), needed.end(),
                                        [](const Drawn& each) { return trim(each.permission->ace).empty(); });
        if (empty == needed.end()) return;
        stopped = &*empty;
    }
    const std::string old = std::string(trim(stopped->permission->ace));
    const std::string user = whom.empty() ? std::string("<user>") : whom;
    const std::string wider = old.empty() ? "u:" + user : fmt::format("{} | u:{}", old, user);
    const std::string who = users.size() == 1 ? "user " + whom : "no user of the cluster";
    const bool certain = !whom.empty() && dataset.perms.contains(stopped->name);
    sink.add({edgeText(*edge.replica), stopped->permission->pos.known() ? stopped->permission->pos : edge.replica->pos,
              fmt::format("{} {} {} {}: {} is '{}'", users.empty() ? "nobody" : who,
                          users.size() == 1 ? "may not" : "may", deed, dataset.path, stopped->name, old),
              fmt::format("set {} of {} to \"{}\"", stopped->name, dataset.path, wider),
              certain ? setAttribute(idOf(dataset), "perms." + stopped->name, wider) : nullptr});
}

void sourcePermission(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        requireAll(context, sink, edge, *edge.source, neededAtSource(edge), "replicate from");
    }
}

void replicaPermission(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        requireAll(context, sink, edge, *edge.target, neededAtReplica(edge), "replicate into");
    }
}

/// Every expression of the drawing: visit(dataset, attribute, text for people, permission).
template <typename Visit>
void eachExpression(const Context& context, Visit visit) {
    for (const Dataset& dataset : context.topology.datasets) {
        if (!context.isMaprDb(dataset.path)) continue;
        for (const auto& [name, permission] : dataset.perms) visit(dataset, "perms." + name, name, permission);
        for (const Family& family : dataset.families) {
            for (const auto& [name, permission] : family.perms) {
                visit(dataset, fmt::format("family.{}.perms.{}", family.name, name),
                      fmt::format("{} of family {}", name, family.name), permission);
            }
        }
    }
}

void aceSyntax(const Context& context, FindingSink& sink) {
    eachExpression(context, [&](const Dataset& dataset, const std::string& attribute, const std::string& name,
                                const Permission& permission) {
        const Result<Ace>& ace = context.ace(permission.ace);
        if (ace) return;
        const std::string& repaired = ace.error().fix;
        sink.add(
            {dataset.path, permission.pos.known() ? permission.pos : dataset.pos,
             fmt::format("{}: {}", name, ace.error().what),
             repaired.empty() ? "write terms u:<user>, g:<group> or p, joined with | and &"
                              : fmt::format("write \"{}\"", repaired),
             repaired.empty() || !parseAce(repaired) ? nullptr : setAttribute(idOf(dataset), attribute, repaired)});
    });
}

void aceUnknownUser(const Context& context, FindingSink& sink) {
    // Groups that are present on every node of the real system, whether anybody draws them or not.
    constexpr std::array<std::string_view, 2> kAlwaysKnown{"mapr", "root"};
    eachExpression(context, [&](const Dataset& dataset, const std::string& /*attribute*/, const std::string& name,
                                const Permission& permission) {
        const Cluster* cluster = context.clusterOfPath(dataset.path);
        const Result<Ace>& ace = context.ace(permission.ace);
        if (cluster == nullptr || !ace) return;
        const auto report = [&](std::string_view what, const std::string& who, const std::vector<std::string>& known) {
            const std::string near = nearest(who, known);
            sink.add({dataset.path, permission.pos.known() ? permission.pos : dataset.pos,
                      fmt::format("{}: {} '{}' is not known in cluster {}; the command that sets it is refused", name,
                                  what, who, cluster->name),
                      what == "role" ? "name users or groups: roles are not drawn"
                      : near.empty() ? fmt::format("add {} to the {}s of {}", who, what, cluster->name)
                                     : fmt::format("did you mean '{}'?", near)});
        };
        const std::vector<std::string> administrators = administratorsOf(*cluster);
        for (const std::string& user : ace->users()) {
            const bool always = std::find(administrators.begin(), administrators.end(), user) != administrators.end();
            const bool drawn = std::find(cluster->users.begin(), cluster->users.end(), user) != cluster->users.end();
            if (!cluster->users.empty() && !always && !drawn) report("user", user, cluster->users);
        }
        // A drawing that names users or groups names all that there are; one that names none leaves them open.
        std::vector<std::string> groups;
        for (const auto& [group, members] : cluster->groups) groups.push_back(group);
        const bool tells = !cluster->users.empty() || !groups.empty();
        for (const std::string& group : ace->groups()) {
            const bool always = std::find(kAlwaysKnown.begin(), kAlwaysKnown.end(), group) != kAlwaysKnown.end();
            if (tells && !always && !cluster->groups.contains(group)) report("group", group, groups);
        }
        for (const std::string& role : ace->roles()) report("role", role, {});
    });
}

/// Traversing is a right on parts of documents, which have neither versions nor appending: the commands refuse what
/// tables of the other kind have.
void permissionOfDocuments(const Context& context, FindingSink& sink) {
    eachExpression(context, [&](const Dataset& dataset, const std::string& attribute, const std::string& name,
                                const Permission& permission) {
        const auto names = [&](std::string_view word) { return attribute.find(word) != std::string::npos; };
        const bool json = dataset.kind == DatasetKind::JsonTable && (names("appendperm") || names("versionperm"));
        const bool binary = dataset.kind == DatasetKind::BinaryTable && names("traverseperm");
        if (!json && !binary) return;
        sink.add({dataset.path, permission.pos.known() ? permission.pos : dataset.pos,
                  fmt::format("{}: only {}, and {} is a {}", name,
                              json ? "binary tables know versions and appending" : "JSON tables know traversing",
                              dataset.path, datasetKindName(dataset.kind)),
                  fmt::format("leave {} out", name), setAttribute(idOf(dataset), attribute, std::nullopt)});
    });
}

}  // namespace

void addPermissionRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.source-permission", Severity::Error,
                     "nobody who may act has readperm and replperm (streams: adminperm and copyperm) on the source",
                     "maprdb.md 1.4, 1.6, 2.1; seed 000, preparations", judged(sourcePermission)});
    rules.push_back({"maprdb.replica-permission", Severity::Error,
                     "nobody who may act has replperm and bulkloadperm (streams: copyperm) on the replica",
                     "maprdb.md 1.2, 1.8; seed 000, preparations", judged(replicaPermission)});
    rules.push_back({"maprdb.permission-of-documents", Severity::Error,
                     "traverseperm on a table that holds no documents; appendperm or versionperm on one that does",
                     "maprdb.md 1.2, 1.6", judged(permissionOfDocuments)});
    rules.push_back({"maprdb.ace-syntax", Severity::Error, "a permission that is no access control expression",
                     "maprdb.md 1.1", judged(aceSyntax)});
    rules.push_back({"maprdb.ace-unknown-user", Severity::Error,
                     "a permission names a user or group that is not drawn, or a role (no role is known)",
                     "maprdb.md 1.1", judged(aceUnknownUser)});
}

}  // namespace tributary::maprdb
