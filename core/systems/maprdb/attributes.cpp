// Clusters with gateways, tables and streams, families, replica and upstream edges.
#include "core/systems/maprdb/attributes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/naming.h"
#include "core/systems/commonattributes.h"
#include "core/systems/maprdb/vocabulary.h"

namespace tributary {

namespace {

using attribute::field;
using attribute::structure;
using Text = std::optional<std::string>;

Status assignGateways(Cluster& cluster, const Text& value) {
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

Status assignPermission(Permissions& perms, std::string_view name, const Text& value,
                        const std::vector<std::string>& known) {
    const std::string key(name);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
        return unknownAttribute("a permission set", key, known);
    }
    if (value) {
        perms[key].ace = *value;
    } else {
        perms.erase(key);
    }
    return okStatus();
}

Status assignDatasetPermission(Dataset& dataset, std::string_view name, const Text& value) {
    Permissions perms = dataset.perms;
    Status assigned = assignPermission(perms, name, value, permissionNames(dataset.kind));
    if (assigned) assigned = checkPermissionNames(perms);
    if (assigned) dataset.perms = std::move(perms);
    return assigned;
}

Status assignFamilyPermission(Family& family, std::string_view name, const Text& value) {
    return assignPermission(family.perms, name, value, familyPermissionNames());
}

/// family.<name>.<attribute>; names may hold dots.
Status assignOfFamily(Dataset& dataset, std::string_view rest, const Text& value) {
    Family* longest = nullptr;
    for (Family& family : dataset.families) {
        const bool named =
            rest.size() > family.name.size() && rest.starts_with(family.name) && rest[family.name.size()] == '.';
        if (named && (longest == nullptr || family.name.size() > longest->name.size())) longest = &family;
    }
    if (longest == nullptr) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} has no family '{}'", dataset.path, rest.substr(0, rest.find('.'))),
                     {},
                     {}};
    }
    return assignFrom(familyAttributes(), *longest, rest.substr(longest->name.size() + 1), value);
}

Status assignFamilies(Dataset& dataset, const Text& value) {
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

bool isTable(const Dataset& dataset) {
    return dataset.kind != DatasetKind::Stream;
}
bool isStream(const Dataset& dataset) {
    return dataset.kind == DatasetKind::Stream;
}

Attribute<Dataset> ofTables(Attribute<Dataset> row) {
    row.applies = isTable;
    return row;
}

}  // namespace

AttributeTable<Cluster> maprdb::clusterTable() {
    return {"a cluster",
            "clusters: NAME: {...}",
            "a named site; the name is the C of /mapr/C/PATH",
            {attribute::clusterName(), attribute::clusterSystem(),
             structure<Cluster>({"gateways", "[gateway, ...]", "none", "the doors that replicated writes come in by"},
                                assignGateways),
             field<&Cluster::users>({.name = "users",
                                     .form = "[name, ...]",
                                     .fallback = "not drawn",
                                     .meaning = "who may act as a user there (--as)",
                                     .value = ValueForm::Names,
                                     .item = "a user"}),
             structure<Cluster>({"groups", "{GROUP: [user, ...]}", "none", "who g:GROUP means in permissions"}),
             field<&Cluster::secure>(
                 {"secure", "flag", "false",
                  "tickets and wire encryption are set up there; this version runs every cluster without",
                  ValueForm::Flag})},
            {}};
}

AttributeTable<Dataset> maprdb::datasetTable() {
    AttributeTable<Dataset> out{
        "a dataset",
        "datasets: PATH: {...}",
        "a table or a stream; PATH is /mapr/CLUSTER/PATH of a drawn cluster",
        {attribute::datasetPath(), attribute::datasetKind("what it is: binary-table, json-table or stream"),
         ofTables(
             structure<Dataset>({"families", "[family, ...]", "none", "column families; tables only"}, assignFamilies)),
         field<&Dataset::topics>(
             {"topics", "[name, ...]", "none",
              "topics whose messages begin here; a replica has its source's without a word; streams only",
              ValueForm::Texts}),
         field<&Dataset::exists>(
             {"exists", "flag", "false", "`up` creates it; otherwise a command or a runbook does", ValueForm::Flag}),
         ofTables(field<&Dataset::bulkLoad>({"bulkload", "flag", "false",
                                             "in bulk load mode, which takes no replication; tables only",
                                             ValueForm::Flag})),
         ofTables(field<&Dataset::deleteTtlSeconds>({"deletettl", "seconds", "1d",
                                                     "how long tombstones stay: longer than any outage; tables only",
                                                     ValueForm::Seconds})),
         structure<Dataset>({"perms", "{PERMISSION: ace}", "the creator only", "who may do what"})},
        {{"perms.", "perms.<name>", assignDatasetPermission},
         {"family.", "family.<name>.<attribute>", assignOfFamily}}};
    for (Attribute<Dataset>& row : out.rows) {
        if (row.spec.name == "topics") row.applies = isStream;
    }
    return out;
}

const AttributeTable<Gateway>& gatewayAttributes() {
    static const AttributeTable<Gateway> kTable{
        "a gateway",
        "an item of gateways: NAME, or {...}",
        "a name alone is enough",
        {field<&Gateway::name>({.name = "name",
                                .form = "text",
                                .fallback = "required",
                                .meaning = "unique in the drawing",
                                .value = ValueForm::Name,
                                .item = "a gateway"}),
         field<&Gateway::address>({"address", "host:port", "the engine chooses a port",
                                   "where it listens, as 127.0.0.1:7660", ValueForm::Address})},
        {}};
    return kTable;
}

const AttributeTable<Family>& familyAttributes() {
    static const AttributeTable<Family> kTable{
        "a family",
        "an item of families: NAME, or {...}",
        "a name alone is enough",
        {field<&Family::name>({.name = "name",
                               .form = "text",
                               .fallback = "required",
                               .meaning = "unique in its table",
                               .value = ValueForm::Name,
                               .item = "a column family"}),
         field<&Family::maxVersions>(
             {"versions", "integer from 1", "1", "versions of a cell that are kept", ValueForm::Integer, nullptr, 1}),
         field<&Family::minVersions>({"minversions", "integer from 0", "0",
                                      "versions that stay although their ttl is over", ValueForm::Integer}),
         field<&Family::ttlSeconds>({"ttl", "seconds", "0", "how long cells live; 0 is for ever", ValueForm::Seconds}),
         field<&Family::compression>({"compression", "word", "the folder's", "how it is stored: off, lzf, lz4 or zlib",
                                      ValueForm::Word, compressionNames}),
         field<&Family::inMemory>({"inmemory", "flag", "false", "kept in memory with preference", ValueForm::Flag}),
         field<&Family::jsonPath>(
             {"jsonpath", "text", "empty", "where it begins in the document; json-table only", ValueForm::AnyText}),
         structure<Family>({"perms", "{PERMISSION: ace}", "the table's defaults", "who may do what"})},
        {{"perms.", "perms.<name>", assignFamilyPermission}}};
    return kTable;
}

const AttributeTable<Replica>& replicaAttributes() {
    static const AttributeTable<Replica> kTable{
        "a replica edge",
        "replicas: - {...}",
        "\"from sends to to\", recorded at the source; with its upstream edge it is a link",
        {field<&Replica::from>({"from", "path", "required", "the source", ValueForm::Text}),
         field<&Replica::to>({"to", "path", "required", "the replica", ValueForm::Text}),
         field<&Replica::synchronous>(
             {"synchronous", "flag", "false", "a write waits for the replica", ValueForm::Flag}),
         field<&Replica::paused>({"paused", "flag", "false", "registered, and not sending", ValueForm::Flag}),
         field<&Replica::throttle>(
             {"throttle", "flag", "false", "sends with less of the source's strength", ValueForm::Flag}),
         field<&Replica::columns>({"columns", "[column, ...]", "every column",
                                   "family or family:qualifier; also \"a,b:c\" in one text", ValueForm::Columns}),
         field<&Replica::networkCompression>({"networkcompression", "word", "on for tables",
                                              "how it is packed: off, on (lz4), lzf, lz4 or zlib", ValueForm::Text}),
         field<&Replica::networkEncryption>({"networkencryption", "flag", "false",
                                             "encrypted on the wire; both clusters are secure", ValueForm::Flag})},
        {}};
    return kTable;
}

const AttributeTable<Upstream>& upstreamAttributes() {
    static const AttributeTable<Upstream> kTable{
        "an upstream edge",
        "upstreams: - {...}",
        "\"at accepts from from\", recorded at the replica",
        {field<&Upstream::at>({"at", "path", "required", "the replica", ValueForm::Text}),
         field<&Upstream::from>({"from", "path", "required", "the source", ValueForm::Text})},
        {}};
    return kTable;
}

}  // namespace tributary
