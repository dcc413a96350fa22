// Fields of captured rows.
#include "runbooks/import/observedrows.h"

#include "core/systems/maprdb/naming.h"
#include "core/topology/topology.h"

namespace tributary::runbooks::detail {

using Json = nlohmann::json;

std::string textOf(const Json& row, const char* key) {
    const auto at = row.find(key);
    return at != row.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool flagOf(const Json& row, const char* key) {
    const auto at = row.find(key);
    return at != row.end() && ((at->is_boolean() && at->get<bool>()) || (at->is_string() && *at == "true"));
}

std::string namedPath(const Json& row) {
    std::string path = textOf(row, "replicaPath");
    if (path.empty()) path = textOf(row, "table");
    if (path.empty()) path = textOf(row, "stream");
    if (path.empty() || path.starts_with("/mapr/")) return path;
    return DatasetPath{textOf(row, "cluster"), path, {}}.text();
}

ListKind kindOfRow(const Json& row) {
    if (row.contains("gatewayConfig")) return ListKind::Gateways;
    if (row.contains("tabletype") || row.contains("produceperm") || row.contains("numtopics")) return ListKind::Info;
    if (row.contains("cfname")) return ListKind::Families;
    if (row.contains("replicaState")) return ListKind::Replicas;
    return row.contains("table") || row.contains("stream") ? ListKind::Upstreams : ListKind::None;
}

ListKind kindOfCommand(const std::string& command) {
    if (command == "table info" || command == "stream info") return ListKind::Info;
    if (command == "table cf list") return ListKind::Families;
    if (command.ends_with("replica list")) return ListKind::Replicas;
    if (command.ends_with("upstream list")) return ListKind::Upstreams;
    return command.starts_with("cluster gateway") ? ListKind::Gateways : ListKind::None;
}

const char* nameOf(ListKind kind) {
    switch (kind) {
        case ListKind::Info: return "table info";
        case ListKind::Families: return "table cf list";
        case ListKind::Replicas: return "table replica list";
        case ListKind::Upstreams: return "table upstream list";
        case ListKind::Gateways: return "cluster gateway list";
        case ListKind::None: break;
    }
    return "an answer";
}

}  // namespace tributary::runbooks::detail
