// Words and defaults of VoltDB.
#include "core/systems/voltdb/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::voltdb {

namespace {

constexpr std::size_t kDigitsMax = 7;

/// "(32)", "(16 bytes)" is not drawn.
bool isSize(std::string_view text) {
    if (text.size() < 3 || text.size() > kDigitsMax + 2 || text.front() != '(' || text.back() != ')') return false;
    const std::string_view digits = text.substr(1, text.size() - 2);
    return digits.front() != '0' &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const std::vector<std::string>& roleNames() {
    static const std::vector<std::string> kNames{"master", "replica", "xdcr", "none"};
    return kNames;
}

const std::vector<std::string>& commandLogNames() {
    static const std::vector<std::string> kNames{"synchronous", "asynchronous", "off"};
    return kNames;
}

const std::vector<std::string>& columnTypeNames() {
    static const std::vector<std::string> kNames{"tinyint",   "smallint",  "integer",        "bigint",
                                                 "float",     "decimal",   "varchar",        "varbinary",
                                                 "timestamp", "geography", "geography_point"};
    return kNames;
}

Status checkColumnType(std::string_view type) {
    const std::string_view word = type.substr(0, type.find('('));
    const std::string_view rest = type.substr(word.size());
    const std::vector<std::string>& names = columnTypeNames();
    const bool known = std::find(names.begin(), names.end(), word) != names.end();
    const bool sized = word == "varchar" || word == "varbinary" || word == "geography";
    if (known && (rest.empty() || (sized && isSize(rest)))) return okStatus();
    const std::string near = known ? std::string() : nearest(word, names);
    return Error{ErrorCode::InvalidInput,
                 fmt::format("type cannot be '{}'", type),
                 {},
                 known && sized ? fmt::format("give it a size, as in {}(32)", word)
                 : known        ? fmt::format("write {}: it takes no size", word)
                 : near.empty() ? fmt::format("one of: {}", join(names, ", "))
                                : fmt::format("did you mean '{}'?", near)};
}

std::string roleOf(const Cluster& cluster) {
    return cluster.role.empty() ? "master" : cluster.role;
}

std::string commandLogOf(const Cluster& cluster) {
    return cluster.commandLog.empty() ? "asynchronous" : cluster.commandLog;
}

std::optional<std::int64_t> partitionsOf(const Cluster& cluster) {
    const auto sites = static_cast<std::int64_t>(cluster.members.size()) * cluster.sitesPerHost.value_or(kDefaultSites);
    const std::int64_t copies = cluster.kfactor.value_or(0) + 1;
    if (sites == 0 || sites % copies != 0) return std::nullopt;
    return sites / copies;
}

bool replicates(const Topology& topology, const Cluster& cluster) {
    return cluster.id.has_value() || !cluster.role.empty() ||
           std::any_of(topology.connections.begin(), topology.connections.end(),
                       [&](const Connection& each) { return each.at == cluster.name || each.from == cluster.name; });
}

std::vector<std::string> sourcesOf(const Topology& topology, const Connection& connection) {
    if (!connection.source.empty()) return connection.source;
    std::vector<std::string> out;
    const Cluster* from = topology.cluster(connection.from);
    if (from == nullptr) return out;
    for (const Member& each : from->members) out.push_back(each.name);
    return out;
}

}  // namespace tributary::voltdb
