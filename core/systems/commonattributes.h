// Rows that the tables of all systems begin with, and parts that several of them have.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "core/base/naming.h"
#include "core/systems/attributes.h"

namespace tributary::attribute {

[[nodiscard]] Attribute<Cluster> clusterName();
[[nodiscard]] Attribute<Cluster> clusterSystem();
[[nodiscard]] Attribute<Dataset> datasetPath();
/// `kinds` names those of one system for the help.
[[nodiscard]] Attribute<Dataset> datasetKind(std::string_view kinds);

/// "id unsigned, band_name string, year unsigned?": a question mark makes a field nullable.
Status assignFormat(Dataset& dataset, const std::optional<std::string>& value);

/// A row of one name.
template <auto Member>
auto nameRow(std::string_view name, std::string_view fallback, std::string_view meaning, std::string_view item) {
    return field<Member>({.name = name,
                          .form = "name",
                          .fallback = fallback,
                          .meaning = meaning,
                          .value = ValueForm::Name,
                          .item = item});
}

/// A comma list of names: parts that stay keep their settings.
template <typename T>
Status assignParts(std::vector<T>& parts, const std::optional<std::string>& value, std::string_view thing) {
    std::vector<T> out;
    for (const std::string& name : splitList(value.value_or(""))) {
        if (Status named = checkName(thing, name); !named) return named;
        const auto kept = std::find_if(parts.begin(), parts.end(), [&](const T& each) { return each.name == name; });
        if (kept != parts.end()) {
            out.push_back(*kept);
        } else {
            out.emplace_back().name = name;
        }
    }
    parts = std::move(out);
    return okStatus();
}

/// <name>.<attribute> of a part.
template <typename T>
Status assignOfPart(std::vector<T>& parts, const AttributeTable<T>& table, std::string_view rest,
                    const std::optional<std::string>& value) {
    const std::size_t dot = rest.rfind('.');  // a name may hold dots, an attribute does not
    const std::string_view wanted = rest.substr(0, dot);
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const T& each) { return each.name == wanted; });
    if (dot == std::string_view::npos || found == parts.end()) {
        return Error{ErrorCode::InvalidInput, fmt::format("there is no '{}' in it", wanted), {}, {}};
    }
    return assignFrom(table, *found, rest.substr(dot + 1), value);
}

}  // namespace tributary::attribute
