// One element at a time: each attribute as drawn beside the same as observed.
#include <algorithm>
#include <array>

#include "core/base/hostport.h"
#include "core/base/text.h"
#include "core/topology/ace.h"
#include "core/topology/differences.h"
#include "core/topology/measures.h"

namespace tributary {
namespace {

using Text = std::optional<std::string>;

std::string flagText(bool value) {
    return value ? "true" : "false";
}

std::string secondsText(std::int64_t seconds) {
    return formatDuration(static_cast<Micros>(seconds) * 1'000'000);
}

/// An expression in the one spelling that two equal ones share; what does not parse stays as it is.
std::string aceText(const std::string& ace) {
    const Result<Ace> parsed = parseAce(ace);
    return parsed ? parsed->text() : ace;
}

std::string sortedList(std::vector<std::string> list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return join(list, ",");
}

template <typename T, typename Spell>
Text spelt(const std::optional<T>& value, Spell spell) {
    return value ? Text(spell(*value)) : std::nullopt;
}

std::string numberText(std::int64_t value) {
    return std::to_string(value);
}

class Rows {
public:
    void add(std::string name, Text drawn, Text observed) {
        AttributeRow row{std::move(name), std::move(drawn), std::move(observed), Agreement::NotDrawn};
        if (row.drawn) {
            row.agreement = !row.observed                 ? Agreement::Unknown
                            : *row.drawn == *row.observed ? Agreement::Same
                                                          : Agreement::Different;
        }
        rows_.push_back(std::move(row));
    }
    void part(std::string name, bool drawn, bool there, const std::string& text = {}) {
        const Agreement agreement = drawn && there ? Agreement::Same : drawn ? Agreement::Missing : Agreement::Extra;
        rows_.push_back(
            {std::move(name), drawn ? Text(text) : std::nullopt, there ? Text(text) : std::nullopt, agreement});
    }
    /// Drawn expressions beside those in force; what is not drawn is told and not judged.
    void perms(const std::string& prefix, const Permissions& drawn,
               const std::optional<std::map<std::string, std::string>>& seen, bool ofTable) {
        const auto systemName = [ofTable](const std::string& name) {
            return ofTable && name == "readperm" ? std::string("defaultreadperm") : name;
        };
        std::vector<std::string> told;
        for (const auto& [name, permission] : drawn) {
            told.push_back(systemName(name));
            Text observed;
            if (seen) {
                const auto at = seen->find(told.back());
                observed = at == seen->end() ? std::string() : aceText(at->second);
            }
            add(prefix + name, aceText(permission.ace), std::move(observed));
        }
        if (!seen) return;
        for (const auto& [name, ace] : *seen) {
            if (std::find(told.begin(), told.end(), name) == told.end()) add(prefix + name, {}, aceText(ace));
        }
    }
    std::vector<AttributeRow> take() { return std::move(rows_); }

private:
    std::vector<AttributeRow> rows_;
};

/// Drawn defaults that the system gives families no word for say nothing of this one.
Permissions judgedPermissions(const Dataset& dataset, const Family& drawn, const ObservedFamily& seen) {
    Permissions out = drawnPermissions(dataset, drawn);
    std::erase_if(out, [&](const auto& each) {
        return drawn.perms.count(each.first) == 0 && (!seen.perms || seen.perms->count(each.first) == 0);
    });
    return out;
}

void compareFamily(Rows& rows, const Dataset& dataset, const Family& drawn, const ObservedFamily& seen) {
    const std::string prefix = "family." + drawn.name + ".";
    rows.add(prefix + "versions", numberText(drawn.maxVersions.value_or(1)), spelt(seen.maxVersions, numberText));
    rows.add(prefix + "minversions", numberText(drawn.minVersions.value_or(0)), spelt(seen.minVersions, numberText));
    rows.add(prefix + "ttl", secondsText(drawn.ttlSeconds.value_or(0)), spelt(seen.ttlSeconds, secondsText));
    rows.add(prefix + "inmemory", flagText(drawn.inMemory.value_or(false)), spelt(seen.inMemory, flagText));
    // Left out, it is what the folder says: nobody's wish.
    rows.add(prefix + "compression", drawn.compression.empty() ? Text() : Text(drawn.compression), seen.compression);
    const bool json = dataset.kind == DatasetKind::JsonTable && seen.jsonPath.has_value();
    if (json) rows.add(prefix + "jsonpath", drawn.jsonPath, seen.jsonPath);
    rows.perms(prefix + "perms.", judgedPermissions(dataset, drawn, seen), seen.perms, false);
}

/// A topic that is there and not drawn came by itself (autocreate), or by a link: that is no difference.
void compareStream(Rows& rows, const Dataset& drawn, const ObservedDataset& seen) {
    rows.perms("perms.", drawn.perms, seen.perms, true);
    if (!seen.topics) return;
    for (const std::string& topic : drawn.topics) {
        const bool there = std::find(seen.topics->begin(), seen.topics->end(), topic) != seen.topics->end();
        rows.part("topic." + topic, true, there);
    }
}

void compareGateways(Rows& rows, const Cluster& drawn, const std::vector<ObservedGateway>& seen) {
    const auto port = [](const std::string& address) {
        const auto parsed = parseHostPort(address);
        return parsed ? std::to_string(parsed->port) : address;
    };
    for (const Gateway& gateway : drawn.gateways) {
        const auto at = std::find_if(seen.begin(), seen.end(),
                                     [&](const ObservedGateway& each) { return each.name == gateway.name; });
        const std::string name = "gateway." + gateway.name;
        if (at == seen.end()) {
            rows.part(name, true, false, "open");
            continue;
        }
        rows.add(name, "open", spelt(at->running, [](bool running) { return running ? "open" : "stopped"; }));
        // Hosts have several names; the port is what was asked for.
        if (!gateway.address.empty() && !at->endpoint.empty()) {
            rows.add(name + ".port", port(gateway.address), port(at->endpoint));
        }
    }
    for (const ObservedGateway& gateway : seen) {
        const bool known = std::any_of(drawn.gateways.begin(), drawn.gateways.end(),
                                       [&](const Gateway& each) { return each.name == gateway.name; });
        if (!known)
            rows.part("gateway." + gateway.name, false, true, gateway.running.value_or(true) ? "open" : "stopped");
    }
}

std::string compressionText(const std::string& word) {
    return word.empty() || word == "on" ? std::string(kNetworkCompressionDefault) : word;
}

Text among(const std::vector<AttributeRow>& rows, std::string_view name) {
    for (const AttributeRow& row : rows) {
        if (row.name == name) return row.observed;
    }
    return std::nullopt;
}

}  // namespace

std::string columnsText(const std::vector<std::string>& columns) {
    std::vector<std::string> kept;
    for (const std::string& column : columns) {
        const std::size_t colon = column.find(':');
        const bool whole = colon != std::string::npos &&
                           std::find(columns.begin(), columns.end(), column.substr(0, colon)) != columns.end();
        if (!whole) kept.push_back(column);
    }
    return kept.empty() ? "all" : sortedList(std::move(kept));
}

Permissions drawnPermissions(const Dataset& dataset, const Family& family) {
    static constexpr std::array<std::string_view, 6> kOfFamilies{"versionperm", "compressionperm", "memoryperm",
                                                                 "readperm",    "writeperm",       "appendperm"};
    Permissions out = family.perms;
    for (const std::string_view name : kOfFamilies) {
        auto general = dataset.perms.find("default" + std::string(name));
        if (general == dataset.perms.end() && name == "readperm") general = dataset.perms.find("readperm");
        if (general != dataset.perms.end()) out.emplace(name, general->second);
    }
    return out;
}

std::vector<AttributeRow> compareAttributes(const Cluster& drawn, const ObservedCluster& seen) {
    Rows rows;
    rows.add("state", "up", seen.state.empty() || seen.state == "?" ? Text() : Text(seen.state));
    if (seen.gateways) {
        compareGateways(rows, drawn, *seen.gateways);
    } else {
        for (const Gateway& gateway : drawn.gateways) rows.add("gateway." + gateway.name, "open", {});
    }
    // "none" is also what a cluster says that was never told a role.
    const bool isRoleless = drawn.role.empty() && (!seen.role || *seen.role == "none");
    if (!isRoleless) rows.add("role", drawn.role.empty() ? "master" : drawn.role, seen.role);
    // Nobody is drawn: that says nothing of who is known.
    rows.add("users", drawn.users.empty() ? Text() : Text(sortedList(drawn.users)), spelt(seen.users, sortedList));
    for (const auto& [group, members] : drawn.groups) {
        Text observed;
        if (seen.groups) {
            const auto at = seen.groups->find(group);
            observed = at == seen.groups->end() ? std::string() : sortedList(at->second);
        }
        rows.add("groups." + group, sortedList(members), std::move(observed));
    }
    return rows.take();
}

std::vector<AttributeRow> compareAttributes(const Dataset& drawn, const ObservedDataset& seen) {
    Rows rows;
    rows.add("kind", std::string(datasetKindName(drawn.kind)),
             spelt(seen.kind, [](DatasetKind kind) { return std::string(datasetKindName(kind)); }));
    const auto isAny = [&](DatasetKind kind) { return drawn.kind == kind || seen.kind == kind; };
    if (isAny(DatasetKind::Space) || isAny(DatasetKind::DrTable)) return rows.take();
    if (drawn.kind == DatasetKind::Stream || seen.kind == DatasetKind::Stream) {
        compareStream(rows, drawn, seen);
        return rows.take();
    }
    rows.add("bulkload", flagText(drawn.bulkLoad.value_or(false)), spelt(seen.bulkLoad, flagText));
    rows.add("deletettl", secondsText(drawn.deleteTtlSeconds.value_or(kDeleteTtlDefaultSeconds)),
             spelt(seen.deleteTtlSeconds, secondsText));
    rows.perms("perms.", drawn.perms, seen.perms, true);
    for (const Family& family : drawn.families) {
        const ObservedFamily* there = seen.family(family.name);
        rows.part("family." + family.name, true, there != nullptr);
        if (there != nullptr) compareFamily(rows, drawn, family, *there);
    }
    for (const ObservedFamily& family : seen.families) {
        // Every JSON table has its default family, drawn or not.
        const bool isGiven = drawn.kind == DatasetKind::JsonTable && family.jsonPath == std::string();
        if (isGiven && drawn.families.empty()) continue;
        const bool known = std::any_of(drawn.families.begin(), drawn.families.end(),
                                       [&](const Family& each) { return each.name == family.name; });
        if (!known) rows.part("family." + family.name, false, true);
    }
    return rows.take();
}

std::vector<AttributeRow> compareAttributes(const Replica& drawn, const ObservedReplica& seen) {
    Rows rows;
    rows.add("synchronous", flagText(drawn.synchronous), spelt(seen.synchronous, flagText));
    rows.add("paused", flagText(drawn.paused), spelt(seen.paused, flagText));
    rows.add("throttle", flagText(drawn.throttle), spelt(seen.throttle, flagText));
    rows.add("columns", columnsText(drawn.columns), spelt(seen.columns, columnsText));
    rows.add("networkcompression", compressionText(drawn.networkCompression),
             spelt(seen.networkCompression, compressionText));
    rows.add("networkencryption", flagText(drawn.networkEncryption), spelt(seen.networkEncryption, flagText));
    return rows.take();
}

std::vector<AttributeRow> compareAttributes(const Wan* drawn, const ObservedNetwork& seen) {
    Rows rows;
    const auto rate = [](std::uint64_t value) {
        return value == 0 ? std::string("unlimited") : formatBandwidth(value);
    };
    // The engine delays by whole milliseconds (parseLatency).
    const auto latency = [](Micros us) { return formatDuration(us / 1000 * 1000); };
    rows.add("latency", latency(drawn == nullptr ? 0 : drawn->latencyUs), spelt(seen.latencyUs, latency));
    rows.add("bandwidth", rate(drawn == nullptr ? 0 : drawn->bandwidthBytesPerSecond),
             spelt(seen.bandwidthBytesPerSecond, rate));
    return rows.take();
}

std::optional<std::string> observedAttribute(const ObservedDataset& seen, std::string_view name) {
    Dataset like;
    like.path = seen.path;
    // Names of the drawing are asked for, and "readperm" is one of them.
    for (const ObservedFamily& family : seen.families) like.families.emplace_back().name = family.name;
    if (name == "perms.readperm") return observedAttribute(seen, "perms.defaultreadperm");
    return among(compareAttributes(like, seen), name);
}

std::optional<std::string> observedAttribute(const ObservedReplica& seen, std::string_view name) {
    return among(compareAttributes(Replica{}, seen), name);
}

}  // namespace tributary
