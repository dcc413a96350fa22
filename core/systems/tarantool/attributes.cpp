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
using attribute::nameRow;
using attribute::structure;
using Text = std::optional<std::string>;

Status assignMembers(Cluster& cluster, const Text& value) {
    return attribute::assignParts(cluster.members, value, "an instance");
}
Status assignAccounts(Cluster& cluster, const Text& value) {
    return attribute::assignParts(cluster.accounts, value, "a user");
}

Status assignOfMember(Cluster& cluster, std::string_view rest, const Text& value) {
    return attribute::assignOfPart(cluster.members, memberAttributes(), rest, value);
}
Status assignOfAccount(Cluster& cluster, std::string_view rest, const Text& value) {
    return attribute::assignOfPart(cluster.accounts, accountAttributes(), rest, value);
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
                                attribute::assignFormat),
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

AttributeTable<Member> tarantool::memberTable() {
    return {"a member",
            "members: NAME: {...}",
            "an instance of a replica set",
            {field<&Member::mode>({"mode", "word", "rw when it is alone, else ro",
                                   "whether it takes writes (rw) or not (ro), with failover: off", ValueForm::Word,
                                   tarantool::modeNames}),
             field<&Member::listen>(
                 {"listen", "host:port", "it does not listen", "where the others reach it", ValueForm::Address}),
             field<&Member::uuid>({"uuid", "uuid", "drawn by the system",
                                   "its lasting identity; pin it before its files are deleted", ValueForm::Identity}),
             field<&Member::anonymous>({"anonymous", "flag", "false",
                                        "follows without being registered, and never writes", ValueForm::Flag})},
            {}};
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
