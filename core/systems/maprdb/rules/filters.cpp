// Rules about column lists: their words, and one against the other.
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/systems/maprdb/rules/columns.h"
#include "core/systems/maprdb/rules/rulesets.h"

namespace tributary::maprdb {

namespace {

std::string columnsText(const std::vector<std::string>& columns) {
    return columns.empty() ? std::string("everything") : fmt::format("'{}'", join(columns, ","));
}

void unknownFamily(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (edge.source->kind != DatasetKind::BinaryTable || edge.source->families.empty()) continue;
        std::vector<std::string> known;
        for (const Family& family : edge.source->families) known.push_back(family.name);
        for (const std::string& column : edge.replica->columns) {
            const std::string family = familyOfColumn(column);
            if (family.empty() || findFamily(*edge.source, family) != nullptr) continue;
            const std::string near = nearest(family, known);
            sink.add({edgeText(*edge.replica), edge.replica->pos,
                      fmt::format("columns name the family '{}', which {} does not have", family, edge.source->path),
                      near.empty() ? fmt::format("use one of its families: {}", join(known, ", "))
                                   : fmt::format("did you mean '{}'?", near)});
        }
    }
}

void syntax(const Context& context, FindingSink& sink) {
    for (const Replica& edge : context.topology.replicas) {
        const Dataset* source = context.index.dataset(edge.from);
        if (source == nullptr || source->kind == DatasetKind::Stream || !context.isMaprDb(edge.from)) continue;
        const bool json = source->kind == DatasetKind::JsonTable;
        for (const std::string& column : edge.columns) {
            const bool odd = column.find_first_of(" \t\"',") != std::string::npos;
            const bool empty = !json && (familyOfColumn(column).empty() || column.back() == ':');
            if (!odd && !empty) continue;
            sink.add({edgeText(edge), edge.pos,
                      odd ? fmt::format("column '{}' holds a space, comma or quote", column)
                          : fmt::format("column '{}' is not <family> or <family>:<qualifier>", column),
                      json ? "write full field paths as in [address.city, name]"
                           : "write families and columns as in [profile, 'orders:total']"});
        }
    }
}

void onStream(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (edge.source->kind != DatasetKind::Stream || edge.replica->columns.empty()) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  "a stream replicates whole, with all its topics: it has no columns", "remove the columns",
                  setAttribute(idOf(*edge.replica), "columns", std::nullopt)});
    }
}

/// Two edges into one dataset, neither of which carries all that the other does.
void conflict(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        for (const Context::Edge* before : context.edgesInto(*edge.target)) {
            if (before == &edge) break;
            const Replica& here = *edge.replica;
            const Replica& other = *before->replica;
            const DatasetKind kind = edge.target->kind;
            if (here.from == other.from) continue;
            if (covers(here.columns, other.columns, kind) || covers(other.columns, here.columns, kind)) continue;
            sink.add({edgeText(here), here.pos,
                      fmt::format("{} gets {} from here and {} from {}: neither covers the other, so no source holds "
                                  "what the replica shows",
                                  here.to, columnsText(here.columns), columnsText(other.columns), other.from),
                      "give one of the edges all columns, or replicate to a dataset each"});
        }
    }
}

void multiMasterDiffers(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        const Replica& there = *edge.replica;
        const Replica* back = context.index.replica(there.to, there.from);
        if (back == nullptr || there.from > there.to) continue;
        const DatasetKind kind = edge.source->kind;
        if (covers(there.columns, back->columns, kind) && covers(back->columns, there.columns, kind)) continue;
        sink.add({edgeText(there), there.pos,
                  fmt::format("multi-master carries {} one way and {} back: the two tables never hold the same",
                              columnsText(there.columns), columnsText(back->columns)),
                  "give both edges the same columns"});
    }
}

}  // namespace

void addFilterRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.columns-unknown-family", Severity::Error, "columns name a family the source does not have",
                     "maprdb.md 1.4", judged(unknownFamily)});
    rules.push_back({"maprdb.columns-syntax", Severity::Error, "a column that the option's grammar refuses",
                     "maprdb.md 1.4", judged(syntax)});
    rules.push_back({"maprdb.columns-on-stream", Severity::Error, "columns on an edge between streams",
                     "maprdb.md 1.6, 2.10", judged(onStream)});
    rules.push_back({"maprdb.filters-conflict", Severity::Warning, "two edges feed one dataset with different columns",
                     "maprdb.md 1.4, 2.8", judged(conflict)});
    rules.push_back({"maprdb.multimaster-filter-differs", Severity::Warning,
                     "the two directions carry different columns", "maprdb.md 2.6", judged(multiMasterDiffers)});
}

}  // namespace tributary::maprdb
