// Rules about the same table at a producer and at its consumer.
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

/// As VoltDB shows names.
std::string upperOf(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

void tableMissing(const RuleContext& context, FindingSink& sink) {
    std::set<std::pair<std::string, std::string>> told;  // consumer and table: one finding however many send it
    for (const auto& [from, to] : flowsOf(context)) {
        const auto there = tablesOf(context, *to);
        for (const auto& [name, table] : tablesOf(context, *from)) {
            if (there.contains(name) || !told.emplace(to->name, name).second) continue;
            Dataset copy = *table;
            copy.path = joinedDataset(to->name, name);
            copy.data = false;
            sink.add({whereOf(*to), to->pos,
                      fmt::format("{} replicates {} and {} does not hold it (Missing DR table {} on local cluster)",
                                  from->name, name, to->name, upperOf(name)),
                      fmt::format("draw {} under datasets as {} has it", copy.path, from->name),
                      addDataset(std::move(copy))});
        }
    }
}

std::string columnText(const FieldFormat& column) {
    return column.name + " " + column.type + (column.nullable ? " (may be null)" : "");
}

/// Unique indexes in no order of their own; columns of one keep theirs.
std::vector<std::string> indexesOf(const Dataset& table) {
    std::vector<std::string> out;
    for (const std::string& each : table.unique) out.push_back(join(splitList(each), ", "));
    std::sort(out.begin(), out.end());
    return out;
}

/// The first column of `table` that `other` lacks, or nullptr.
const FieldFormat* lacking(const Dataset& table, const Dataset& other) {
    const auto found = std::find_if(table.format.begin(), table.format.end(), [&](const FieldFormat& each) {
        return std::none_of(other.format.begin(), other.format.end(),
                            [&](const FieldFormat& there) { return there.name == each.name; });
    });
    return found == table.format.end() ? nullptr : &*found;
}

/// Where two tables differ, or empty. What one of them does not draw is not compared.
std::string differenceOf(const std::string& name, const Dataset& here, const Cluster& producer, const Dataset& there) {
    if (!here.format.empty() && !there.format.empty()) {
        if (const FieldFormat* column = lacking(here, there)) {
            return fmt::format("Missing Column{{{}}} from Table{{{}}} on remote cluster {}", upperOf(column->name),
                               upperOf(name), producer.id.value_or(-1));
        }
        if (const FieldFormat* column = lacking(there, here)) {
            return fmt::format("Missing Column{{{}}} from Table{{{}}} on local cluster", upperOf(column->name),
                               upperOf(name));
        }
        for (std::size_t i = 0; i < here.format.size() && i < there.format.size(); ++i) {
            const std::string left = columnText(here.format[i]);
            const std::string right = columnText(there.format[i]);
            if (left != right) return fmt::format("column {} is {} here and {} there", i + 1, left, right);
        }
    }
    if (here.partition != there.partition) {
        const auto shown = [](const std::string& column) { return column.empty() ? std::string("none") : column; };
        return fmt::format("its partitioning column is {} here and {} there", shown(here.partition),
                           shown(there.partition));
    }
    if (here.primary != there.primary) {
        return fmt::format("its primary key is ({}) here and ({}) there", join(here.primary, ", "),
                           join(there.primary, ", "));
    }
    if (indexesOf(here) != indexesOf(there)) return "its unique indexes are not the same";
    return {};
}

void schemaDiffers(const RuleContext& context, FindingSink& sink) {
    std::set<std::pair<const Dataset*, const Dataset*>> told;  // active clusters are each other's consumers
    for (const auto& [from, to] : flowsOf(context)) {
        const auto consumer = tablesOf(context, *to);
        for (const auto& [name, table] : tablesOf(context, *from)) {
            const auto here = consumer.find(name);
            if (here == consumer.end() || told.contains({here->second, table})) continue;
            told.emplace(table, here->second);
            const std::string difference = differenceOf(name, *here->second, *from, *table);
            if (difference.empty()) continue;
            Dataset copy = *table;
            copy.path = here->second->path;
            copy.data = here->second->data;
            sink.add({copy.path, here->second->pos,
                      fmt::format("{} is not as in {}: {}; the stream stops at its first change", name, from->name,
                                  difference),
                      fmt::format("draw it as {} has it, columns in the same order", from->name),
                      replaceDataset(here->second->path, copy)});
        }
    }
}

void nothingReplicated(const RuleContext& context, FindingSink& sink) {
    std::set<const Cluster*> told;
    for (const auto& [from, to] : flowsOf(context)) {
        if (!from->schema.empty() || !tablesOf(context, *from).empty() || !told.insert(from).second) continue;
        sink.add(
            {whereOf(*from), from->pos,
             fmt::format("{} sends to {} and no table of it is drawn: only tables that DR TABLE names are replicated",
                         from->name, to->name),
             fmt::format("draw {}:TABLE: {{kind: dr-table}} under datasets, or schema: FILE at the cluster",
                         from->name)});
    }
}

}  // namespace

void addSchemaRules(std::vector<Rule>& rules) {
    rules.push_back({"voltdb.table-missing", Severity::Error, "a consumer without a table that is sent to it",
                     "voltdb.md 1.2 (P22), 3.7", tableMissing});
    rules.push_back({"voltdb.schema-differs", Severity::Error, "a table that differs between two clusters",
                     "voltdb.md 1.2 (P22), 3.7", schemaDiffers});
    rules.push_back({"voltdb.nothing-replicated", Severity::Info, "a producer of which no replicated table is drawn",
                     "voltdb.md 1.2 (P12)", nothingReplicated});
}

}  // namespace tributary::voltdb
