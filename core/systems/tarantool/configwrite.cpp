// The drawing as config.yaml and instances.yml.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/tarantool/config.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

using Passwords = std::map<std::string, std::string>;

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') out += c;
    }
    return out + "'";
}

/// A name as one plain word of an environment variable or template.
std::string wordOf(std::string_view user) {
    std::string out(user);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')); }, '_');
    return out;
}

std::string contextVariable(std::string_view user) {
    return wordOf(user) + "_password";
}

std::string environmentVariable(std::string_view user) {
    std::string out = contextVariable(user);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

/// Lines of a block, indented by depth.
class Lines {
public:
    void add(int depth, std::string_view line) { text_ += fmt::format("{:{}}{}\n", "", 2 * depth, line); }
    void add(int depth, std::string_view key, std::string_view value) {
        if (!value.empty()) add(depth, fmt::format("{}: {}", key, value));
    }
    void append(std::string_view lines) { text_ += lines; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

/// Whoever proves no password is guest, so guest has none.
bool hasPassword(const Account& account) {
    return account.name != "guest";
}

/// What holds for a whole replica set and may stand in a wider scope as well.
std::string commonSections(const Cluster& cluster, const Passwords& passwords, int depth) {
    Lines out;
    if (!cluster.accounts.empty()) {
        out.add(depth, "credentials:");
        out.add(depth + 1, "users:");
        for (const Account& account : cluster.accounts) {
            const auto given = passwords.find(account.name);
            out.add(depth + 2, account.name + (hasPassword(account) || !account.roles.empty() ? ":" : ": {}"));
            if (hasPassword(account)) {
                out.add(depth + 3, "password",
                        given != passwords.end()
                            ? quoted(given->second)
                            : quoted(fmt::format("{{{{ context.{} }}}}", contextVariable(account.name))));
            }
            if (!account.roles.empty()) out.add(depth + 3, "roles", fmt::format("[{}]", join(account.roles, ", ")));
        }
    }
    const std::string login = cluster.members.size() > 1 ? advertisedUser(cluster) : cluster.advertise;
    if (!login.empty()) {
        out.add(depth, "iproto:");
        out.add(depth + 1, "advertise:");
        out.add(depth + 2, "peer:");
        out.add(depth + 3, "login", login);
    }
    if (!cluster.failover.empty() || !cluster.bootstrapStrategy.empty()) {
        out.add(depth, "replication:");
        out.add(depth + 1, "failover", cluster.failover);
        out.add(depth + 1, "bootstrap_strategy", cluster.bootstrapStrategy);
    }
    return out.text();
}

/// `user:password@host:port` of the members that this one follows by drawn edges.
std::vector<std::string> drawnPeers(const Topology& topology, const Cluster& cluster, const Member& member,
                                    const Passwords& passwords) {
    std::vector<std::string> out;
    const std::string login = advertisedUser(cluster);
    const auto given = passwords.find(login);
    const std::string secret =
        given != passwords.end() ? given->second : fmt::format("{{{{ context.{} }}}}", contextVariable(login));
    for (const Peer& peer : topology.peers) {
        const Member* from = cluster.member(endpointOf(peer.from).member);
        if (peer.at != joinedMember(cluster.name, member.name) || from == nullptr) continue;
        if (endpointOf(peer.from).cluster != cluster.name || from->listen.empty()) continue;
        out.push_back(login.empty() ? from->listen : fmt::format("{}:{}@{}", login, secret, from->listen));
    }
    return out;
}

void writeInstance(Lines& out, const Topology& topology, const Cluster& cluster, const Member& member,
                   const Passwords& passwords, int depth) {
    Lines inner;
    if (!member.mode.empty() || !member.uuid.empty()) {
        inner.add(depth + 1, "database:");
        inner.add(depth + 2, "mode", member.mode);
        if (!member.uuid.empty()) inner.add(depth + 2, "instance_uuid", quoted(member.uuid));
    }
    if (!member.listen.empty()) {
        inner.add(depth + 1, "iproto:");
        inner.add(depth + 2, "listen:");
        inner.add(depth + 2, fmt::format("- uri: {}", quoted(member.listen)));
    }
    const std::vector<std::string> peers = drawnPeers(topology, cluster, member, passwords);
    if (member.anonymous || !peers.empty()) {
        inner.add(depth + 1, "replication:");
        if (member.anonymous) inner.add(depth + 2, "anon", "true");
        if (!peers.empty()) inner.add(depth + 2, "peers:");
        for (const std::string& peer : peers) inner.add(depth + 2, "- " + quoted(peer));
    }
    out.add(depth, inner.empty() ? member.name + ": {}" : member.name + ":");
    if (!inner.empty()) out.append(inner.text());
}

/// One application: its replica sets, in the drawing's order.
class ConfigWriter {
public:
    ConfigWriter(const Topology& topology, std::vector<const Cluster*> clusters, const Passwords& passwords,
                 const Passwords& files)
        : topology_(topology), clusters_(std::move(clusters)), passwords_(passwords), files_(files) {}

    ConfigFiles write() {
        ConfigFiles out;
        out.app = appOf(*clusters_.front());
        for (const Cluster* cluster : clusters_) {
            for (const Member& member : cluster->members) out.instances += member.name + ":\n";
            for (const Account& account : cluster->accounts) {
                if (passwords_.contains(account.name) || !hasPassword(account)) continue;
                if (const auto file = files_.find(account.name); file != files_.end()) {
                    fromFile_[account.name] = file->second;
                } else {
                    out.passwordFrom[account.name] = environmentVariable(account.name);
                }
            }
        }
        addContext(out);
        const std::string common = commonSections(*clusters_.front(), passwords_, 0);
        shared_ = std::all_of(clusters_.begin(), clusters_.end(),
                              [&](const Cluster* each) { return commonSections(*each, passwords_, 0) == common; });
        if (shared_) out.config += common;
        out.config += groups();
        return out;
    }

private:
    void addContext(ConfigFiles& out) const {
        if (out.passwordFrom.empty() && fromFile_.empty()) return;
        Lines lines;
        lines.add(0, "config:");
        lines.add(1, "context:");
        for (const auto& [user, variable] : out.passwordFrom) {
            lines.add(2, contextVariable(user) + ":");
            lines.add(3, "from", "env");
            lines.add(3, "env", variable);
        }
        for (const auto& [user, file] : fromFile_) {
            lines.add(2, contextVariable(user) + ":");
            lines.add(3, "from", "file");
            lines.add(3, "file", quoted(file));
            lines.add(3, "rstrip", "true");
        }
        out.config += lines.text();
    }

    std::string groups() {
        Lines out;
        out.add(0, "groups:");
        std::vector<std::string> names;
        for (const Cluster* each : clusters_) {
            if (std::find(names.begin(), names.end(), groupOf(*each)) == names.end()) names.push_back(groupOf(*each));
        }
        for (const std::string& name : names) {
            out.add(1, name + ":");
            out.add(2, "replicasets:");
            for (const Cluster* each : clusters_) {
                if (groupOf(*each) == name) replicaSet(out, *each);
            }
        }
        return out.text();
    }

    void replicaSet(Lines& out, const Cluster& cluster) const {
        constexpr int kDepth = 3;
        out.add(kDepth, cluster.name + ":");
        if (!shared_) out.append(commonSections(cluster, passwords_, kDepth + 1));
        out.add(kDepth + 1, "leader", cluster.leader);
        out.add(kDepth + 1, "bootstrap_leader", cluster.bootstrapLeader);
        out.add(kDepth + 1, "instances:");
        for (const Member& member : cluster.members) {
            writeInstance(out, topology_, cluster, member, passwords_, kDepth + 2);
        }
    }

    const Topology& topology_;
    std::vector<const Cluster*> clusters_;
    const Passwords& passwords_;
    const Passwords& files_;
    Passwords fromFile_;  ///< of the users of these clusters
    bool shared_ = true;
};

}  // namespace

Result<std::vector<ConfigFiles>> deriveConfig(const Topology& topology, const Passwords& passwords,
                                              const Passwords& passwordFiles) {
    std::map<std::string, std::vector<const Cluster*>> apps;
    for (const Cluster& each : topology.clusters) {
        if (each.system != "tarantool") continue;
        if (each.members.empty()) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("cluster {} has no instance", each.name),
                         {},
                         "draw members: {instance001: {mode: rw, listen: '127.0.0.1:3301'}}"};
        }
        apps[appOf(each)].push_back(&each);
    }
    if (apps.empty()) {
        return Error{ErrorCode::NotFound, "no replica set is drawn", {}, "draw a cluster with system: tarantool"};
    }
    std::vector<ConfigFiles> out;
    out.reserve(apps.size());
    for (auto& [app, clusters] : apps) {
        out.push_back(ConfigWriter(topology, std::move(clusters), passwords, passwordFiles).write());
    }
    return out;
}

}  // namespace tributary::tarantool
