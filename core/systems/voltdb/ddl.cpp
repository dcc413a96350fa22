// Statements out of formats.
#include "core/systems/voltdb/ddl.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary::voltdb {
namespace {

std::string shouted(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

std::string tableOf(const Dataset& dataset, const std::string& table) {
    std::string text = fmt::format("CREATE TABLE {} (\n", table);
    for (const FieldFormat& field : dataset.format) {
        text += fmt::format("    {} {}{},\n", field.name, shouted(field.type), field.nullable ? "" : " NOT NULL");
    }
    if (!dataset.primary.empty()) text += fmt::format("    PRIMARY KEY ({}),\n", join(dataset.primary, ", "));
    text.erase(text.size() - 2, 1);  // the last comma
    text += ");\n";
    for (std::size_t at = 0; at < dataset.unique.size(); ++at) {
        text += fmt::format("CREATE UNIQUE INDEX {}_unique{} ON {} ({});\n", table, at + 1, table, dataset.unique[at]);
    }
    if (!dataset.partition.empty()) {
        text += fmt::format("PARTITION TABLE {} ON COLUMN {};\n", table, dataset.partition);
    }
    return text + fmt::format("DR TABLE {};\n", table);
}

}  // namespace

std::string deriveDdl(const Topology& topology, std::string_view cluster) {
    std::string text;
    const std::string prefix = std::string(cluster) + ":";
    for (const Dataset& each : topology.datasets) {
        const bool isOurs = each.kind == DatasetKind::DrTable && each.path.starts_with(prefix) && !each.format.empty();
        if (isOurs) text += tableOf(each, each.path.substr(prefix.size()));
    }
    return text;
}

}  // namespace tributary::voltdb
