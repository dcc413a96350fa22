// What the inspector shows for each kind of item.
#include <QPushButton>

#include "app/desktop/canvas/canvasfocus.h"
#include "app/desktop/panels/inspectorpanel.h"
#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/topology/measures.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString text(const std::string& each) {
    return QString::fromStdString(each);
}
QString joined(const std::vector<std::string>& pieces) {
    return text(join(pieces, ", "));
}
QString figure(const std::optional<std::int64_t>& value) {
    return value ? QString::number(*value) : QString();
}
QString seconds(const std::optional<std::int64_t>& value) {
    return value ? text(formatDuration(*value * 1'000'000)) : QString();
}

}  // namespace

void InspectorPanel::showNothing() {
    const Topology& topology = document_.topology();
    title(u"logo"_s, document_.title(), tr("nothing is selected"));
    note(tr("%n cluster(s)", nullptr, static_cast<int>(topology.clusters.size())) + u", "_s +
         tr("%n dataset(s)", nullptr, static_cast<int>(topology.datasets.size())) + u", "_s +
         tr("%n link(s)", nullptr, static_cast<int>(linksOf(topology).size())) + u'.');
    note(tr("Drag from the circle at a dataset's right edge to draw a link. Ctrl+K finds every command."));
}

void InspectorPanel::showMany() {
    title(u"layout"_s, tr("%n item(s)", nullptr, static_cast<int>(selection_.items().size())), tr("selected"));
    std::vector<std::string> datasets;
    for (const ItemRef& each : selection_.ofKind(ItemRef::Kind::Dataset)) datasets.push_back(each.a);
    if (datasets.size() < 2) return;
    section(tr("Link these datasets"));
    const std::pair<QString, DrawingEditor::Bulk> ways[] = {
        {tr("Mesh: each to each"), DrawingEditor::Bulk::Mesh},
        {tr("Ring: in the order of selection"), DrawingEditor::Bulk::Ring},
        {tr("All to the last selected"), DrawingEditor::Bulk::AllToLast}};
    for (const auto& [label, how] : ways) {
        auto* button = new QPushButton(label, page_);
        connect(button, &QPushButton::clicked, this,
                [this, datasets, how = how] { editor_.connectMany(datasets, how); });
        form_->addRow(button);
    }
}

void InspectorPanel::showCluster(const Cluster& cluster) {
    const ClusterId id{cluster.name};
    title(u"cluster"_s, text(cluster.name), tr("cluster"));
    field(tr("Name"), text(cluster.name), tr("the datasets' paths follow"),
          [this, name = cluster.name](const QString& typed) {
              return editor_.rename(clusterRef(name), typed.toStdString());
          });
    std::vector<std::string> systems = builtSystemNames();
    if (!isBuiltSystem(cluster.system)) systems.push_back(cluster.system);  // it is drawn; Problems says what is wrong
    choice(tr("System"), systems, text(cluster.system),
           [this, id](const QString& word) { return editor_.setAttribute(id, "system", word.toStdString()); });
    regionField(cluster);
    std::vector<std::string> gateways;
    for (const Gateway& each : cluster.gateways) {
        gateways.push_back(each.address.empty() ? each.name : each.name + "=" + each.address);
    }
    attribute(tr("Gateways"), id, "gateways", joined(gateways), tr("name, name=host:port"));
    attribute(tr("Users"), id, "users", joined(cluster.users), tr("ana, ben"));
    flag(tr("Secure: tickets, encryption"), cluster.secure, [this, id](bool on) {
        return editor_.setAttribute(id, "secure", on ? std::optional<std::string>("true") : std::nullopt);
    });
}

void InspectorPanel::showMember(const Cluster& cluster, const Member& member) {
    title(u"instance"_s, text(member.name),
          (cluster.system == "voltdb" ? tr("host of %1") : tr("instance of %1")).arg(text(cluster.name)));
    const auto edited = [this, cluster, name = member.name](const QString& what, auto change) {
        Cluster with = cluster;
        for (Member& each : with.members) {
            if (each.name == name) change(each);
        }
        return document_.apply(replaceCluster(cluster.name, with), what).ok();
    };
    choice(tr("Mode"), {"", "rw", "ro"}, text(member.mode), [edited, name = text(member.name)](const QString& word) {
        return edited(tr("Mode of %1").arg(name), [&](Member& each) { each.mode = word.toStdString(); });
    });
    field(tr("Listens at"), text(member.listen), u"127.0.0.1:3301"_s,
          [edited, name = text(member.name)](const QString& typed) {
              return edited(tr("Address of %1").arg(name), [&](Member& each) { each.listen = typed.toStdString(); });
          });
    field(tr("UUID"), text(member.uuid), tr("the system draws one"),
          [edited, name = text(member.name)](const QString& typed) {
              return edited(tr("UUID of %1").arg(name), [&](Member& each) { each.uuid = typed.toStdString(); });
          });
    flag(tr("Anonymous: follows, is not registered"), member.anonymous, [edited, name = text(member.name)](bool on) {
        return edited(tr("Registration of %1").arg(name), [&](Member& each) { each.anonymous = on; });
    });
}

void InspectorPanel::showFollowing(const ItemRef& ref) {
    title(u"link"_s, text(shortName(ref)), text(ref.a + " \u2192 " + ref.b));
    const std::string at = endpointOf(ref.b).cluster;
    const std::string from = endpointOf(ref.a).cluster;
    if (document_.topology().connection(at, from) != nullptr) {
        const bool isBoth = document_.topology().connection(from, at) != nullptr;
        note(isBoth ? tr("%1 and %2 fetch from each other: drawn under connections, at both.").arg(text(at), text(from))
                    : tr("%1 dials %2 and fetches from it: drawn under connections.").arg(text(at), text(from)));
        return;
    }
    const bool isDrawnAlone = document_.topology().peer(ref.b, ref.a) != nullptr;
    note(isDrawnAlone
             ? tr("The second instance follows the first: drawn under peers.")
             : tr("The second instance follows the first: no peers are drawn, so everybody follows everybody."));
}

void InspectorPanel::showGateway(const Cluster& cluster, const Gateway& gateway) {
    title(u"gateway"_s, text(gateway.name), tr("gateway of %1").arg(text(cluster.name)));
    field(tr("Name"), text(gateway.name), {},
          [this, ref = gatewayRef(cluster.name, gateway.name)](const QString& typed) {
              return editor_.rename(ref, typed.toStdString());
          });
    field(tr("Address"), text(gateway.address), tr("chosen by the system"),
          [this, cluster, name = gateway.name](const QString& typed) {
              Cluster with = cluster;
              for (Gateway& each : with.gateways) {
                  if (each.name == name) each.address = typed.toStdString();
              }
              return document_.apply(replaceCluster(cluster.name, with), tr("Address of %1").arg(text(name))).ok();
          });
}

void InspectorPanel::showDataset(const Dataset& dataset) {
    const DatasetId id{dataset.path};
    title(text(std::string(datasetKindName(dataset.kind))), text(shortName(datasetRef(dataset.path))),
          text(dataset.path));
    field(tr("Path"), text(dataset.path), tr("/mapr/cluster/name"), [this, path = dataset.path](const QString& typed) {
        return editor_.rename(datasetRef(path), typed.toStdString());
    });
    choice(tr("Kind"), datasetKindNames(), text(std::string(datasetKindName(dataset.kind))),
           [this, id](const QString& word) { return editor_.setAttribute(id, "kind", word.toStdString()); });
    flag(tr("Exists from the start"), dataset.exists, [this, id](bool on) {
        return editor_.setAttribute(id, "exists", on ? std::optional<std::string>("true") : std::nullopt);
    });
    if (dataset.kind == DatasetKind::Stream) {
        attribute(tr("Topics"), id, "topics", joined(dataset.topics), tr("orders, returns"));
    } else {
        std::vector<std::string> families;
        for (const Family& each : dataset.families) families.push_back(each.name);
        attribute(tr("Families"), id, "families", joined(families), tr("profile, orders"));
        attribute(tr("Delete TTL"), id, "deletettl", seconds(dataset.deleteTtlSeconds), tr("the system's default; 7d"));
        flag(tr("Bulk load"), dataset.bulkLoad.value_or(false), [this, id](bool on) {
            return editor_.setAttribute(id, "bulkload", on ? std::optional<std::string>("true") : std::nullopt);
        });
        for (const Family& each : dataset.families) {
            section(tr("Family %1").arg(text(each.name)));
            const std::string prefix = "family." + each.name + ".";
            attribute(tr("Versions"), id, prefix + "versions", figure(each.maxVersions), u"1"_s);
            attribute(tr("TTL"), id, prefix + "ttl", seconds(each.ttlSeconds), tr("for ever"));
            attribute(tr("Compression"), id, prefix + "compression", text(each.compression), tr("the folder's"));
        }
    }
    section(tr("Permissions"));
    std::vector<std::string> usual{"readperm", "replperm", "bulkloadperm"};
    if (dataset.kind == DatasetKind::Stream) usual = {"adminperm", "copyperm", "produceperm", "consumeperm"};
    for (const auto& [name, permission] : dataset.perms) {
        if (std::find(usual.begin(), usual.end(), name) == usual.end()) usual.push_back(name);
    }
    for (const std::string& name : usual) {
        const auto found = dataset.perms.find(name);
        attribute(text(name), id, "perms." + name, found == dataset.perms.end() ? QString() : text(found->second.ace),
                  tr("u:creator"));
    }
}

void InspectorPanel::showLink(const ItemRef& ref) {
    if (isMemberLink(ref)) return showFollowing(ref);
    const Replica* replica = document_.topology().replica(ref.a, ref.b);
    const Upstream* upstream = document_.topology().upstream(ref.b, ref.a);
    const bool whole = replica != nullptr && upstream != nullptr;
    title(whole ? u"link"_s : u"link-broken"_s, text(shortName(ref)), text(ref.a + " \u2192 " + ref.b));
    section(tr("The agreement"));
    flag(tr("Replica record at the source"), replica != nullptr,
         [this, ref](bool on) { return editor_.setHalf(ref, true, on); });
    flag(tr("Upstream record at the replica"), upstream != nullptr,
         [this, ref](bool on) { return editor_.setHalf(ref, false, on); });
    if (!whole) {
        note(replica != nullptr ? tr("The replica does not accept this source: nothing flows, changes pile up.")
                                : tr("The source does not send: the upstream record alone does nothing."));
    }
    if (replica != nullptr) showReplicaOptions(*replica);
}

void InspectorPanel::showReplicaOptions(const Replica& edge) {
    const ReplicaId id{edge.from, edge.to};
    section(tr("How it is sent"));
    const auto option = [&](const QString& label, const std::string& name, bool value) {
        flag(label, value, [this, id, name](bool on) {
            return editor_.setAttribute(id, name, on ? std::optional<std::string>("true") : std::nullopt);
        });
    };
    option(tr("Synchronous: writes wait"), "synchronous", edge.synchronous);
    option(tr("Paused"), "paused", edge.paused);
    option(tr("Throttled"), "throttle", edge.throttle);
    option(tr("Encrypted on the network"), "networkencryption", edge.networkEncryption);
    attribute(tr("Columns"), id, "columns", joined(edge.columns), tr("everything"));
    attribute(tr("Compression"), id, "networkcompression", text(edge.networkCompression), tr("on; off, lz4, zlib"));
}

void InspectorPanel::showWan(const Wan& wan) {
    const WanId id{wan.a, wan.b};
    title(u"wan"_s, text(wan.a + " \u2194 " + wan.b), tr("the network between two clusters"));
    attribute(tr("Latency"), id, "latency", text(formatDuration(wan.latencyUs)), tr("35ms, one way"));
    attribute(tr("Bandwidth"), id, "bandwidth",
              wan.bandwidthBytesPerSecond > 0 ? text(formatBandwidth(wan.bandwidthBytesPerSecond)) : QString(),
              tr("unlimited; 200Mbit/s"));
    attribute(tr("Longest outage"), id, "outage", wan.outageSeconds > 0 ? seconds(wan.outageSeconds) : QString(),
              tr("not stated; 2d"));
}

}  // namespace tributary::desktop
