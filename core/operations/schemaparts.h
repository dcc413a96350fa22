// Private to core/operations: the schema's tables, one function per family of verbs, and their short constructors.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "core/operations/schema.h"

namespace tributary::schema {

std::vector<VerbSpec> tableVerbs();     // table, table cf, table cf colperm
std::vector<VerbSpec> edgeVerbs();      // table replica, table upstream
std::vector<VerbSpec> clusterVerbs();   // cluster gateway, alarm, volume, node
std::vector<VerbSpec> toolVerbs();      // CopyTable, DiffTables, DiffTablesWithCrc, mapr copytable ...
std::vector<VerbSpec> instanceVerbs();  // tt, box, and what stands around them
std::vector<VerbSpec> databaseVerbs();  // voltdb, voltadmin, sqlcmd
std::vector<VerbSpec> streamVerbs();    // stream, stream topic, cursor, replica, upstream, copystream

inline constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

inline ParamSpec param(ParamType type, std::string name, std::string help, std::string fallback = {}) {
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = type;
    spec.help = std::move(help);
    spec.fallback = std::move(fallback);
    return spec;
}
inline ParamSpec path(std::string name, std::string help) {
    return param(ParamType::Path, std::move(name), std::move(help));
}
inline ParamSpec text(std::string name, std::string help, std::string fallback = {}) {
    return param(ParamType::Text, std::move(name), std::move(help), std::move(fallback));
}
inline ParamSpec flag(std::string name, std::string help, std::string fallback = {}) {
    return param(ParamType::Bool, std::move(name), std::move(help), std::move(fallback));
}
inline ParamSpec ace(std::string name, std::string help, std::string fallback = {}) {
    return param(ParamType::Ace, std::move(name), std::move(help), std::move(fallback));
}
inline ParamSpec columns(std::string help) {
    return param(ParamType::Columns, "columns", std::move(help));
}
inline ParamSpec integer(std::string name, std::string help, std::string fallback, std::int64_t min,
                         std::int64_t max = std::numeric_limits<std::int64_t>::max()) {
    ParamSpec spec = param(ParamType::Int, std::move(name), std::move(help), std::move(fallback));
    spec.min = min;
    spec.max = max;
    return spec;
}
inline ParamSpec choice(std::string name, std::string help, std::string fallback, std::vector<std::string> values,
                        ParamType type = ParamType::Enum) {
    ParamSpec spec = param(type, std::move(name), std::move(help), std::move(fallback));
    spec.values = std::move(values);
    return spec;
}
inline ParamSpec required(ParamSpec spec) {
    spec.required = true;
    return spec;
}
inline ParamSpec since(std::string release, ParamSpec spec) {
    spec.since = std::move(release);
    return spec;
}
inline ParamSpec jsonOnly(ParamSpec spec) {
    spec.jsonTablesOnly = true;
    return spec;
}
/// Known, so that help and errors can tell why it is refused: "-name <reason>".
inline ParamSpec notCarried(std::string reason, ParamSpec spec) {
    spec.notCarried = std::move(reason);
    return spec;
}
inline ParamSpec bare(ParamSpec spec) {
    spec.bare = true;
    return spec;
}
inline VerbSpec verb(Verb id, std::string name, bool mutates, std::string summary, std::vector<ParamSpec> params) {
    VerbSpec spec;
    spec.verb = id;
    spec.name = std::move(name);
    spec.summary = std::move(summary);
    spec.params = std::move(params);
    spec.mutates = mutates;
    return spec;
}
inline std::vector<ParamSpec> concat(std::initializer_list<std::vector<ParamSpec>> groups) {
    std::vector<ParamSpec> all;
    for (const std::vector<ParamSpec>& group : groups) all.insert(all.end(), group.begin(), group.end());
    return all;
}

}  // namespace tributary::schema
