// Replica sets with their instances and users, spaces, peers.
#include "core/systems/tarantool/attributes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/commonattributes.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary {

namespace {

using attribute::field;
using attribute::structure;
using Text = std::optional<std::string>;

/// A row of one name.
template <auto Member>
auto nameRow(std::string_view name, std::string_view fallback, std::string_view meaning, std::string_view item) {
    return field<Member>({.name = name,
                          .form = "name",
                          .fallback = fallback,
                          .meaning = meaning,
                          .value = ValueForm::Name,
                          .item = item});
}

/// A comma list of names: parts that stay keep their settings.
template <typename T>
Status assignParts(std::vector<T>& parts, const Text& value, std::string_view thing) {
    std::vector<T> out;
    for (const std::string& name : splitList(value.value_or(""))) {
        if (Status named = checkName(thing, name); !named) return named;
        const auto kept = std::find_if(parts.begin(), parts.end(), [&](const T& each) { return each.name == name; });
        if (kept != parts.end()) {
            out.push_back(*kept);
        } else {
            out.emplace_back().name = name;
        }
    }
    parts = std::move(out);
    return okStatus();
}

Status assignMembers(Cluster& cluster, const Text& value) {
    return assignParts(cluster.members, value, "an instance");
}
Status assignAccounts(Cluster& cluster, const Text& value) {
    return assignParts(cluster.accounts, value, "a user");
}

/// <name>.<attribute> of a part.
template <typename T>
Status assignOfPart(std::vector<T>& parts, const AttributeTable<T>& table, std::string_view rest, const Text& value) {
    const std::size_t dot = rest.rfind('.');  // a name may hold dots, an attribute does not
    const std::string_view wanted = rest.substr(0, dot);
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const T& each) { return each.name == wanted; });
    if (dot == std::string_view::npos || found == parts.end()) {
        return Error{ErrorCode::InvalidInput, fmt::format("there is no '{}' in it", wanted), {}, {}};
    }
    return assignFrom(table, *found, rest.substr(dot + 1), value);
}

Status assignOfMember(Cluster& cluster, std::string_view rest, const Text& value) {
    return assignOfPart(cluster.members, memberAttributes(), rest, value);
}
Status assignOfAccount(Cluster& cluster, std::string_view rest, const Text& value) {
    return assignOfPart(cluster.accounts, accountAttributes(), rest, value);
}

/// "id unsigned, band_name string, year unsigned?": a question mark makes a field nullable.
Status assignFormat(Dataset& dataset, const Text& value) {
    std::vector<FieldFormat> out;
    for (const std::string& item : splitList(value.value_or(""))) {
        const std::size_t blank = item.find_first_of(" :");
        FieldFormat next;
        next.name = item.substr(0, blank);
        next.type = blank == std::string::npos ? "any" : std::string(trim(item.substr(blank + 1)));
        next.nullable = next.type.ends_with('?');
        if (next.nullable) next.type.pop_back();
        const std::vector<std::string>& types = tarantool::fieldTypeNames();
        if (std::find(types.begin(), types.end(), next.type) == types.end()) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("'{}' is no type of a field", next.type),
                         {},
                         fmt::format("one of: {}", join(types, ", "))};
        }
        out.push_back(std::move(next));
    }
    dataset.format = std::move(out);
    return okStatus();
}

}  // namespace

AttributeTable<Cluster> tarantool::clusterTable() {
    return {
        "a cluster of tarantool",
        "clusters: NAME: {system: tarantool, ...}",
        "a replica set: instances that follow each other; config.yaml is derived from it",
        {attribute::clusterName(), attribute::clusterSystem(),
         nameRow<&Cluster::app>("app", "the cluster's name",
                                "its folder in instances.enabled; replica sets may share one", "an application"),
         nameRow<&Cluster::group>("group", tarantool::kDefaultGroup, "the group of config.yaml that holds it",
                                  "a group"),
         field<&Cluster::failover>({"failover", "word", "off",
                                    "who says which instance writes: off (each instance's mode), manual (leader), "
                                    "election, supervised",
                                    ValueForm::Word, failoverNames}),
         nameRow<&Cluster::leader>("leader", "none", "the instance that writes, with failover: manual", "an instance"),
         field<&Cluster::bootstrapStrategy>({"bootstrap-strategy", "word", "auto",
                                             "auto, config, supervised, native or legacy", ValueForm::Word,
                                             bootstrapStrategyNames}),
         nameRow<&Cluster::bootstrapLeader>("bootstrap-leader", "none",
                                            "the instance that founds the replica set, with bootstrap-strategy: config",
                                            "an instance"),
         nameRow<&Cluster::advertise>("advertise", "the only user that may replicate",
                                      "the user as whom instances follow each other", "a user"),
         structure<Cluster>({"members", "{NAME: member}", "none", "its instances"}, assignMembers),
         structure<Cluster>({"users", "{NAME: user with roles}", "none",
                             "users that the configuration creates; passwords are given when it is exported"},
                            assignAccounts)},
        {{"member.", "member.<name>.<attribute>", assignOfMember},
         {"user.", "user.<name>.<attribute>", assignOfAccount}}};
}

AttributeTable<Dataset> tarantool::datasetTable() {
    return {"a space",
            "datasets: CLUSTER:SPACE: {kind: space, ...}",
            "a set of tuples that every instance of a replica set holds",
            {attribute::datasetPath(), attribute::datasetKind("space"),
             structure<Dataset>({"format", "[[field, type], ...]", "any fields",
                                 "its fields; {name: FIELD, type: TYPE, nullable: true} for one that may be null"},
                                assignFormat),
             field<&Dataset::primary>(
                 {"primary", "[field, ...]", "none", "the fields of its primary index", ValueForm::Texts}),
             field<&Dataset::exists>(
                 {"exists", "flag", "false", "`up` creates it (no space yet in this version)", ValueForm::Flag}),
             field<&Dataset::engine>({"engine", "word", "memtx", "keeps its rows in memory (memtx) or on disk (vinyl)",
                                      ValueForm::Word, engineNames}),
             field<&Dataset::local>(
                 {"local", "flag", "false", "its rows stay on the instance that wrote them", ValueForm::Flag}),
             field<&Dataset::temporary>(
                 {"temporary", "flag", "false", "its rows are neither logged nor sent", ValueForm::Flag}),
             field<&Dataset::synchronous>(
                 {"synchronous", "flag", "false", "a commit waits for a quorum of instances", ValueForm::Flag})},
            {}};
}

const AttributeTable<Member>& memberAttributes() {
    static const AttributeTable<Member> kTable{
        "a member",
        "members: NAME: {...}",
        "an instance of a replica set",
        {field<&Member::mode>({"mode", "word", "rw when it is alone, else ro",
                               "whether it takes writes (rw) or not (ro), with failover: off", ValueForm::Word,
                               tarantool::modeNames}),
         field<&Member::listen>(
             {"listen", "host:port", "it does not listen", "where the others reach it", ValueForm::Address}),
         field<&Member::uuid>({"uuid", "uuid", "drawn by the system",
                               "its lasting identity; pin it before its files are deleted", ValueForm::Identity}),
         field<&Member::anonymous>(
             {"anonymous", "flag", "false", "follows without being registered, and never writes", ValueForm::Flag})},
        {}};
    return kTable;
}

const AttributeTable<Account>& accountAttributes() {
    static const AttributeTable<Account> kTable{
        "a user with roles",
        "users: NAME: {...}",
        "a user of a replica set; its password never stands in a drawing",
        {field<&Account::roles>({.name = "roles",
                                 .form = "[role, ...]",
                                 .fallback = "none",
                                 .meaning = "public, replication, super, sharding or roles of your own",
                                 .value = ValueForm::Names,
                                 .item = "a role"})},
        {}};
    return kTable;
}

const AttributeTable<Peer>& peerAttributes() {
    static const AttributeTable<Peer> kTable{
        "a peer edge",
        "peers: - {...}",
        "\"at follows from\"; a replica set without any: everybody follows everybody",
        {field<&Peer::at>({"at", "CLUSTER/MEMBER", "required", "the instance that follows", ValueForm::Text}),
         field<&Peer::from>({"from", "CLUSTER/MEMBER", "required", "the instance that is followed", ValueForm::Text})},
        {}};
    return kTable;
}

}  // namespace tributary
