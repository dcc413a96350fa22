// config.yaml and instances.yml as a drawing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/attribute.h"
#include "core/systems/naming.h"
#include "core/systems/tarantool/config.h"
#include "core/systems/tarantool/configscopes.h"
#include "core/systems/tarantool/vocabulary.h"
#include "core/workspace/strictyaml.h"

namespace tributary::tarantool {

namespace {

/// The options that a drawing has words for, as they stand in every scope.
constexpr std::array<std::string_view, 13> kDrawn{"credentials.users",
                                                  "iproto.listen",
                                                  "iproto.advertise.peer.login",
                                                  "database.mode",
                                                  "database.instance_uuid",
                                                  "replication.failover",
                                                  "replication.bootstrap_strategy",
                                                  "replication.anon",
                                                  "replication.peers",
                                                  "leader",
                                                  "bootstrap_leader",
                                                  "config.context",
                                                  "groups"};

/// Options that say something of a whole replica set.
constexpr std::array<std::string_view, 2> kNotOfInstances{"replication.failover", "replication.bootstrap_strategy"};

std::string pathUnder(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

class ConfigReader {
public:
    ConfigReader(std::string_view app, std::string_view file) : app_(app), in_(file) {}

    Result<DrawnConfig> read(const StrictNode& root, const std::set<std::string>& started) {
        if (!in_.namedMap(root, "config.yaml")) return in_.error();
        note(root, "", {});
        const StrictNode* groups = in_.require(root, "groups", "config.yaml");
        if (groups != nullptr && in_.namedMap(*groups, "groups")) {
            for (const StrictNode& group : groups->children) this->group(root, group);
        }
        if (in_.ok()) compareInstances(started);
        if (!in_.ok()) return in_.error();
        std::stable_sort(out_.unread.begin(), out_.unread.end(),
                         [](const ConfigNote& left, const ConfigNote& right) { return left.line < right.line; });
        return std::move(out_);
    }

private:
    /// Lists the options of one scope that a drawing has no word for. `inner` are keys that hold the next scope.
    void note(const StrictNode& node, const std::string& path, std::string_view inner) {
        if (!node.isMap()) return;
        for (const StrictNode& child : node.children) {
            const std::string here = pathUnder(path, child.key);
            if (path.empty() && child.key == inner) continue;
            const auto drawn = std::find(kDrawn.begin(), kDrawn.end(), here);
            if (drawn != kDrawn.end()) continue;
            const bool above = std::any_of(kDrawn.begin(), kDrawn.end(),
                                           [&](std::string_view each) { return each.starts_with(here + "."); });
            if (above && (child.isMap() || child.isNull())) {
                note(child, here, inner);
            } else {
                out_.unread.push_back({child.keyLine, fmt::format("{}: a drawing has no word for it", here)});
            }
        }
    }

    void group(const StrictNode& root, const StrictNode& node) {
        if (!in_.namedMap(node, "a group")) return;
        note(node, "", "replicasets");
        const StrictNode* sets = in_.require(node, "replicasets", "a group");
        if (sets == nullptr || !in_.namedMap(*sets, "replicasets")) return;
        for (const StrictNode& each : sets->children) replicaSet({&each, &node, &root}, {node.key, each.key, {}});
    }

    void replicaSet(const ConfigScopes& scopes, ConfigNames names) {
        const StrictNode& node = *scopes.front();
        if (!in_.namedMap(node, "a replica set")) return;
        note(node, "", "instances");
        Cluster out;
        out.name = node.key;
        out.system = "tarantool";
        named("a cluster", node);
        if (app_ != out.name) out.app = app_;
        if (names.group != kDefaultGroup) out.group = names.group;
        out.failover = word(scopes, "replication.failover", failoverNames());
        out.bootstrapStrategy = word(scopes, "replication.bootstrap_strategy", bootstrapStrategyNames());
        out.leader = text({&node}, "leader", names);
        out.bootstrapLeader = text({&node}, "bootstrap_leader", names);
        users(scopes, out);
        const std::string login = text(scopes, "iproto.advertise.peer.login", names);
        if (login != advertisedUser(out)) out.advertise = login;
        const StrictNode* instances = in_.require(node, "instances", "a replica set");
        if (instances == nullptr || !in_.namedMap(*instances, "instances")) return;
        std::vector<ConfigScopes> scopesOf;
        for (const StrictNode& each : instances->children) {
            ConfigScopes narrow{&each};
            narrow.insert(narrow.end(), scopes.begin(), scopes.end());
            names.instance = each.key;
            out.members.push_back(instance(narrow, names));
            scopesOf.push_back(std::move(narrow));
        }
        for (std::size_t i = 0; i < out.members.size() && in_.ok(); ++i) peers(scopesOf[i], out, out.members[i]);
        out_.topology.clusters.push_back(std::move(out));
    }

    Member instance(const ConfigScopes& scopes, const ConfigNames& names) {
        const StrictNode& node = *scopes.front();
        Member out;
        out.name = node.key;
        named("an instance", node);
        if (!node.isNull() && in_.namedMap(node, "an instance")) note(node, "", {});
        for (const std::string_view path : kNotOfInstances) {
            const StrictNode* wrong = findPath(node, path);
            if (wrong == nullptr) continue;
            in_.fail(wrong->keyPos(), fmt::format("{} must not be present in the instance scope", path),
                     "move it to the replica set");
        }
        out.mode = word(scopes, "database.mode", modeNames());
        out.uuid = text(scopes, "database.instance_uuid", names);
        if (!out.uuid.empty()) require(checkIdentity(out.uuid), *optionOf(scopes, "database.instance_uuid"));
        if (const StrictNode* anon = optionOf(scopes, "replication.anon")) {
            out.anonymous = in_.boolean(*anon, "replication.anon");
        }
        out.listen = listen(scopes, names);
        return out;
    }

    /// The first address of iproto.listen; a drawing has one.
    std::string listen(const ConfigScopes& scopes, const ConfigNames& names) {
        const StrictNode* list = optionOf(scopes, "iproto.listen");
        if (list == nullptr || !in_.sequence(*list, "iproto.listen")) return {};
        std::string out;
        for (const StrictNode& item : list->children) {
            if (!in_.namedMap(item, "an item of iproto.listen")) return {};
            const StrictNode* uri = in_.require(item, "uri", "an item of iproto.listen");
            if (uri == nullptr) return {};
            const std::string address = filled(in_.text(*uri, "uri"), names);
            for (const StrictNode& each : item.children) {
                if (each.key != "uri") unread(each.keyLine, "iproto.listen." + each.key);
            }
            if (!out.empty() || !parseHostPort(address)) {
                out_.unread.push_back({uri->line, fmt::format("{} listens at {} as well: a drawing has one host:port",
                                                              names.instance, address)});
            } else {
                out = address;
            }
        }
        return out;
    }

    /// Users of every scope: they add up, and what a narrower scope says of one wins.
    void users(const ConfigScopes& scopes, Cluster& out) {
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
            const StrictNode* section = findPath(**scope, "credentials.users");
            if (section == nullptr || section->isNull() || !in_.namedMap(*section, "credentials.users")) continue;
            for (const StrictNode& each : section->children) user(each, out);
        }
    }

    void user(const StrictNode& node, Cluster& out) {
        named("a user", node);
        auto known = std::find_if(out.accounts.begin(), out.accounts.end(),
                                  [&](const Account& each) { return each.name == node.key; });
        if (known == out.accounts.end()) {
            out.accounts.emplace_back().name = node.key;
            known = out.accounts.end() - 1;
        }
        if (node.isNull() || !in_.namedMap(node, "a user")) return;
        for (const StrictNode& each : node.children) {
            if (each.key == "roles") {
                known->roles = in_.texts(each, "roles");
            } else if (each.key == "password") {
                if (!passwords_.insert(node.key).second) continue;
                out_.notes.push_back(
                    {each.keyLine, fmt::format("the password of {}: passwords never stand in a drawing", node.key)});
            } else {
                unread(each.keyLine, fmt::format("credentials.users.{}.{}", node.key, each.key));
            }
        }
    }

    /// The URIs of replication.peers as edges; an instance is told by the address at which it listens.
    void peers(const ConfigScopes& scopes, const Cluster& cluster, const Member& member) {
        const StrictNode* list = optionOf(scopes, "replication.peers");
        if (list == nullptr || !in_.sequence(*list, "replication.peers")) return;
        for (const StrictNode& item : list->children) {
            const std::string uri = in_.text(item, "a peer");
            const std::size_t at = uri.rfind('@');
            const std::string address = at == std::string::npos ? uri : uri.substr(at + 1);
            const auto from = std::find_if(cluster.members.begin(), cluster.members.end(),
                                           [&](const Member& each) { return each.listen == address; });
            if (from == cluster.members.end()) {
                out_.unread.push_back({item.line, fmt::format("replication.peers of {}: nobody drawn listens at {}",
                                                              member.name, address)});
            } else if (from->name != member.name) {
                Peer edge;
                edge.at = joinedMember(cluster.name, member.name);
                edge.from = joinedMember(cluster.name, from->name);
                if (out_.topology.peer(edge.at, edge.from) == nullptr) out_.topology.peers.push_back(std::move(edge));
            }
        }
    }

    void compareInstances(const std::set<std::string>& started) {
        if (started.empty()) return;
        std::set<std::string> drawn;
        for (const Cluster& cluster : out_.topology.clusters) {
            for (const Member& member : cluster.members) {
                drawn.insert(member.name);
                if (started.contains(member.name)) continue;
                out_.notes.push_back({0, fmt::format("{} is not in instances.yml: tt does not start it", member.name)});
            }
        }
        for (const std::string& name : started) {
            if (drawn.contains(name)) continue;
            in_.fail({1, 1}, fmt::format("{} stands in instances.yml and not in config.yaml", name),
                     "take it out of instances.yml, or add it under instances");
        }
    }

    void unread(int line, const std::string& option) {
        out_.unread.push_back({line, option + ": a drawing has no word for it"});
    }

    void require(const Status& status, const StrictNode& node) {
        if (!status) in_.fail(node.pos(), status.error().what, status.error().fix);
    }

    void named(std::string_view thing, const StrictNode& node) {
        const Status status = checkName(thing, node.key);
        if (!status) in_.fail(node.keyPos(), status.error().what, status.error().fix);
    }

    std::string text(const ConfigScopes& scopes, std::string_view path, const ConfigNames& names) {
        const StrictNode* node = optionOf(scopes, path);
        return node == nullptr ? std::string() : filled(in_.text(*node, path), names);
    }

    std::string word(const ConfigScopes& scopes, std::string_view path, const std::vector<std::string>& words) {
        const StrictNode* node = optionOf(scopes, path);
        if (node == nullptr) return {};
        const std::string out = in_.text(*node, path);
        if (in_.ok() && std::find(words.begin(), words.end(), out) == words.end()) {
            in_.fail(node->pos(), fmt::format("{} cannot be '{}'", path, out),
                     fmt::format("one of: {}", join(words, ", ")));
        }
        return out;
    }

    std::string app_;
    StrictReader in_;
    DrawnConfig out_;
    std::set<std::string> passwords_;  ///< users whose password was noted
};

}  // namespace

Result<DrawnConfig> drawConfig(std::string_view app, std::string_view config, std::string_view file,
                               std::string_view instances) {
    const Result<StrictNode> root = parseStrictYaml(config, file);
    if (!root) return root.error();
    const Result<StrictNode> list = parseStrictYaml(instances, "instances.yml");
    if (!list) return list.error();
    std::set<std::string> started;
    for (const StrictNode& each : list->children) {
        if (list->isMap()) started.insert(each.key);
    }
    return ConfigReader(app, file).read(*root, started);
}

}  // namespace tributary::tarantool
