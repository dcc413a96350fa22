// What the canvas' items show: the drawing, its problems and what was observed.
#include <algorithm>

#include "app/desktop/canvas/canvasbadges.h"
#include "app/desktop/canvas/canvasscene.h"
#include "core/systems/naming.h"
#include "core/topology/measures.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString systemTitle(const std::string& system) {
    if (system == "maprdb") return u"MapR-DB"_s;
    if (system == "tarantool") return u"Tarantool"_s;
    if (system == "voltdb") return u"VoltDB"_s;
    return QString::fromStdString(system);
}

/// `observed`: whether the running system has it; nullopt when nothing is known. Only a surprise is worth words.
QString datasetDetail(const Dataset& dataset, std::optional<bool> observed) {
    QStringList parts;
    if (dataset.kind == DatasetKind::Stream) {
        parts << CanvasScene::tr("%n topic(s)", nullptr, static_cast<int>(dataset.topics.size()));
    } else if (!dataset.families.empty()) {
        QStringList names;
        for (const Family& each : dataset.families) names << QString::fromStdString(each.name);
        parts << names.join(u", "_s);
    }
    if (dataset.exists && observed == false) parts << CanvasScene::tr("not there");
    if (!dataset.exists) parts << (observed == true ? CanvasScene::tr("made") : CanvasScene::tr("to be made"));
    if (dataset.bulkLoad.value_or(false)) parts << CanvasScene::tr("bulk load");
    return parts.join(u" \u00b7 "_s);
}

QString networkWord(const std::string& state) {
    if (state == "as-drawn") return CanvasScene::tr("in force");
    if (state == "left-out") return CanvasScene::tr("left out");
    if (state == "not-carried") return CanvasScene::tr("not in force");
    if (state == "differs") return CanvasScene::tr("not in force yet");
    return CanvasScene::tr("in force?");
}

QString linkOptions(const Replica& edge) {
    QStringList parts;
    if (edge.synchronous) parts << CanvasScene::tr("synchronous");
    if (edge.paused) parts << CanvasScene::tr("paused");
    if (edge.throttle) parts << CanvasScene::tr("throttled");
    if (!edge.columns.empty()) {
        parts << CanvasScene::tr("%n column(s)", nullptr, static_cast<int>(edge.columns.size()));
    }
    if (edge.networkEncryption) parts << CanvasScene::tr("encrypted");
    return parts.join(u" \u00b7 "_s);
}

/// How a member does: its own word for it, as a colour.
LinkHealth memberHealth(const std::string& state) {
    if (state == "running") return LinkHealth::Good;
    if (state == "?") return LinkHealth::Unknown;
    return state == "killed" || state == "down" ? LinkHealth::Bad : LinkHealth::Held;
}

MemberCard memberCard(const Member& drawn, const ObservedMemberState* seen) {
    MemberCard card;
    card.name = QString::fromStdString(drawn.name);
    QStringList parts;
    if (seen != nullptr && seen->readOnly) {
        parts << (*seen->readOnly ? u"ro"_s : u"rw"_s);
    } else if (!drawn.mode.empty()) {
        parts << QString::fromStdString(drawn.mode);
    }
    if (!drawn.listen.empty()) parts << QString::fromStdString(drawn.listen);
    card.detail = parts.join(u" \u00b7 "_s);
    if (seen == nullptr) return card;
    card.health = memberHealth(seen->state);
    card.state = seen->state == "?" ? CanvasScene::tr("not answering") : QString::fromStdString(seen->state);
    card.reason = QString::fromStdString(seen->reason);
    return card;
}

std::vector<MemberCard> memberCards(const Cluster& cluster, const ObservedCluster* seen,
                                    const std::set<std::string>& highlights) {
    std::vector<MemberCard> out;
    out.reserve(cluster.members.size());
    for (const Member& member : cluster.members) {
        const ObservedMemberState* state = nullptr;
        if (seen != nullptr) {
            const auto at = seen->members.find(member.name);
            if (at != seen->members.end()) state = &at->second;
        }
        out.push_back(memberCard(member, state));
        out.back().highlighted = highlights.contains(joinedMember(cluster.name, member.name));
    }
    return out;
}

/// The looks of all drawn links, before anything is observed.
std::map<ItemRef, LinkLook> drawnLinks(const Topology& topology) {
    std::map<ItemRef, LinkLook> looks;
    for (const Replica& each : topology.replicas) {
        LinkLook& look = looks[linkRef(each.from, each.to)];
        look.replica = true;
        look.options = linkOptions(each);
    }
    for (const Upstream& each : topology.upstreams) looks[linkRef(each.from, each.at)].upstream = true;
    for (const ItemRef& ref : memberLinks(topology)) {
        LinkLook& look = looks[ref];
        look.replica = look.upstream = look.ofMembers = true;
    }
    return looks;
}

}  // namespace

CanvasScene::Badges CanvasScene::badges() const {
    Badges out;
    for (const Finding& each : document_.problems().findings()) {
        const ItemRef ref = refOfPlace(each.where);
        switch (ref.kind) {
            case ItemRef::Kind::Cluster:
            case ItemRef::Kind::Member: out.clusters[ref.a].add(each.severity); break;
            case ItemRef::Kind::Dataset:
                out.datasets[ref.a].add(each.severity);
                out.clusters[clusterOf(ref.a)].add(each.severity);
                break;
            case ItemRef::Kind::Region: out.regions[ref.a].add(each.severity); break;
            case ItemRef::Kind::Link:
                out.links[ref].add(each.severity);
                out.clusters[endpointOf(ref.a).cluster].add(each.severity);
                if (endpointOf(ref.a).cluster != endpointOf(ref.b).cluster) {
                    out.clusters[endpointOf(ref.b).cluster].add(each.severity);
                }
                break;
            default: break;
        }
    }
    return out;
}

std::vector<ItemRef> CanvasScene::itemRefs() const {
    std::vector<ItemRef> out;
    std::map<std::string, std::vector<ItemRef>, std::less<>> held;
    for (const auto& each : document_.topology().datasets) held[clusterOf(each.path)].push_back(datasetRef(each.path));
    for (const Region& each : document_.topology().regions) out.push_back(regionRef(each.name));
    for (const Cluster& each : document_.topology().clusters) {
        out.push_back(clusterRef(each.name));
        for (const Gateway& gateway : each.gateways) out.push_back(gatewayRef(each.name, gateway.name));
        for (const Member& member : each.members) out.push_back(memberRef(each.name, member.name));
        const std::vector<ItemRef>& datasets = held[each.name];
        out.insert(out.end(), datasets.begin(), datasets.end());
    }
    for (const auto& [ref, ghost] : ghosts_) {
        if (ref.kind != ItemRef::Kind::Link) out.push_back(ref);
    }
    for (const auto& [ref, item] : bundles_) out.push_back(ref);
    for (const auto& [ref, item] : links_) out.push_back(ref);
    for (const auto& [ref, item] : wan_) out.push_back(ref);
    for (const auto& [name, item] : notes_) out.push_back(noteRef(name));
    std::erase_if(out, [this](const ItemRef& ref) { return itemOf(ref) == nullptr; });
    return out;
}

void CanvasScene::syncLooks() {
    const Topology& topology = document_.topology();
    Badges marks = badges();
    std::map<std::string, int, std::less<>> counts;
    for (const Dataset& each : topology.datasets) ++counts[clusterOf(each.path)];
    for (const Cluster& each : topology.clusters) {
        ClusterItem* item = cluster(each.name);
        if (item == nullptr) continue;
        ClusterLook look;
        look.name = QString::fromStdString(each.name);
        look.system = systemTitle(each.system);
        look.datasets = counts[each.name];
        look.secure = each.secure;
        look.worst = marks.clusters[each.name].shown();
        look.problems = marks.clusters[each.name].count;
        if (const auto place = document_.layout().find(item->ref()); place != document_.layout().end()) {
            look.collapsed = place->second.collapsed;
            look.pinned = place->second.pinned;
        }
        const auto seen = observed_.clusters.find(each.name);
        const bool known = observed_.known && seen != observed_.clusters.end();
        for (const Gateway& gateway : each.gateways) {
            GatewayLook gatewayLook{QString::fromStdString(gateway.name), {}};
            if (known) {
                const auto up = seen->second.gateways.find(gateway.name);
                if (up != seen->second.gateways.end()) gatewayLook.up = up->second;
            }
            look.gateways.push_back(std::move(gatewayLook));
        }
        look.members = memberCards(each, known ? &seen->second : nullptr, observed_.highlights);
        if (known) {
            look.observed = QString::fromStdString(seen->second.state);
            if (!seen->second.alarms.empty()) {
                look.observed +=
                    u" \u00b7 "_s + tr("%n alarm(s)", nullptr, static_cast<int>(seen->second.alarms.size()));
            }
            look.trouble = !seen->second.reachable || !seen->second.alarms.empty();
        }
        look.highlighted = observed_.highlights.contains(each.name);
        look.ghosts = item->look().ghosts;
        item->setLook(look);
    }
    for (const Dataset& each : topology.datasets) {
        DatasetItem* item = dataset(each.path);
        if (item == nullptr) continue;
        DatasetLook look;
        look.name = QString::fromStdString(shortName(item->ref()));
        look.kind = each.kind;
        look.exists = each.exists;
        look.worst = marks.datasets[each.path].shown();
        const auto seen = observed_.clusters.find(clusterOf(each.path));
        if (observed_.known && seen != observed_.clusters.end() && seen->second.reachable) {
            look.observedExists = seen->second.datasets.contains(each.path);
        }
        look.detail = datasetDetail(each, look.observedExists);
        look.highlighted = observed_.highlights.contains(each.path);
        item->setLook(look);
    }
    syncGhostLooks();
    syncRegionLooks(marks);
    std::map<ItemRef, LinkLook> looks = drawnLinks(topology);
    for (const auto& [ref, item] : links_) {
        LinkLook look = looks[ref];
        look.worst = marks.links[ref].shown();
        look.observedKnown = observed_.known;
        if (const auto seen = observed_.links.find({ref.a, ref.b}); observed_.known && seen != observed_.links.end()) {
            look.observed = seen->second;
        }
        look.highlighted = observed_.highlights.contains(ref.a + " -> " + ref.b);
        item->setLook(look);
    }
    for (const Wan& each : topology.wan) {
        const auto found = wan_.find(wanRef(each.a, each.b));
        if (found == wan_.end()) continue;
        QStringList parts{QString::fromStdString(formatDuration(each.latencyUs))};
        if (each.bandwidthBytesPerSecond > 0) {
            parts << QString::fromStdString(formatBandwidth(each.bandwidthBytesPerSecond));
        }
        const auto clusters = std::minmax(each.a, each.b);
        const auto network = observed_.networks.find(clusters);
        const auto seen = observed_.faults.find(clusters);
        const ObservedFaults faults =
            observed_.known && seen != observed_.faults.end() ? seen->second : ObservedFaults{};
        // A fault is what matters then, and the label stands between two clusters.
        if (observed_.known && network != observed_.networks.end() && faults.phrases.empty())
            parts << networkWord(network->second);
        found->second->setText(parts.join(u" \u00b7 "_s));
        found->second->setFaults(faults);
    }
    syncBundleLooks();
    syncFocus();
}

}  // namespace tributary::desktop
