// Rules about replicated tables by themselves, and about data that is there before replication starts.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/systems/attribute.h"
#include "core/systems/naming.h"
#include "core/systems/voltdb/rules/rulesets.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

std::vector<const Dataset*> drawnTables(const RuleContext& context) {
    std::vector<const Dataset*> out;
    for (const Dataset& each : context.topology.datasets) {
        if (each.kind == DatasetKind::DrTable) out.push_back(&each);
    }
    return out;
}

void tableName(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* table : drawnTables(context)) {
        if (endpointOf(table->path).isDataset() && formFits("voltdb", table->path)) continue;
        sink.add({table->path, table->pos, fmt::format("'{}' is not CLUSTER:TABLE", table->path),
                  "write the cluster's name, a colon and the table's"});
    }
}

void columnTwice(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* table : drawnTables(context)) {
        std::set<std::string> seen;
        for (const FieldFormat& column : table->format) {
            if (seen.insert(toLower(column.name)).second) continue;
            sink.add({table->path, column.pos.known() ? column.pos : table->pos,
                      fmt::format("the column {} is drawn twice", column.name), "give each column a name of its own"});
        }
    }
}

void columnUnknown(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* table : drawnTables(context)) {
        if (table->format.empty()) continue;  // then nothing is known of its columns
        std::vector<std::string> names;
        for (const FieldFormat& each : table->format) names.push_back(each.name);
        const auto check = [&](std::string_view part, const std::string& name, std::string_view attribute) {
            if (std::find(names.begin(), names.end(), name) != names.end()) return;
            const std::string near = nearest(name, names);
            sink.add({table->path, table->pos,
                      fmt::format("the {} names the column {}, which is not drawn", part, name),
                      near.empty() ? "add the column to the format" : fmt::format("did you mean '{}'?", near),
                      attribute.empty() || near.empty() ? nullptr
                                                        : setAttribute(idOf(*table), std::string(attribute), near)});
        };
        for (const std::string& each : table->primary) {
            check("primary key", each, table->primary.size() == 1 ? "primary" : "");
        }
        for (const std::string& index : table->unique) {
            for (const std::string& each : splitList(index)) check("unique index", each, "");
        }
        if (!table->partition.empty()) check("partitioning", table->partition, "partition");
    }
}

void uniqueMissing(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* table : drawnTables(context)) {
        const Cluster* cluster = context.clusterOf(table->path);
        if (cluster == nullptr || cluster->system != "voltdb" || roleOf(*cluster) != "xdcr") continue;
        if (!table->primary.empty() || !table->unique.empty()) continue;
        const auto first = std::find_if(table->format.begin(), table->format.end(),
                                        [](const FieldFormat& each) { return !each.nullable; });
        sink.add({table->path, table->pos,
                  fmt::format("Table {} doesn't have any unique index, it will cause full table scans to update/delete "
                              "DR record and may become slower as table grow.",
                              endpointOf(table->path).dataset),
                  "draw primary: [COLUMN, ...]",
                  first == table->format.end() ? nullptr : setAttribute(idOf(*table), "primary", first->name)});
    }
}

std::vector<const Dataset*> filledTables(const RuleContext& context, const Cluster& cluster) {
    std::vector<const Dataset*> out;
    for (const auto& [name, table] : tablesOf(context, cluster)) {
        if (table->data) out.push_back(table);
    }
    return out;
}

void dataTwice(const RuleContext& context, FindingSink& sink) {
    const auto report = [&](const Dataset& table, const std::string& why) {
        sink.add({table.path, table.pos, why, "draw it empty (data: false): empty it, or begin with a new database",
                  setAttribute(idOf(table), "data", std::nullopt)});
    };
    for (const std::vector<const Cluster*>& group : context.derived<Groups>().all()) {
        if (group.size() < 2) continue;
        const Cluster* owner = nullptr;
        for (const Cluster* cluster : group) {
            const std::vector<const Dataset*> filled = filledTables(context, *cluster);
            const std::string role = roleOf(*cluster);
            if (role == "xdcr" && owner == nullptr && !filled.empty()) {
                owner = cluster;
                continue;
            }
            for (const Dataset* table : filled) {
                if (role == "replica") {
                    report(*table, fmt::format("{} is a replica: only the master may have data before replication "
                                               "starts for the first time",
                                               cluster->name));
                } else if (role == "xdcr") {
                    report(*table, fmt::format("{} and {} both have data: only the cluster that is started first may, "
                                               "else replication cannot start",
                                               owner->name, cluster->name));
                }
            }
        }
    }
}

}  // namespace

void addTableRules(std::vector<Rule>& rules) {
    rules.push_back(
        {"voltdb.table-name", Severity::Error, "a name that is not CLUSTER:TABLE", "voltdb.md 1.2 (P12)", tableName});
    rules.push_back(
        {"voltdb.column-twice", Severity::Error, "one column of a table twice", "voltdb.md 2.2", columnTwice});
    rules.push_back({"voltdb.column-unknown", Severity::Error,
                     "a key, index or partitioning over a column that is not there", "voltdb.md 2.2", columnUnknown});
    rules.push_back({"voltdb.unique-missing", Severity::Warning, "an active table without a unique index",
                     "voltdb.md 2.2, 3.6", uniqueMissing});
    rules.push_back({"voltdb.data-twice", Severity::Error, "data before the start where there must be none",
                     "voltdb.md 1.3 (P29, P30)", dataTwice});
}

}  // namespace tributary::voltdb
