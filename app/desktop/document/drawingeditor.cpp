// Single edits of the drawing.
#include "app/desktop/document/drawingeditor.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/desktop/document/ghosts.h"
#include "app/desktop/document/linkcheck.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/topology/adopt.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

/// The name of a dataset without its cluster: /mapr/sf/t and database001:t are both called t.
std::string lastPart(const std::string& path) {
    return path.substr(path.find_last_of("/:") + 1);
}

/// "cluster-1", "cluster-2", ...: the first that `taken` does not know.
template <typename Taken>
std::string unusedName(const std::string& stem, Taken taken) {
    for (int i = 1;; ++i) {
        std::string name = fmt::format("{}-{}", stem, i);
        if (!taken(name)) return name;
    }
}

std::string_view stemOf(DatasetKind kind) {
    switch (kind) {
        case DatasetKind::BinaryTable: return "table";
        case DatasetKind::JsonTable: return "documents";
        case DatasetKind::Stream: return "stream";
        case DatasetKind::Space: return "space";
        case DatasetKind::DrTable: return "table";
    }
    return "dataset";
}

void addHalves(const Topology& topology, const std::string& from, const std::string& to, bool replica, bool upstream,
               std::vector<EditPtr>& edits) {
    if (replica && topology.replica(from, to) == nullptr) {
        Replica edge;
        edge.from = from;
        edge.to = to;
        edits.push_back(addReplica(edge));
    }
    if (upstream && topology.upstream(to, from) == nullptr) {
        Upstream edge;
        edge.at = to;
        edge.from = from;
        edits.push_back(addUpstream(edge));
    }
}

bool isDrawn(const Topology& topology, const ElementId& element) {
    struct Drawn {
        const Topology& in;
        bool operator()(const ClusterId& id) const { return in.cluster(id.name) != nullptr; }
        bool operator()(const DatasetId& id) const { return in.dataset(id.path) != nullptr; }
        bool operator()(const ReplicaId& id) const { return in.replica(id.from, id.to) != nullptr; }
        bool operator()(const UpstreamId& id) const { return in.upstream(id.at, id.from) != nullptr; }
        bool operator()(const PeerId& id) const { return in.peer(id.at, id.from) != nullptr; }
        bool operator()(const ConnectionId& id) const { return in.connection(id.at, id.from) != nullptr; }
        bool operator()(const WanId& id) const { return in.wanBetween(id.a, id.b) != nullptr; }
        bool operator()(const RegionId& id) const { return in.region(id.name) != nullptr; }
    };
    return std::visit(Drawn{topology}, element);
}

}  // namespace

DrawingEditor::DrawingEditor(DesktopDocument& document, Selection& selection, QObject* parent)
    : QObject(parent), document_(document), selection_(selection) {}

bool DrawingEditor::done(const Status& status) {
    if (!status) emit failed(status.error());
    return status.ok();
}

bool DrawingEditor::applyGroup(const QString& title, std::vector<EditPtr> edits,
                               const std::optional<LayoutSidecar>& layout) {
    if (edits.empty()) return false;
    return done(document_.apply(groupEdit(title.toStdString(), std::move(edits)), title, layout));
}

ItemRef DrawingEditor::addCluster(std::optional<std::pair<double, double>> at, const std::string& name) {
    const Topology& topology = document_.topology();
    Cluster cluster;
    cluster.name = !name.empty() ? name : unusedName("cluster", [&](const std::string& each) {
        return topology.cluster(each) != nullptr;
    });
    const ItemRef ref = clusterRef(cluster.name);
    LayoutSidecar layout = document_.layout();
    if (at) layout[ref] = {at->first, at->second};
    const QString title = tr("Add cluster %1").arg(QString::fromStdString(cluster.name));
    if (!done(document_.apply(tributary::addCluster(std::move(cluster)), title, layout))) return {};
    selection_.reveal(ref);
    return ref;
}

ItemRef DrawingEditor::addGateway(const std::string& clusterName) {
    const Cluster* found = document_.topology().cluster(clusterName);
    if (found == nullptr) {
        emit failed({ErrorCode::NotFound, "a gateway belongs to a cluster", {}, "select a cluster first"});
        return {};
    }
    Cluster with = *found;
    Gateway gateway;
    gateway.name = unusedName("gw-" + clusterName, [&](const std::string& each) {
        return std::any_of(with.gateways.begin(), with.gateways.end(),
                           [&](const Gateway& other) { return other.name == each; });
    });
    const ItemRef ref = gatewayRef(clusterName, gateway.name);
    with.gateways.push_back(std::move(gateway));
    if (!done(document_.apply(replaceCluster(clusterName, std::move(with)),
                              tr("Add gateway to %1").arg(QString::fromStdString(clusterName))))) {
        return {};
    }
    selection_.reveal(ref);
    return ref;
}

ItemRef DrawingEditor::addDataset(const std::string& cluster, DatasetKind kind, const std::string& name) {
    const Topology& topology = document_.topology();
    if (topology.cluster(cluster) == nullptr) {
        emit failed({ErrorCode::NotFound, "a dataset lies in a cluster", {}, "add or select a cluster first"});
        return {};
    }
    const std::string_view system = systemOfKind(kind).name;
    if (topology.cluster(cluster)->system != system) {
        emit failed({ErrorCode::InvalidInput,
                     fmt::format("{} lies in a cluster of {}, and {} runs {}", specOfKind(kind).noun, system, cluster,
                                 topology.cluster(cluster)->system),
                     {},
                     fmt::format("select a cluster of {}, or add one from the palette", system)});
        return {};
    }
    const std::string folder = datasetIn(system, cluster, {});
    Dataset dataset;
    dataset.kind = kind;
    dataset.path = folder + (!name.empty() ? name : unusedName(std::string(stemOf(kind)), [&](const std::string& each) {
                       return topology.dataset(folder + each) != nullptr;
                   }));
    if (kind == DatasetKind::BinaryTable) dataset.families.emplace_back().name = "data";
    const bool isFirst = std::none_of(topology.datasets.begin(), topology.datasets.end(), [&](const Dataset& each) {
        return lastPart(each.path) == lastPart(dataset.path) && clusterOf(each.path) != cluster;
    });
    if (kind == DatasetKind::Space || kind == DatasetKind::DrTable) {
        FieldFormat id;
        id.name = "id";
        id.type = kind == DatasetKind::Space ? "unsigned" : "bigint";
        dataset.format = {id};
        dataset.primary = {"id"};
        dataset.data = kind == DatasetKind::DrTable && isFirst;
    }
    // Nothing is drawn as there that starting it would refuse.
    dataset.exists = kind == DatasetKind::BinaryTable && isFirst;
    const ItemRef ref = datasetRef(dataset.path);
    const QString title = tr("Add %1").arg(QString::fromStdString(dataset.path));
    if (!done(document_.apply(tributary::addDataset(std::move(dataset)), title))) return {};
    selection_.reveal(ref);
    return ref;
}

bool DrawingEditor::connectDatasets(const std::string& from, const std::string& to, LinkHalves halves) {
    const LinkJudgement judgement = judgeLink(document_.topology(), from, to, halves);
    if (judgement.verdict == LinkVerdict::Refused && !judgement.findings.empty()) {
        emit failed({ErrorCode::InvalidInput, judgement.text, {}, {}});
        return false;
    }
    std::vector<EditPtr> edits;
    addHalves(document_.topology(), from, to, halves != LinkHalves::Upstream, halves != LinkHalves::Replica, edits);
    if (halves == LinkHalves::BothWays) addHalves(document_.topology(), to, from, true, true, edits);
    const ItemRef ref = linkRef(from, to);
    const QString what = halves == LinkHalves::Replica    ? tr("Draw replica edge %1")
                         : halves == LinkHalves::Upstream ? tr("Draw upstream edge %1")
                                                          : tr("Draw link %1");
    if (edits.empty()) {
        emit failed(
            {ErrorCode::AlreadyExists, "the " + longName(ref) + " is already drawn", {}, "select it to change it"});
        return false;
    }
    if (!applyGroup(what.arg(QString::fromStdString(shortName(ref))), std::move(edits))) return false;
    selection_.reveal(ref);
    return true;
}

ItemRef DrawingEditor::addWan(const std::string& a, const std::string& b) {
    Wan wan;
    wan.a = a;
    wan.b = b;
    wan.latencyUs = 35'000;
    const ItemRef ref = wanRef(a, b);
    if (!done(document_.apply(tributary::addWan(wan),
                              tr("Add network %1").arg(QString::fromStdString(shortName(ref)))))) {
        return {};
    }
    selection_.reveal(ref);
    return ref;
}

bool DrawingEditor::rename(const ItemRef& ref, const std::string& name) {
    const Topology& topology = document_.topology();
    if (name.empty() || name == shortName(ref)) return false;
    const QString title = tr("Rename %1").arg(QString::fromStdString(shortName(ref)));
    if (name.find_first_of(" \t/:,") != std::string::npos && !name.starts_with('/')) {
        emit failed({ErrorCode::InvalidInput, "a name has no spaces, slashes, colons or commas", {}, "as in new-york"});
        return false;
    }
    if (ref.kind == ItemRef::Kind::Cluster) {
        if (!done(document_.rename(clusterRename(topology, ref.a, name), title))) return false;
        selection_.select(clusterRef(name));
        return true;
    }
    if (ref.kind == ItemRef::Kind::Dataset) {
        const std::string path = name.starts_with('/') ? name : ref.a.substr(0, ref.a.find_last_of('/') + 1) + name;
        if (!done(document_.rename({{}, {{ref.a, path}}}, title))) return false;
        selection_.select(datasetRef(path));
        return true;
    }
    if (ref.kind == ItemRef::Kind::Region) return renameRegion(ref, name, title);
    if (ref.kind == ItemRef::Kind::Gateway) {
        const Cluster* found = topology.cluster(ref.a);
        if (found == nullptr) return false;
        Cluster with = *found;
        for (Gateway& each : with.gateways) {
            if (each.name == ref.b) each.name = name;
        }
        if (!done(document_.apply(replaceCluster(ref.a, std::move(with)), title))) return false;
        selection_.select(gatewayRef(ref.a, name));
        return true;
    }
    return false;
}

bool DrawingEditor::remove(const std::vector<ItemRef>& items) {
    if (items.empty()) return false;
    const bool contents = std::any_of(items.begin(), items.end(), [](const ItemRef& each) {
        return each.kind == ItemRef::Kind::Cluster || each.kind == ItemRef::Kind::Dataset;
    });
    Topology wanted = document_.topology();
    for (const ItemRef& ref : items) {
        if (!isDrawn(wanted, ref)) continue;  // a note, or gone with an item removed before it
        std::vector<EditPtr> edits;
        switch (ref.kind) {
            case ItemRef::Kind::None:
            case ItemRef::Kind::Note:
            case ItemRef::Kind::Bundle: break;
            case ItemRef::Kind::Region: edits.push_back(removeElement(RegionId{ref.a})); break;
            case ItemRef::Kind::Cluster: edits.push_back(removeClusterAndContents(wanted, ref.a)); break;
            case ItemRef::Kind::Dataset: edits.push_back(removeDatasetAndEdges(wanted, ref.a)); break;
            case ItemRef::Kind::Gateway: {
                Cluster with = *wanted.cluster(ref.a);
                std::erase_if(with.gateways, [&](const Gateway& each) { return each.name == ref.b; });
                edits.push_back(replaceCluster(ref.a, std::move(with)));
                break;
            }
            case ItemRef::Kind::Member: {
                Cluster with = *wanted.cluster(ref.a);
                std::erase_if(with.members, [&](const Member& each) { return each.name == ref.b; });
                for (const Peer& each : wanted.peers) {
                    const std::string end = joinedMember(ref.a, ref.b);
                    if (each.at == end || each.from == end) edits.push_back(removeElement(PeerId{each.at, each.from}));
                }
                edits.push_back(replaceCluster(ref.a, std::move(with)));
                break;
            }
            case ItemRef::Kind::Link:
                if (wanted.peer(ref.b, ref.a) != nullptr) edits.push_back(removeElement(PeerId{ref.b, ref.a}));
                if (wanted.replica(ref.a, ref.b) != nullptr) edits.push_back(removeElement(ReplicaId{ref.a, ref.b}));
                if (wanted.upstream(ref.b, ref.a) != nullptr) edits.push_back(removeElement(UpstreamId{ref.b, ref.a}));
                break;
            case ItemRef::Kind::Wan: edits.push_back(removeElement(WanId{ref.a, ref.b})); break;
        }
        for (const EditPtr& each : edits) {
            const Result<EditPtr> applied = each->apply(wanted);
            if (!applied) return done(applied.error());
        }
    }
    LayoutSidecar layout = document_.layout();
    for (const ItemRef& ref : items) layout.erase(ref);
    if (contents) {
        std::erase_if(layout, [&](const auto& each) {
            return each.first.kind != ItemRef::Kind::Note && !isDrawn(wanted, each.first);
        });
    }
    if (wanted == document_.topology()) {  // nothing but notes: no edit of the drawing
        document_.place(layout, tr("Remove %n note(s)", nullptr, static_cast<int>(items.size())));
        selection_.clear();
        return true;
    }
    const QString title = items.size() == 1 ? tr("Remove %1").arg(QString::fromStdString(longName(items.front())))
                                            : tr("Remove %n item(s)", nullptr, static_cast<int>(items.size()));
    if (!done(document_.change(wanted, title, layout))) return false;
    selection_.clear();
    return true;
}

bool DrawingEditor::setAttribute(const ElementId& id, const std::string& name,
                                 const std::optional<std::string>& value) {
    return done(document_.apply(tributary::setAttribute(id, name, value)));
}

bool DrawingEditor::setHalf(const ItemRef& link, bool replica, bool drawn) {
    if (!drawn) {
        const ElementId id = replica ? ElementId(ReplicaId{link.a, link.b}) : ElementId(UpstreamId{link.b, link.a});
        return done(document_.apply(removeElement(id)));
    }
    return connectDatasets(link.a, link.b, replica ? LinkHalves::Replica : LinkHalves::Upstream);
}

bool DrawingEditor::adopt(const std::vector<ElementId>& elements, const Observation& observation) {
    if (elements.empty()) return false;
    const Topology& before = document_.topology();
    Topology wanted = before;
    QStringList titles;
    for (const ElementId& each : adoptionOrder(elements, before)) {
        // A cluster brings what it holds, and a dataset its links.
        if (!isDrawn(before, each) && isDrawn(wanted, each)) continue;
        const Result<EditPtr> edit = adoptEdit(each, wanted, observation);
        if (!edit) return done(edit.error());
        if (const auto inverse = (*edit)->apply(wanted); !inverse) return done(inverse.error());
        titles << QString::fromStdString((*edit)->title());
    }
    const QString title =
        titles.size() == 1 ? titles.first() : tr("Adopt %n item(s)", nullptr, static_cast<int>(titles.size()));
    return done(document_.change(wanted, title));
}

bool DrawingEditor::applyFix(const Finding& finding) {
    if (!finding.edit) {
        emit failed({ErrorCode::Unsupported, "this problem has no fix that is certain to be meant", finding.where,
                     finding.fix});
        return false;
    }
    return done(document_.apply(finding.edit, tr("Fix: %1").arg(QString::fromStdString(finding.edit->title()))));
}

int DrawingEditor::applyAllFixes() {
    Topology wanted = document_.topology();
    int applied = 0;
    for (const Finding& each : document_.problems().findings()) {
        // A fix may have been made unnecessary, or impossible, by the one before it.
        if (each.edit && each.edit->apply(wanted)) ++applied;
    }
    if (applied == 0) return 0;
    return done(document_.change(wanted, tr("Apply %n fix(es)", nullptr, applied))) ? applied : 0;
}

bool DrawingEditor::connectMany(const std::vector<std::string>& datasets, Bulk how) {
    const Topology& topology = document_.topology();
    std::vector<EditPtr> edits;
    const std::size_t count = datasets.size();
    if (count < 2) {
        emit failed({ErrorCode::InvalidInput, "links need two datasets or more", {}, "select the datasets first"});
        return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j) {
            const bool wanted = how == Bulk::Mesh        ? i != j
                                : how == Bulk::AllToLast ? i + 1 < count && j + 1 == count
                                                         : j == (i + 1) % count && i != j;
            if (wanted) addHalves(topology, datasets[i], datasets[j], true, true, edits);
        }
    }
    const QString title = how == Bulk::Mesh        ? tr("Mesh of %n dataset(s)", nullptr, static_cast<int>(count))
                          : how == Bulk::AllToLast ? tr("%n dataset(s) to one", nullptr, static_cast<int>(count - 1))
                                                   : tr("Ring of %n dataset(s)", nullptr, static_cast<int>(count));
    if (edits.empty()) {
        emit failed({ErrorCode::AlreadyExists, "all these links are already drawn", {}, {}});
        return false;
    }
    return applyGroup(title, std::move(edits));
}

}  // namespace tributary::desktop
