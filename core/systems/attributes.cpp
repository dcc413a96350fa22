// The tables of each system, and the rows that all of them have.
#include "core/systems/attributes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/commonattributes.h"
#include "core/systems/maprdb/attributes.h"
#include "core/systems/registry.h"
#include "core/systems/tarantool/attributes.h"
#include "core/systems/tarantool/vocabulary.h"
#include "core/systems/voltdb/attributes.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary {

namespace {

Status assignClusterName(Cluster& cluster, const std::optional<std::string>& value) {
    if (Status named = checkName("a cluster", value.value_or("")); !named) return named;
    cluster.name = *value;
    return okStatus();
}

Status assignKind(Dataset& dataset, const std::optional<std::string>& value) {
    const Result<DatasetKind> kind = parseDatasetKind(value.value_or("binary-table"));
    if (!kind) return kind.error();
    dataset.kind = *kind;
    return okStatus();
}

}  // namespace

Status attribute::assignFormat(Dataset& dataset, const std::optional<std::string>& value) {
    std::vector<FieldFormat> out;
    for (const std::string& item : splitList(value.value_or(""))) {
        const std::size_t blank = item.find_first_of(" :");
        FieldFormat next;
        next.name = item.substr(0, blank);
        next.type = blank == std::string::npos ? std::string(defaultFieldType(dataset.kind))
                                               : std::string(trim(item.substr(blank + 1)));
        next.nullable = next.type.ends_with('?');
        if (next.nullable) next.type.pop_back();
        if (Status known = checkFieldType(dataset.kind, next.type); !known) return known;
        out.push_back(std::move(next));
    }
    dataset.format = std::move(out);
    return okStatus();
}

Attribute<Cluster> attribute::clusterName() {
    auto row = structure<Cluster>({"name", "text", "required", "its name"}, assignClusterName);
    row.spec.identity = true;
    return row;
}

Attribute<Cluster> attribute::clusterSystem() {
    Attribute<Cluster> row;
    row.spec = {
        "system",
        "word",
        "maprdb",
        "which system it is: maprdb, tarantool or voltdb; `up` runs all of them, of voltdb clusters of one host",
        ValueForm::Word,
        systemNames};
    row.get = [](const Cluster& cluster) { return AttributeValue(cluster.system); };
    row.set = [](Cluster& cluster, const AttributeValue& value) {
        const auto* word = std::get_if<std::string>(&value);
        cluster.system = word != nullptr ? *word : Cluster{}.system;
    };
    return row;
}

Attribute<Dataset> attribute::datasetPath() {
    auto row = field<&Dataset::path>({"path", "path", "required", "its name", ValueForm::Text});
    row.spec.identity = true;
    return row;
}

Attribute<Dataset> attribute::datasetKind(std::string_view kinds) {
    return structure<Dataset>({"kind", "word", "required", kinds}, assignKind);
}

const AttributeTable<Cluster>& clusterAttributes(std::string_view system) {
    static const AttributeTable<Cluster> kMaprDb = maprdb::clusterTable();
    static const AttributeTable<Cluster> kTarantool = tarantool::clusterTable();
    static const AttributeTable<Cluster> kVoltDb = voltdb::clusterTable();
    return system == "tarantool" ? kTarantool : system == "voltdb" ? kVoltDb : kMaprDb;
}

const AttributeTable<Dataset>& datasetAttributes(DatasetKind kind) {
    static const AttributeTable<Dataset> kMaprDb = maprdb::datasetTable();
    static const AttributeTable<Dataset> kTarantool = tarantool::datasetTable();
    static const AttributeTable<Dataset> kVoltDb = voltdb::datasetTable();
    const std::string_view system = systemOfKind(kind).name;
    return system == "tarantool" ? kTarantool : system == "voltdb" ? kVoltDb : kMaprDb;
}

const AttributeTable<Member>& memberAttributes(std::string_view system) {
    static const AttributeTable<Member> kTarantool = tarantool::memberTable();
    static const AttributeTable<Member> kVoltDb = voltdb::memberTable();
    return system == "voltdb" ? kVoltDb : kTarantool;
}

std::string_view memberNoun(std::string_view system) {
    return system == "voltdb" ? "a host" : "an instance";
}

std::string_view defaultFieldType(DatasetKind kind) {
    return kind == DatasetKind::DrTable ? "bigint" : "any";
}

Status checkFieldType(DatasetKind kind, std::string_view type) {
    if (kind == DatasetKind::DrTable) return voltdb::checkColumnType(type);
    const std::vector<std::string>& names = tarantool::fieldTypeNames();
    if (std::find(names.begin(), names.end(), type) != names.end()) return okStatus();
    const std::string near = nearest(type, names);
    return Error{ErrorCode::InvalidInput,
                 fmt::format("type cannot be '{}'", type),
                 {},
                 near.empty() ? fmt::format("one of: {}", join(names, ", ")) : fmt::format("did you mean '{}'?", near)};
}

const AttributeTable<Wan>& wanAttributes() {
    using attribute::field;
    static const AttributeTable<Wan> kTable{
        "a wan line",
        "wan: - {...}",
        "the network between two clusters, in both directions; `up` puts it in force between clusters of maprdb, `up "
        "--no-wan` leaves it out",
        {attribute::structure<Wan>({"between", "[cluster, cluster]", "required", "two names of clusters"}),
         field<&Wan::latencyUs>({"latency", "duration", "0", "one way, in whole milliseconds", ValueForm::Latency}),
         field<&Wan::bandwidthBytesPerSecond>({"bandwidth", "rate", "unlimited", "each way", ValueForm::Rate}),
         field<&Wan::outageSeconds>({"outage", "seconds", "not drawn",
                                     "the longest cut to be expected; deletettl is judged by it", ValueForm::Span})},
        {}};
    return kTable;
}

const AttributeTable<Region>& regionAttributes() {
    using attribute::field;
    static const AttributeTable<Region> kTable = [] {
        Attribute<Region> name = field<&Region::name>({.name = "name",
                                                       .form = "name",
                                                       .fallback = "required",
                                                       .meaning = "what it is called",
                                                       .value = ValueForm::Name,
                                                       .item = "a region"});
        name.spec.identity = true;
        return AttributeTable<Region>{"a region",
                                      "regions: NAME: {...}",
                                      "clusters that are looked at as one; nothing that runs knows of it",
                                      {name, field<&Region::clusters>({.name = "clusters",
                                                                       .form = "[cluster, ...]",
                                                                       .fallback = "none",
                                                                       .meaning = "names of drawn clusters, each in "
                                                                                  "one region at most",
                                                                       .value = ValueForm::Names,
                                                                       .item = "a cluster"})},
                                      {}};
    }();
    return kTable;
}

const std::vector<DrawingSection>& drawingSections() {
    static const std::vector<DrawingSection> kSections{
        {"tributary", "1", "required", "the version of the format; stands first"},
        {"clusters", "{NAME: cluster}", "none", "the sites"},
        {"datasets", "{PATH: dataset}", "none", "tables, streams and spaces, by name"},
        {"replicas", "[replica edge, ...]", "none", "who sends to whom"},
        {"upstreams", "[upstream edge, ...]", "none", "who accepts from whom"},
        {"peers", "[peer edge, ...]", "everybody follows everybody", "which member follows which"},
        {"connections", "[connection, ...]", "none", "which cluster fetches another one's logs"},
        {"wan", "[wan line, ...]", "none", "the network between clusters"},
        {"regions", "{NAME: region}", "none", "clusters that are looked at as one"}};
    return kSections;
}

}  // namespace tributary
