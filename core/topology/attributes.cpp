// Attributes by name. Each assigner works on a copy of the field, so that an error leaves the element unchanged.
#include "core/topology/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/topology/measures.h"

namespace tributary {

namespace {

using Value = std::optional<std::string>;

Error unknownAttribute(std::string_view thing, std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest(name, known);
    return {ErrorCode::InvalidInput,
            fmt::format("a {} has no attribute '{}'", thing, name),
            {},
            near.empty() ? fmt::format("one of: {}", join(known, ", ")) : fmt::format("did you mean '{}'?", near)};
}

Status assignText(std::string& field, std::string_view name, const Value& value) {
    if (!value || value->empty()) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} must not be empty", name), {}, {}};
    }
    field = *value;
    return okStatus();
}

Status assignWord(std::string& field, std::string_view name, const Value& value, std::string_view fallback,
                  const std::vector<std::string>& words) {
    const std::string word = value.value_or(std::string(fallback));
    if (value && std::find(words.begin(), words.end(), word) == words.end()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} cannot be '{}'", name, word),
                     {},
                     fmt::format("one of: {}", join(words, ", "))};
    }
    field = word;
    return okStatus();
}

Status assignBoolean(bool& field, const Value& value) {
    if (!value) {
        field = false;
        return okStatus();
    }
    const Result<bool> parsed = parseBoolean(*value);
    if (!parsed) return parsed.error();
    field = *parsed;
    return okStatus();
}

template <typename T, typename Parse>
Status assignOptional(std::optional<T>& field, const Value& value, Parse parse) {
    if (!value) {
        field.reset();
        return okStatus();
    }
    const Result<T> parsed = parse(*value);
    if (!parsed) return parsed.error();
    field = *parsed;
    return okStatus();
}

template <typename T, typename Parse>
Status assignMeasure(T& field, const Value& value, Parse parse) {
    if (!value) {
        field = 0;
        return okStatus();
    }
    const auto parsed = parse(*value);
    if (!parsed) return parsed.error();
    field = *parsed;
    return okStatus();
}

Result<std::int64_t> parseCount(std::string_view text) {
    std::int64_t number = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || stop != text.data() + text.size() || number < 0) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' is not a whole number", text), {}, {}};
    }
    return number;
}

Status assignPermission(Permissions& perms, std::string_view name, const Value& value,
                        const std::vector<std::string>& known) {
    const std::string key(name);
    if (std::find(known.begin(), known.end(), key) == known.end())
        return unknownAttribute("permission set", key, known);
    if (value) {
        perms[key].ace = *value;
    } else {
        perms.erase(key);
    }
    return okStatus();
}

Status assignFamilyAttribute(Family& family, std::string_view name, const Value& value) {
    if (name == "versions") return assignOptional(family.maxVersions, value, parseCount);
    if (name == "minversions") return assignOptional(family.minVersions, value, parseCount);
    if (name == "ttl") return assignOptional(family.ttlSeconds, value, parseSeconds);
    if (name == "compression") return assignWord(family.compression, name, value, "", compressionNames());
    if (name == "inmemory") return assignOptional(family.inMemory, value, parseBoolean);
    if (name == "jsonpath") {
        family.jsonPath = value.value_or("");
        return okStatus();
    }
    if (name.starts_with("perms.")) {
        return assignPermission(family.perms, name.substr(6), value, familyPermissionNames());
    }
    return unknownAttribute("family", name,
                            {"versions", "minversions", "ttl", "compression", "inmemory", "jsonpath", "perms.<name>"});
}

/// family.<name>.<attribute>
Status assignOfFamily(Dataset& dataset, std::string_view rest, const Value& value) {
    const std::size_t dot = rest.find('.');
    const std::string_view wanted = rest.substr(0, dot);
    const auto found = std::find_if(dataset.families.begin(), dataset.families.end(),
                                    [&](const Family& family) { return family.name == wanted; });
    if (dot == std::string_view::npos || found == dataset.families.end()) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} has no family '{}'", dataset.path, wanted), {}, {}};
    }
    return assignFamilyAttribute(*found, rest.substr(dot + 1), value);
}

Status assignFamilies(Dataset& dataset, const Value& value) {
    std::vector<Family> families;
    for (const std::string& name : splitList(value.value_or(""))) {
        if (Status named = checkName("a column family", name); !named) return named;
        const auto kept = std::find_if(dataset.families.begin(), dataset.families.end(),
                                       [&](const Family& family) { return family.name == name; });
        if (kept != dataset.families.end()) {
            families.push_back(*kept);
        } else {
            families.emplace_back().name = name;
        }
    }
    dataset.families = std::move(families);
    return okStatus();
}

Status assignGateways(Cluster& cluster, const Value& value) {
    std::vector<Gateway> gateways;
    for (const std::string& item : splitList(value.value_or(""))) {
        const std::size_t equals = item.find('=');
        Gateway gateway;
        gateway.name = item.substr(0, equals);
        if (equals != std::string::npos) gateway.address = item.substr(equals + 1);
        if (Status named = checkName("a gateway", gateway.name); !named) return named;
        gateways.push_back(std::move(gateway));
    }
    cluster.gateways = std::move(gateways);
    return okStatus();
}

Status assignUsers(Cluster& cluster, const Value& value) {
    std::vector<std::string> users = splitList(value.value_or(""));
    for (const std::string& user : users) {
        if (Status named = checkName("a user", user); !named) return named;
    }
    cluster.users = std::move(users);
    return okStatus();
}

}  // namespace

Result<bool> parseBoolean(std::string_view text) {
    const std::string word = toLower(trim(text));
    if (word == "true" || word == "yes") return true;
    if (word == "false" || word == "no") return false;
    return Error{ErrorCode::InvalidInput, fmt::format("'{}' is neither true nor false", text), {}, {}};
}

std::vector<std::string> splitList(std::string_view text) {
    if (trim(text).empty()) return {};
    std::vector<std::string> out;
    for (const std::string& piece : split(text, ',')) out.emplace_back(trim(piece));
    return out;
}

Status assignAttribute(Cluster& cluster, std::string_view name, const Value& value) {
    if (name == "name") {
        if (Status named = checkName("a cluster", value.value_or("")); !named) return named;
        return assignText(cluster.name, name, value);
    }
    if (name == "system") return assignWord(cluster.system, name, value, "maprdb", systemNames());
    if (name == "secure") return assignBoolean(cluster.secure, value);
    if (name == "users") return assignUsers(cluster, value);
    if (name == "gateways") return assignGateways(cluster, value);
    return unknownAttribute("cluster", name, {"name", "system", "secure", "users", "gateways"});
}

Status assignAttribute(Dataset& dataset, std::string_view name, const Value& value) {
    if (name == "path") return assignText(dataset.path, name, value);
    if (name == "kind") {
        const Result<DatasetKind> kind = parseDatasetKind(value.value_or("binary-table"));
        if (!kind) return kind.error();
        dataset.kind = *kind;
        return okStatus();
    }
    if (name == "exists") return assignBoolean(dataset.exists, value);
    if (name == "bulkload") return assignOptional(dataset.bulkLoad, value, parseBoolean);
    if (name == "deletettl") return assignOptional(dataset.deleteTtlSeconds, value, parseSeconds);
    if (name == "families") return assignFamilies(dataset, value);
    if (name == "topics") {
        dataset.topics = splitList(value.value_or(""));
        return okStatus();
    }
    if (name.starts_with("perms.")) {
        Permissions perms = dataset.perms;
        Status assigned = assignPermission(perms, name.substr(6), value, permissionNames(dataset.kind));
        if (assigned) assigned = checkPermissionNames(perms);
        if (assigned) dataset.perms = std::move(perms);
        return assigned;
    }
    if (name.starts_with("family.")) return assignOfFamily(dataset, name.substr(7), value);
    return unknownAttribute("dataset", name,
                            {"path", "kind", "exists", "bulkload", "deletettl", "families", "topics", "perms.<name>",
                             "family.<name>.<attribute>"});
}

Status assignAttribute(Replica& replica, std::string_view name, const Value& value) {
    if (name == "from") return assignText(replica.from, name, value);
    if (name == "to") return assignText(replica.to, name, value);
    if (name == "synchronous") return assignBoolean(replica.synchronous, value);
    if (name == "paused") return assignBoolean(replica.paused, value);
    if (name == "throttle") return assignBoolean(replica.throttle, value);
    if (name == "columns") {
        replica.columns = splitList(value.value_or(""));
        return okStatus();
    }
    if (name == "networkcompression") {
        replica.networkCompression = value.value_or("");
        return okStatus();
    }
    if (name == "networkencryption") return assignBoolean(replica.networkEncryption, value);
    return unknownAttribute(
        "replica edge", name,
        {"from", "to", "synchronous", "paused", "throttle", "columns", "networkcompression", "networkencryption"});
}

Status assignAttribute(Upstream& upstream, std::string_view name, const Value& value) {
    if (name == "at") return assignText(upstream.at, name, value);
    if (name == "from") return assignText(upstream.from, name, value);
    return unknownAttribute("upstream edge", name, {"at", "from"});
}

Status assignAttribute(Wan& wan, std::string_view name, const Value& value) {
    if (name == "latency") return assignMeasure(wan.latencyUs, value, parseLatency);
    if (name == "bandwidth") return assignMeasure(wan.bandwidthBytesPerSecond, value, parseBandwidth);
    if (name == "outage") return assignMeasure(wan.outageSeconds, value, parseSeconds);
    return unknownAttribute("wan line", name, {"latency", "bandwidth", "outage"});
}

}  // namespace tributary
