// Deployment files as a drawing.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/voltdb/deployment.h"
#include "core/systems/voltdb/deploymentsettings.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

struct ReadFile {
    const DeploymentText* from;
    DeploymentValues values;
    int connectionLine = 0;
};

/// "host", "host:port", "[::1]:port".
struct Address {
    std::string host;
    std::int64_t port = kDefaultPort;
};
Address addressIn(const std::string& text) {
    if (const auto both = parseHostPort(text)) return {both->host, both->port};
    return {text, kDefaultPort};
}

class Drawer {
public:
    Result<DrawnDeployments> run(const std::vector<DeploymentText>& files) {
        for (const DeploymentText& each : files) {
            if (Status taken = read(each); !taken) return taken.error();
        }
        for (const ReadFile& each : read_) connect(each);
        for (const ReadFile& each : read_) nameHosts(*clusterOf(each));
        return std::move(out_);
    }

private:
    Status read(const DeploymentText& text) {
        if (Status named = checkName("a cluster", text.cluster); !named) {
            Error error = named.error();
            error.where = text.file;
            return error;
        }
        const Result<XmlElement> root = parseXml(text.text, text.file);
        if (!root) return root.error();
        Result<DeploymentValues> values = readValues(*root, text.file);
        if (!values) return values.error();
        if (out_.topology.cluster(text.cluster) != nullptr) {
            return Error{ErrorCode::AlreadyExists, fmt::format("two files are to be cluster {}", text.cluster),
                         text.file, "give them different names"};
        }
        unread(*root, {}, text.file);
        values->cluster.name = text.cluster;
        out_.topology.clusters.push_back(values->cluster);
        const XmlElement* dr = root->child("dr");
        const XmlElement* connection = dr == nullptr ? nullptr : dr->child("connection");
        read_.push_back({&text, std::move(*values), connection == nullptr ? 0 : connection->pos.line});
        return okStatus();
    }

    /// Names what no row of the settings reads; what lies in an element that none leads to goes with it.
    void unread(const XmlElement& element, const std::vector<std::string_view>& path, const std::string& file) {
        const auto leads = [&](const DeploymentSetting& setting, const XmlElement& child) {
            return setting.path.size() > path.size() && std::equal(path.begin(), path.end(), setting.path.begin()) &&
                   isStep(child, setting.path[path.size()]);
        };
        for (const XmlAttribute& attribute : element.attributes) {
            const bool known =
                (path.empty() && attribute.name.starts_with("xmlns")) ||
                (!path.empty() && path.back().find(':') != std::string_view::npos && attribute.name == "name") ||
                (path.size() == 1 && element.name == "cluster" && attribute.name == "id") ||
                std::any_of(deploymentSettings().begin(), deploymentSettings().end(),
                            [&](const auto& each) { return each.path == path && each.attribute == attribute.name; });
            if (known) continue;
            out_.unread.push_back({file, attribute.pos.line,
                                   fmt::format("{} of <{}>: {}", attribute.name, element.name, attribute.value)});
        }
        for (const XmlElement& child : element.children) {
            const auto row = std::find_if(deploymentSettings().begin(), deploymentSettings().end(),
                                          [&](const auto& each) { return leads(each, child); });
            if (row == deploymentSettings().end()) {
                out_.unread.push_back({file, child.pos.line, fmt::format("<{}>", child.name)});
                continue;
            }
            std::vector<std::string_view> inner = path;
            inner.push_back(row->path[path.size()]);
            unread(child, inner, file);
        }
    }

    Cluster* clusterOf(const ReadFile& file) {
        const auto found = std::find_if(out_.topology.clusters.begin(), out_.topology.clusters.end(),
                                        [&](const Cluster& each) { return each.name == file.from->cluster; });
        return &*found;
    }

    /// The clusters that a consumer of this role may fetch from.
    std::vector<Cluster*> producersFor(const Cluster& consumer) {
        std::vector<Cluster*> out;
        for (Cluster& each : out_.topology.clusters) {
            const bool fits = roleOf(consumer) == "xdcr" ? roleOf(each) == "xdcr" : roleOf(each) == "master";
            if (each.name != consumer.name && fits) out.push_back(&each);
        }
        return out;
    }

    /// Whose host that is: the only one it can be, or the one whose name it begins with.
    static Cluster* ownerOf(const std::string& host, const std::vector<Cluster*>& producers) {
        if (producers.size() == 1) return producers.front();
        Cluster* out = nullptr;
        for (Cluster* each : producers) {
            if (each->member(host) != nullptr) return each;
            if (!host.starts_with(each->name)) continue;
            if (out == nullptr || each->name.size() > out->name.size()) out = each;
        }
        return out;
    }

    void connect(const ReadFile& file) {
        const std::string& at = file.from->cluster;
        const std::vector<Cluster*> producers = producersFor(file.values.cluster);
        for (const std::string& source : file.values.sources) {
            const Address address = addressIn(source);
            Cluster* owner = checkName("a host", address.host).ok() ? ownerOf(address.host, producers) : nullptr;
            if (owner == nullptr) {
                out_.unread.push_back({file.from->file, file.connectionLine,
                                       fmt::format("source {}: no drawn cluster is known to have this host", source)});
                continue;
            }
            addHost(*owner, address, source, file);
            const auto edge =
                std::find_if(out_.topology.connections.begin(), out_.topology.connections.end(),
                             [&](const Connection& each) { return each.at == at && each.from == owner->name; });
            Connection& made =
                edge != out_.topology.connections.end() ? *edge : out_.topology.connections.emplace_back();
            made.at = at;
            made.from = owner->name;
            made.source.push_back(address.host);
            made.preferred = file.values.preferred && owner->id == file.values.preferred;
        }
        const bool found = std::any_of(out_.topology.connections.begin(), out_.topology.connections.end(),
                                       [&](const Connection& each) { return each.at == at && each.preferred; });
        if (file.values.preferred && !found) {
            out_.unread.push_back(
                {file.from->file, file.connectionLine,
                 fmt::format("preferred-source {}: no connection leads there", *file.values.preferred)});
        }
    }

    /// Gives one of the producer's hosts its name.
    void addHost(Cluster& owner, const Address& address, const std::string& source, const ReadFile& file) {
        if (owner.member(address.host) != nullptr) return;
        const auto nameless = std::find_if(owner.members.begin(), owner.members.end(),
                                           [](const Member& each) { return each.name.empty(); });
        if (nameless == owner.members.end()) {
            out_.notes.push_back({file.from->file, file.connectionLine,
                                  fmt::format("{} is one host more than {} counts: it is drawn", source, owner.name)});
        } else {
            out_.notes.push_back(
                {file.from->file, file.connectionLine, fmt::format("{} is drawn as a host of {}", source, owner.name)});
        }
        Member& host = nameless == owner.members.end() ? owner.members.emplace_back() : *nameless;
        host.name = address.host;
        if (address.port != owner.port.value_or(kDefaultPort)) host.listen = source;
    }

    static void nameHosts(Cluster& cluster) {
        std::set<std::string> taken;
        for (const Member& each : cluster.members) taken.insert(each.name);
        int next = 1;
        for (Member& each : cluster.members) {
            while (each.name.empty()) {
                std::string name = fmt::format("{}{}", cluster.name, next++);
                if (taken.insert(name).second) each.name = std::move(name);
            }
        }
    }

    std::vector<ReadFile> read_;
    DrawnDeployments out_;
};

}  // namespace

Result<DrawnDeployments> drawDeployments(const std::vector<DeploymentText>& files) {
    return Drawer().run(files);
}

}  // namespace tributary::voltdb
