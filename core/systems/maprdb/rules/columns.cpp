// Column lists of replica edges.
#include "core/systems/maprdb/rules/columns.h"

#include <algorithm>

namespace tributary::maprdb {

namespace {

/// Whether the JSON field `path` lies at or below `prefix`; the empty prefix is the default family, which is no prefix.
bool below(const std::string& path, const std::string& prefix) {
    return path == prefix || (!prefix.empty() && path.starts_with(prefix + "."));
}

/// Whether column `wide` alone carries everything column `narrow` does.
bool columnCovers(const std::string& wide, const std::string& narrow, DatasetKind kind) {
    if (kind == DatasetKind::JsonTable) return below(narrow, wide);
    return wide == narrow || (wide.find(':') == std::string::npos && familyOfColumn(narrow) == wide);
}

}  // namespace

std::string familyOfColumn(const std::string& column) {
    return column.substr(0, column.find(':'));
}

const Family* findFamily(const Dataset& dataset, const std::string& name) {
    const auto found = std::find_if(dataset.families.begin(), dataset.families.end(),
                                    [&](const Family& family) { return family.name == name; });
    return found == dataset.families.end() ? nullptr : &*found;
}

std::set<std::string> carriedFamilies(const Dataset& source, const Replica& edge) {
    std::set<std::string> out;
    for (const Family& family : source.families) {
        if (edge.columns.empty()) out.insert(family.name);
    }
    for (const std::string& column : edge.columns) {
        if (source.kind != DatasetKind::JsonTable) {
            if (findFamily(source, familyOfColumn(column)) != nullptr) out.insert(familyOfColumn(column));
            continue;
        }
        const Family* best = nullptr;
        for (const Family& family : source.families) {
            const bool fits = family.jsonPath.empty() || below(column, family.jsonPath);
            if (fits && (best == nullptr || family.jsonPath.size() > best->jsonPath.size())) best = &family;
        }
        if (best != nullptr) out.insert(best->name);
    }
    return out;
}

bool covers(const std::vector<std::string>& wide, const std::vector<std::string>& narrow, DatasetKind kind) {
    if (wide.empty()) return true;
    if (narrow.empty()) return false;
    return std::all_of(narrow.begin(), narrow.end(), [&](const std::string& column) {
        return std::any_of(wide.begin(), wide.end(),
                           [&](const std::string& other) { return columnCovers(other, column, kind); });
    });
}

}  // namespace tributary::maprdb
