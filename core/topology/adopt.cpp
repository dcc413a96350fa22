// From what runs to edits of the drawing.
#include "core/topology/adopt.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/topology/attributes.h"
#include "core/topology/measures.h"

namespace tributary {
namespace {

/// A value that the drawing means by saying nothing.
bool isDefault(std::string_view name, const std::string& value) {
    if (name.ends_with(".versions")) return value == "1";
    if (name.ends_with("minversions") || name.ends_with(".ttl")) return value == "0";
    if (name == "columns") return value == "all";
    if (name == "networkcompression") return value == kNetworkCompressionDefault;
    if (name == "latency" || name == "bandwidth") return value == "0" || value == "unlimited";
    if (name == "deletettl") return value == formatDuration(static_cast<Micros>(kDeleteTtlDefaultSeconds) * 1'000'000);
    return value == "false";
}

template <typename Element>
Status take(Element& element, const AttributeRow& row) {
    if (isDefault(row.name, *row.observed)) return assignAttribute(element, row.name, std::nullopt);
    return assignAttribute(element, row.name, row.observed);
}

Error nothingToAdopt(const ElementId& element, std::string why) {
    return Error{ErrorCode::Conflict, elementText(element) + ' ' + std::move(why), {}, "tributary status"};
}

class Adoption {
public:
    Adoption(const Topology& drawing, const Observation& observation) : drawing_(drawing), seen_(observation) {}

    Result<EditPtr> run(const ElementId& element) {
        const ElementView view = viewOf(element, drawing_, seen_.observation());
        if (!view.there && !std::holds_alternative<WanId>(element)) {
            return Error{ErrorCode::Unavailable,
                         elementText(element) + " could not be observed",
                         {},
                         "tributary up; tributary status"};
        }
        if (!view.drawn && !view.there.value_or(false)) {
            return Error{
                ErrorCode::NotFound, elementText(element) + " is neither drawn nor there", {}, "tributary status"};
        }
        const std::string title = "Adopt " + elementText(element);
        if (!view.there.value_or(true)) return takenOut(element, title);
        std::vector<EditPtr> edits;
        const Status made =
            std::visit([&](const auto& id) { return view.drawn ? change(id, edits) : add(id, edits); }, element);
        if (!made) return made.error();
        if (edits.empty()) return nothingToAdopt(element, "is drawn as it runs");
        return groupEdit(title, std::move(edits));
    }

private:
    Result<EditPtr> takenOut(const ElementId& element, const std::string& title) {
        if (const auto* dataset = std::get_if<DatasetId>(&element))
            return removeDatasetAndEdges(drawing_, dataset->path);
        if (std::holds_alternative<ClusterId>(element)) return nothingToAdopt(element, "is down, which is no drawing");
        return groupEdit(title, {removeElement(element)});
    }

    // ---- what is drawn takes the observed values -----------------------------------------------------------------

    Status change(const ClusterId& id, std::vector<EditPtr>& edits) {
        Cluster with = *drawing_.cluster(id.name);
        const ObservedCluster& there = *seen_.cluster(id.name);
        const Cluster before = with;
        const Cluster now = drawnAs(there);
        if (there.gateways) {
            std::vector<Gateway> gateways;
            for (const Gateway& gateway : now.gateways) {
                const auto drawn = std::find_if(before.gateways.begin(), before.gateways.end(),
                                                [&](const Gateway& each) { return each.name == gateway.name; });
                gateways.push_back(drawn == before.gateways.end() ? gateway : *drawn);
            }
            // Their order says nothing.
            if (!std::is_permutation(gateways.begin(), gateways.end(), before.gateways.begin(),
                                     before.gateways.end())) {
                with.gateways = std::move(gateways);
            }
        }
        for (const AttributeRow& row : compareAttributes(before, there)) {
            if (row.agreement != Agreement::Different) continue;
            if (row.name == "users") with.users = now.users;
            if (row.name == "role") with.role = *row.observed;
            if (row.name.starts_with("groups.")) with.groups[row.name.substr(7)] = now.groups.at(row.name.substr(7));
        }
        if (!(with == before)) edits.push_back(replaceCluster(id.name, std::move(with)));
        return okStatus();
    }

    Status change(const DatasetId& id, std::vector<EditPtr>& edits) {
        const Dataset& before = *drawing_.dataset(id.path);
        const ObservedDataset& there = *seen_.dataset(id.path);
        if (!there.unavailable.empty()) {
            return Error{
                ErrorCode::Unavailable, id.path + " cannot be looked at: " + there.unavailable, {}, "tributary doctor"};
        }
        Dataset with = before;
        const Dataset now = drawnAs(there);
        for (const AttributeRow& row : compareAttributes(before, there)) {
            const bool family = row.name.starts_with("family.");
            Status done = okStatus();
            if (row.agreement == Agreement::Missing) {
                std::erase_if(with.families, [&](const Family& each) { return "family." + each.name == row.name; });
            } else if (row.agreement == Agreement::Extra && family) {
                for (const Family& each : now.families) {
                    if ("family." + each.name == row.name) with.families.push_back(each);
                }
            } else if (row.agreement == Agreement::Different) {
                done = take(with, row);
            }
            if (!done) return done;
        }
        if (!(with == before)) edits.push_back(replaceDataset(id.path, std::move(with)));
        return okStatus();
    }

    Status change(const ReplicaId& id, std::vector<EditPtr>& edits) {
        const Replica& before = *drawing_.replica(id.from, id.to);
        Replica with = before;
        for (const AttributeRow& row : compareAttributes(before, *seen_.replica(id.from, id.to))) {
            if (row.agreement != Agreement::Different) continue;
            if (Status done = take(with, row); !done) return done;
        }
        if (!(with == before)) edits.push_back(replaceReplica(id, std::move(with)));
        return okStatus();
    }

    Status change(const UpstreamId&, std::vector<EditPtr>&) { return okStatus(); }
    // Nobody observes peers and connections yet, and regions never: run() has said so.
    Status change(const PeerId&, std::vector<EditPtr>&) { return okStatus(); }
    Status add(const PeerId&, std::vector<EditPtr>&) { return okStatus(); }
    Status change(const ConnectionId&, std::vector<EditPtr>&) { return okStatus(); }
    Status add(const ConnectionId&, std::vector<EditPtr>&) { return okStatus(); }
    Status change(const RegionId&, std::vector<EditPtr>&) { return okStatus(); }
    Status add(const RegionId&, std::vector<EditPtr>&) { return okStatus(); }

    Status change(const WanId& id, std::vector<EditPtr>& edits) {
        const Wan& before = *drawing_.wanBetween(id.a, id.b);
        Wan with = before;
        if (Status done = inForce(id, with); !done) return done;
        if (!(with == before)) edits.push_back(replaceWan(idOf(before), std::move(with)));
        return okStatus();
    }

    Status inForce(const WanId& id, Wan& with) const {
        for (const ObservedNetwork& network : seen_.observation().networks) {
            if (network.from != id.a || network.to != id.b) continue;
            if (!network.latencyUs || !network.bandwidthBytesPerSecond) break;
            with.latencyUs = *network.latencyUs;
            with.bandwidthBytesPerSecond = *network.bandwidthBytesPerSecond;
            return okStatus();
        }
        return Error{ErrorCode::Unavailable,
                     fmt::format("the network from {} to {} could not be observed", id.a, id.b),
                     {},
                     "tributary status"};
    }

    // ---- what only runs is drawn ----------------------------------------------------------------------------------

    Status add(const ClusterId& id, std::vector<EditPtr>& edits) {
        const ObservedCluster& there = *seen_.cluster(id.name);
        edits.push_back(addCluster(drawnAs(there)));
        for (const ObservedDataset& dataset : there.datasets) adopted_.push_back(dataset.path);
        for (const ObservedDataset& dataset : there.datasets) {
            if (drawing_.dataset(dataset.path) == nullptr) edits.push_back(addDataset(drawnAs(dataset)));
        }
        addRecords(edits);
        return okStatus();
    }

    Status add(const DatasetId& id, std::vector<EditPtr>& edits) {
        const std::string cluster = clusterOf(id.path);
        if (drawing_.cluster(cluster) == nullptr) {
            return Error{ErrorCode::Conflict,
                         fmt::format("{} lies in {}, which is not drawn", id.path, cluster),
                         {},
                         "tributary adopt " + cluster};
        }
        adopted_.push_back(id.path);
        edits.push_back(addDataset(drawnAs(*seen_.dataset(id.path))));
        addRecords(edits);
        return okStatus();
    }

    Status add(const ReplicaId& id, std::vector<EditPtr>& edits) {
        for (const std::string& end : {id.from, id.to}) {
            if (drawing_.dataset(end) != nullptr) continue;
            return Error{ErrorCode::Conflict, fmt::format("{} is not drawn", end), {}, "tributary adopt " + end};
        }
        edits.push_back(addReplica(drawnAs(id.from, *seen_.replica(id.from, id.to))));
        const bool other = seen_.upstream(id.to, id.from) != nullptr && drawing_.upstream(id.to, id.from) == nullptr;
        if (other) edits.push_back(addUpstream({id.to, id.from, {}}));
        return okStatus();
    }

    Status add(const UpstreamId& id, std::vector<EditPtr>& edits) {
        edits.push_back(addUpstream({id.at, id.from, {}}));
        return okStatus();
    }

    Status add(const WanId& id, std::vector<EditPtr>& edits) {
        Wan with;
        with.a = id.a;
        with.b = id.b;
        if (Status done = inForce(id, with); !done) return done;
        edits.push_back(addWan(std::move(with)));
        return okStatus();
    }

    [[nodiscard]] bool adopts(const std::string& path) const {
        return std::find(adopted_.begin(), adopted_.end(), path) != adopted_.end();
    }
    [[nodiscard]] bool willBeDrawn(const std::string& path) const {
        return drawing_.dataset(path) != nullptr || adopts(path);
    }

    /// The records that link an adopted table with another drawn one, at whichever end.
    void addRecords(std::vector<EditPtr>& edits) {
        for (const ObservedCluster& cluster : seen_.observation().clusters) {
            for (const ObservedDataset& dataset : cluster.datasets) {
                if (!willBeDrawn(dataset.path)) continue;
                for (const ObservedReplica& each : dataset.replicas.value_or(std::vector<ObservedReplica>{})) {
                    const bool new_ = adopts(dataset.path) || adopts(each.to);
                    if (!new_ || !willBeDrawn(each.to) || drawing_.replica(dataset.path, each.to) != nullptr) continue;
                    edits.push_back(addReplica(drawnAs(dataset.path, each)));
                }
                for (const ObservedUpstream& each : dataset.upstreams.value_or(std::vector<ObservedUpstream>{})) {
                    const bool new_ = adopts(dataset.path) || adopts(each.from);
                    if (!new_ || !willBeDrawn(each.from) || drawing_.upstream(dataset.path, each.from) != nullptr)
                        continue;
                    edits.push_back(addUpstream({dataset.path, each.from, {}}));
                }
            }
        }
    }

    const Topology& drawing_;
    const ObservationIndex seen_;
    std::vector<std::string> adopted_;
};

}  // namespace

Cluster drawnAs(const ObservedCluster& seen) {
    Cluster out;
    out.name = seen.name;
    for (const ObservedGateway& gateway : seen.gateways.value_or(std::vector<ObservedGateway>{})) {
        // Its port was chosen when it started, and may be another one the next time.
        out.gateways.push_back({gateway.name, {}, {}});
    }
    out.users = seen.users.value_or(std::vector<std::string>{});
    out.groups = seen.groups.value_or(std::map<std::string, std::vector<std::string>>{});
    return out;
}

namespace {

/// "family.f.perms.readperm" -> what defaultreadperm of the table is; nullopt of anything else.
std::optional<std::string> defaultOf(const ObservedDataset& seen, const std::string& name) {
    const std::size_t dot = name.rfind(".perms.");
    if (!name.starts_with("family.") || dot == std::string::npos) return std::nullopt;
    return observedAttribute(seen, "perms.default" + name.substr(dot + 7));
}

}  // namespace

Dataset drawnAs(const ObservedDataset& seen) {
    Dataset out;
    out.path = seen.path;
    out.kind = seen.kind.value_or(DatasetKind::BinaryTable);
    // What nobody feeds comes to be with its cluster; a replica comes to be with its link.
    out.exists = !seen.upstreams || seen.upstreams->empty();
    // A topic of a replica is drawn where its messages begin.
    if (out.exists && seen.topics) out.topics = *seen.topics;
    for (const ObservedFamily& family : seen.families) {
        Family& made = out.families.emplace_back();
        made.name = family.name;
        made.jsonPath = family.jsonPath.value_or("");
    }
    const std::string own = "u:" + seen.creator;
    for (const AttributeRow& row : compareAttributes(out, seen)) {
        const bool wanted =
            row.agreement == Agreement::Different || (row.agreement == Agreement::NotDrawn && row.observed.has_value());
        const bool permission = row.name.find("perms.") != std::string::npos;
        // A default that is drawn would be taken for the family's, too.
        if (!wanted || (permission && *row.observed == own && defaultOf(seen, row.name).value_or(own) == own)) continue;
        if (row.name.ends_with(".compression") && *row.observed == "lz4") continue;
        // A permission that no drawing has a word for stays as it is.
        (void)take(out, row);
    }
    return out;
}

Replica drawnAs(const std::string& from, const ObservedReplica& seen) {
    Replica out;
    out.from = from;
    out.to = seen.to;
    for (const AttributeRow& row : compareAttributes(out, seen)) {
        if (row.agreement == Agreement::Different) (void)take(out, row);  // each is a word of the drawing
    }
    return out;
}

Result<EditPtr> adoptEdit(const ElementId& element, const Topology& drawing, const Observation& observation) {
    return Adoption(drawing, observation).run(element);
}

}  // namespace tributary
