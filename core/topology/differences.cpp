// The walk over a drawing and an observation.
#include "core/topology/differences.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/topology/topologyindex.h"

namespace tributary {
namespace {

template <typename... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

/// A smaller number keeps fewer versions; of a ttl, 0 is for ever.
bool losesCells(const AttributeRow& row) {
    if (!row.observed || !row.drawn) return false;
    const auto number = [](const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); };
    if (row.name.ends_with(".versions")) return number(*row.drawn) < number(*row.observed);
    // Durations of different units: any limit where none was, or another one, may be shorter.
    return row.name.ends_with(".ttl") && *row.drawn != "0";
}

class Walk {
public:
    Walk(const Topology& drawing, const Observation& observation)
        : drawing_(drawing), drawn_(drawing), seen_(observation) {}

    std::vector<Difference> run() {
        const Observation& observation = seen_.observation();
        for (const Dataset& dataset : drawing_.datasets) drawnDataset(dataset);
        for (const ObservedCluster& cluster : observation.clusters) extraCluster(cluster);
        for (const ObservedCluster& cluster : observation.clusters) {
            for (const ObservedDataset& dataset : cluster.datasets) extraDataset(dataset);
        }
        for (const Replica& replica : drawing_.replicas) drawnReplica(replica);
        for (const ObservedCluster& cluster : observation.clusters) extraReplicas(cluster);
        for (const Upstream& upstream : drawing_.upstreams) drawnUpstream(upstream);
        for (const ObservedCluster& cluster : observation.clusters) extraUpstreams(cluster);
        for (const ObservedNetwork& network : observation.networks) networkOf(network);
        for (const Cluster& cluster : drawing_.clusters) drawnCluster(cluster);
        for (const ObservedCluster& cluster : observation.clusters) members(cluster);
        for (const ObservedCluster& cluster : observation.clusters) silentCluster(cluster);
        return std::move(out_);
    }

private:
    Difference& add(DifferenceKind kind, ElementId element, std::string attribute, std::string detail) {
        Difference& made = out_.emplace_back();
        made.kind = kind;
        made.element = std::move(element);
        made.attribute = std::move(attribute);
        made.detail = std::move(detail);
        return made;
    }

    /// A row of an attribute that does not agree.
    Difference& addRow(const ElementId& element, const AttributeRow& row) {
        const DifferenceKind kind = row.agreement == Agreement::Missing   ? DifferenceKind::Missing
                                    : row.agreement == Agreement::Extra   ? DifferenceKind::Extra
                                    : row.agreement == Agreement::Unknown ? DifferenceKind::Unknown
                                                                          : DifferenceKind::Different;
        std::string detail = fmt::format("{}: drawn {}", row.name, shown(row.drawn));
        detail += row.observed ? ", is " + shown(row.observed) : ", and cannot be observed";
        Difference& made = add(kind, element, row.name, std::move(detail));
        made.drawn = row.drawn;
        made.observed = row.observed;
        return made;
    }
    static std::string shown(const std::optional<std::string>& value) {
        return !value ? "nothing" : value->empty() ? "''" : *value;
    }

    void drawnDataset(const Dataset& dataset) {
        if (seen_.answeredFor(dataset.path) == nullptr) return;
        const DatasetId id{dataset.path};
        const ObservedDataset* there = seen_.dataset(dataset.path);
        if (there == nullptr) {
            add(DifferenceKind::Missing, id, {},
                dataset.exists ? "is drawn as existing and is not there" : "is drawn and not created yet");
            return;
        }
        if (!there->unavailable.empty()) {
            add(DifferenceKind::Unknown, id, {}, "is there and cannot be looked at: " + there->unavailable);
            return;
        }
        std::vector<std::string> untold;
        for (const AttributeRow& row : compareAttributes(dataset, *there)) {
            if (row.agreement == Agreement::Unknown) untold.push_back(row.name);
            if (row.agreement == Agreement::Same || row.agreement == Agreement::NotDrawn ||
                row.agreement == Agreement::Unknown) {
                continue;
            }
            datasetPart(id, row);
        }
        if (untold.empty()) return;
        Difference& made = add(DifferenceKind::Unknown, id, untold.size() == 1 ? untold.front() : std::string(),
                               "could not be observed: " + join(untold, ", "));
        made.stake = DataStake::None;
    }

    void datasetPart(const DatasetId& id, const AttributeRow& row) {
        Difference& made = addRow(id, row);
        const std::string family = row.name.starts_with("family.") ? row.name.substr(7) : std::string();
        if (row.name.starts_with("topic.")) {
            made.detail = "lacks the drawn topic " + row.name.substr(6);
        } else if (row.agreement == Agreement::Missing) {
            made.detail = "lacks the drawn family " + family;
        } else if (row.agreement == Agreement::Extra) {
            made.detail = fmt::format("has family {}, which is not drawn", family);
            made.stake = DataStake::Lost;
        } else if (row.name == "kind" || losesCells(row)) {
            made.stake = DataStake::Lost;
        }
    }

    void extraCluster(const ObservedCluster& cluster) {
        if (drawn_.cluster(cluster.name) != nullptr || !cluster.lives()) return;
        const std::string pid = cluster.pid == 0 ? std::string() : fmt::format(" (process {})", cluster.pid);
        Difference& made = add(DifferenceKind::Extra, ClusterId{cluster.name}, {},
                               fmt::format("is not drawn, but it runs: {}{}", cluster.state, pid));
        made.observed = cluster.state;
        made.runs = true;
    }

    void extraDataset(const ObservedDataset& dataset) {
        if (drawn_.dataset(dataset.path) != nullptr) return;
        std::vector<std::string> roles;
        for (const ObservedReplica& replica : dataset.replicas.value_or(std::vector<ObservedReplica>{})) {
            roles.push_back("replicates to " + replica.to);
        }
        for (const ObservedUpstream& upstream : dataset.upstreams.value_or(std::vector<ObservedUpstream>{})) {
            roles.push_back("is fed by " + upstream.from);
        }
        Difference& made =
            add(DifferenceKind::Extra, DatasetId{dataset.path}, {},
                roles.empty() ? "is there and not drawn" : "is not drawn, but it runs: " + join(roles, ", "));
        made.runs = !roles.empty();
        made.stake = DataStake::Lost;
    }

    void drawnReplica(const Replica& replica) {
        if (seen_.answeredFor(replica.from) == nullptr) return;
        const ReplicaId id{replica.from, replica.to};
        const ObservedDataset* source = seen_.dataset(replica.from);
        if (source != nullptr && !source->replicas) {
            add(DifferenceKind::Unknown, id, {}, "whether it is registered at the source cannot be told");
            return;
        }
        const ObservedReplica* there = source == nullptr ? nullptr : source->replica(replica.to);
        if (there == nullptr) {
            add(DifferenceKind::Missing, id, {}, "is drawn and not registered at the source").stake = DataStake::Copied;
            return;
        }
        for (const AttributeRow& row : compareAttributes(replica, *there)) {
            if (row.agreement != Agreement::Different && row.agreement != Agreement::Unknown) continue;
            Difference& made = addRow(id, row);
            if (row.name == "columns") made.stake = DataStake::Copied;
        }
        if (const ObservedDataset* target = seen_.dataset(replica.to);
            target != nullptr && anotherTable(*there, *target)) {
            identity(id, there->uuid, target->uuid, replica.to);
        }
        if (there->state != "error" && there->state != "stalled") return;
        Difference& made =
            add(DifferenceKind::Different, id, "state",
                "is registered and does not run: " + (there->error.empty() ? there->state : there->error));
        made.drawn = "replicating";
        made.observed = there->state;
    }

    template <typename Record>
    static bool anotherTable(const Record& record, const ObservedDataset& meant) {
        return !record.uuid.empty() && !meant.uuid.empty() && record.uuid != meant.uuid;
    }
    void identity(const ElementId& id, const std::string& recorded, const std::string& now, const std::string& path) {
        Difference& made =
            add(DifferenceKind::Different, id, "identity",
                fmt::format("means another table than the one that is at {} now: it was deleted and made again", path));
        made.drawn = now;
        made.observed = recorded;
        made.stake = DataStake::Copied;
    }

    void extraReplicas(const ObservedCluster& cluster) {
        for (const ObservedDataset& dataset : cluster.datasets) {
            if (!dataset.replicas) continue;
            for (const ObservedReplica& replica : *dataset.replicas) {
                if (drawn_.replica(dataset.path, replica.to) != nullptr) continue;
                const std::string state = replica.state.empty() ? "?" : replica.state;
                Difference& made = add(DifferenceKind::Extra, ReplicaId{dataset.path, replica.to}, {},
                                       "is not drawn, but it runs: " + state);
                made.observed = state;
                made.runs = true;
            }
        }
    }

    void drawnUpstream(const Upstream& upstream) {
        if (seen_.answeredFor(upstream.at) == nullptr) return;
        const UpstreamId id{upstream.at, upstream.from};
        const ObservedDataset* replica = seen_.dataset(upstream.at);
        if (replica != nullptr && !replica->upstreams) {
            add(DifferenceKind::Unknown, id, {}, "whether it is registered at the replica cannot be told");
            return;
        }
        const ObservedUpstream* there = replica == nullptr ? nullptr : replica->upstream(upstream.from);
        if (there == nullptr) {
            add(DifferenceKind::Missing, id, {}, "is drawn and not registered at the replica");
            return;
        }
        const ObservedDataset* source = seen_.dataset(upstream.from);
        if (source != nullptr && anotherTable(*there, *source)) identity(id, there->uuid, source->uuid, upstream.from);
    }

    void extraUpstreams(const ObservedCluster& cluster) {
        for (const ObservedDataset& dataset : cluster.datasets) {
            if (!dataset.upstreams) continue;
            for (const ObservedUpstream& upstream : *dataset.upstreams) {
                if (drawn_.upstream(dataset.path, upstream.from) != nullptr) continue;
                add(DifferenceKind::Extra, UpstreamId{dataset.path, upstream.from}, {}, "is registered and not drawn");
            }
        }
    }

    void networkOf(const ObservedNetwork& network) {
        const WanId id{network.from, network.to};
        if (!network.latencyUs || !network.bandwidthBytesPerSecond) {
            add(DifferenceKind::Unknown, id, {}, "which network is in force cannot be told");
            return;
        }
        if (network.leftOut) return;  // somebody wanted it so
        std::vector<std::string> drawn;
        std::vector<std::string> observed;
        std::string attribute;
        for (const AttributeRow& row : compareAttributes(drawn_.wanBetween(network.from, network.to), network)) {
            if (row.agreement == Agreement::Different) attribute = attribute.empty() ? row.name : "network";
            const bool plain = row.name == "latency" ? *row.drawn == "0" : *row.drawn == "unlimited";
            const bool plainNow = row.name == "latency" ? *row.observed == "0" : *row.observed == "unlimited";
            if (!plain) drawn.push_back(*row.drawn);
            if (!plainNow) observed.push_back(*row.observed);
        }
        if (attribute.empty()) return;
        Difference& made = add(DifferenceKind::Different, id, attribute, {});
        made.drawn = drawn.empty() ? "none" : join(drawn, ", ");
        made.observed = observed.empty() ? "none" : join(observed, ", ");
        made.detail =
            fmt::format("drawn {}, in force {}: tributary up puts the drawing in force", *made.drawn, *made.observed);
    }

    void drawnCluster(const Cluster& cluster) {
        const ObservedCluster* there = seen_.cluster(cluster.name);
        if (there == nullptr || !there->answered) return;  // told by silentCluster()
        const ClusterId id{cluster.name};
        for (const AttributeRow& row : compareAttributes(cluster, *there)) {
            if (row.name == "state" || row.agreement == Agreement::Same || row.agreement == Agreement::NotDrawn)
                continue;
            Difference& made = addRow(id, row);
            if (row.name == "role" && row.agreement == Agreement::Different) {
                made.detail = fmt::format("role of {}: drawn {}, observed {}", cluster.name, *row.drawn, *row.observed);
            }
            if (!row.name.starts_with("gateway.") || row.name.ends_with(".port")) continue;
            const std::string gateway = row.name.substr(8);
            made.detail = row.agreement == Agreement::Missing ? fmt::format("lacks the drawn gateway {}", gateway)
                          : row.agreement == Agreement::Extra
                              ? fmt::format("has gateway {}, which is not drawn", gateway)
                          : row.agreement == Agreement::Unknown
                              ? fmt::format("whether gateway {} is open cannot be told", gateway)
                              : fmt::format("gateway {} is {}", gateway, *row.observed);
        }
        gatewayRecords(id, *there);
    }

    /// A record overrides what is drawn: it has to name the same doors.
    void gatewayRecords(const ClusterId& id, const ObservedCluster& cluster) {
        if (!cluster.gatewayRecords) return;
        for (const auto& [peer, recorded] : *cluster.gatewayRecords) {
            const Cluster* drawn = drawn_.cluster(peer);
            std::set<std::string> doors;
            std::vector<std::string> names;
            for (const Gateway& gateway : drawn == nullptr ? std::vector<Gateway>{} : drawn->gateways) {
                doors.insert(gateway.name);
                names.push_back(gateway.name);
                if (!gateway.address.empty()) doors.insert(gateway.address);
            }
            const bool known = std::all_of(recorded.begin(), recorded.end(),
                                           [&](const std::string& each) { return doors.count(each) > 0; });
            if (known && recorded.size() == names.size()) continue;
            Difference& made = add(DifferenceKind::Different, id, "gatewayrecord." + peer, {});
            made.drawn = join(names, " ");
            made.observed = join(recorded, " ");
            made.detail = fmt::format("reaches {} by its own record, {}, and not by the gateways that are drawn, {}",
                                      peer, *made.observed, names.empty() ? "none" : *made.drawn);
        }
    }

    /// Of a cluster that is down as a whole nothing more is said.
    void members(const ObservedCluster& cluster) {
        if (!cluster.answered) return;
        for (const ObservedMember& member : cluster.members) {
            if (member.drawn && member.state == "running") continue;
            const bool isUnknown = member.state == "?";
            const bool runs = member.state != "down" && member.state != "killed" && !isUnknown;
            if (!member.drawn && !runs) continue;
            const DifferenceKind kind = isUnknown      ? DifferenceKind::Unknown
                                        : member.drawn ? DifferenceKind::Different
                                                       : DifferenceKind::Extra;
            Difference& made = add(kind, ClusterId{cluster.name}, "member." + member.name,
                                   isUnknown      ? fmt::format("{} does not answer", member.name)
                                   : member.drawn ? fmt::format("{} is {}", member.name, member.state)
                                                  : fmt::format("{} is not drawn, but it runs", member.name));
            if (member.drawn) made.drawn = "running";
            if (!isUnknown) made.observed = member.state;
            made.runs = !member.drawn;
        }
        for (const ObservedPeer& peer : cluster.peers) {
            if (peer.state == "follow" || peer.state == "?") continue;  // "?": said of its member
            Difference& made =
                add(DifferenceKind::Different, PeerId{peer.at, peer.from}, "state",
                    fmt::format("does not follow: {}{}{}", peer.state, peer.error.empty() ? "" : ": ", peer.error));
            made.drawn = "follow";
            made.observed = peer.state;
        }
    }

    void silentCluster(const ObservedCluster& cluster) {
        if (cluster.answered) return;
        std::string standing = "is " + cluster.state;
        if (cluster.state == "?") {
            standing = cluster.reason.empty() ? "is not answering" : "cannot be asked (" + cluster.reason + ")";
        }
        Difference& made =
            add(DifferenceKind::Unknown, ClusterId{cluster.name}, {}, standing + ": what it holds cannot be told");
        made.observed = cluster.state == "?" ? std::nullopt : std::optional(cluster.state);
    }

    const Topology& drawing_;
    const TopologyIndex drawn_;
    const ObservationIndex seen_;
    std::vector<Difference> out_;
};

/// Rows of what only runs, or is only drawn.
std::vector<AttributeRow> oneSided(std::vector<AttributeRow> rows, bool drawn) {
    for (AttributeRow& row : rows) {
        row.agreement = drawn ? Agreement::Missing : Agreement::NotDrawn;
        (drawn ? row.observed : row.drawn).reset();
    }
    std::erase_if(rows, [](const AttributeRow& row) { return !row.drawn && !row.observed; });
    return rows;
}

class View {
public:
    View(const Topology& drawing, const Observation& observation) : drawing_(drawing), seen_(observation) {}

    ElementView operator()(const ClusterId& id) const {
        const ObservedCluster* there = seen_.cluster(id.name);
        const bool known = there != nullptr && there->state != "?";
        return made(drawing_.cluster(id.name), there, known ? std::optional(there->lives()) : std::nullopt);
    }
    ElementView operator()(const DatasetId& id) const {
        const ObservedDataset* there = seen_.dataset(id.path);
        return made(drawing_.dataset(id.path), there, presence(id.path, there != nullptr));
    }
    ElementView operator()(const ReplicaId& id) const {
        const ObservedDataset* source = seen_.dataset(id.from);
        const ObservedReplica* there = seen_.replica(id.from, id.to);
        std::optional<bool> is = presence(id.from, there != nullptr);
        if (source != nullptr && !source->replicas) is.reset();
        return made(drawing_.replica(id.from, id.to), there, is);
    }
    ElementView operator()(const UpstreamId& id) const {
        const ObservedDataset* replica = seen_.dataset(id.at);
        std::optional<bool> is = presence(id.at, seen_.upstream(id.at, id.from) != nullptr);
        if (replica != nullptr && !replica->upstreams) is.reset();
        return {drawing_.upstream(id.at, id.from) != nullptr, is, {}};
    }
    ElementView operator()(const PeerId& id) const { return {drawing_.peer(id.at, id.from) != nullptr, {}, {}}; }
    ElementView operator()(const ConnectionId& id) const {
        return {drawing_.connection(id.at, id.from) != nullptr, {}, {}};
    }
    // Nothing that runs knows of regions.
    ElementView operator()(const RegionId& id) const { return {drawing_.region(id.name) != nullptr, {}, {}}; }
    ElementView operator()(const WanId& id) const {
        const Wan* drawn = drawing_.wanBetween(id.a, id.b);
        ElementView out{drawn != nullptr, {}, {}};
        for (const ObservedNetwork& network : seen_.observation().networks) {
            if (network.from != id.a || network.to != id.b) continue;
            out.there = network.latencyUs ? std::optional(true) : std::nullopt;
            out.rows = compareAttributes(drawn, network);
        }
        return out;
    }

private:
    std::optional<bool> presence(const std::string& path, bool there) const {
        return seen_.answeredFor(path) == nullptr ? std::nullopt : std::optional(there);
    }
    template <typename Drawn, typename Seen>
    static ElementView made(const Drawn* drawn, const Seen* there, std::optional<bool> is) {
        ElementView out{drawn != nullptr, is, {}};
        if (drawn != nullptr && there != nullptr) {
            out.rows = compareAttributes(*drawn, *there);
        } else if (there != nullptr) {
            out.rows = oneSided(compareAttributes(Drawn{}, *there), false);
        } else if (drawn != nullptr) {
            out.rows = oneSided(compareAttributes(*drawn, Seen{}), true);
            if (is) return out;
            for (AttributeRow& row : out.rows) row.agreement = Agreement::Unknown;
        }
        return out;
    }

    const Topology& drawing_;
    const ObservationIndex seen_;
};

}  // namespace

std::string_view differenceKindName(DifferenceKind kind) {
    switch (kind) {
        case DifferenceKind::Missing: return "missing";
        case DifferenceKind::Extra: return "extra";
        case DifferenceKind::Different: return "different";
        default: return "unknown";
    }
}

std::string_view dataStakeName(DataStake stake) {
    switch (stake) {
        case DataStake::Copied: return "copied";
        case DataStake::Lost: return "lost";
        default: return "none";
    }
}

std::string placeOf(const ElementId& element) {
    return std::visit(
        Match{[](const ClusterId& id) { return id.name; }, [](const DatasetId& id) { return id.path; },
              [](const ReplicaId& id) { return id.from + " -> " + id.to; },
              [](const UpstreamId& id) { return id.at + " <- " + id.from; },
              [](const PeerId& id) { return id.at + " <- " + id.from; },
              [](const ConnectionId& id) { return id.at + " <- " + id.from; },
              [](const WanId& id) { return id.a + " -> " + id.b; }, [](const RegionId& id) { return id.name; }},
        element);
}

std::string Difference::what() const {
    // "family.orders" is a family; "family.orders.ttl" is a setting of its table, as the drawing has it.
    const bool part = kind == DifferenceKind::Missing || kind == DifferenceKind::Extra;
    if (part && attribute.starts_with("family.")) return "family";
    if (part && attribute.starts_with("gateway.")) return "gateway";
    return std::visit(Match{[](const ClusterId&) { return "cluster"; }, [](const DatasetId&) { return "dataset"; },
                            [](const ReplicaId&) { return "replica"; }, [](const UpstreamId&) { return "upstream"; },
                            [](const PeerId&) { return "peer"; }, [](const ConnectionId&) { return "connection"; },
                            [](const WanId&) { return "wan"; }, [](const RegionId&) { return "region"; }},
                      element);
}

std::string Difference::where() const {
    return placeOf(element);
}

std::vector<Difference> differencesOf(const Topology& drawing, const Observation& observation) {
    return Walk(drawing, observation).run();
}

ElementView viewOf(const ElementId& element, const Topology& drawing, const Observation& observation) {
    return std::visit(View(drawing, observation), element);
}

}  // namespace tributary
