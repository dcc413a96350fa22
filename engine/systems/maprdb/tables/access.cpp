// Permission checks. Family and column permission are both needed (maprdb.md section 1.3).
#include "engine/systems/maprdb/tables/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/escape.h"
#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine::maprdb {

bool Access::allows(const std::string& expression, const std::string& user) {
    auto at = parsed_.find(expression);
    if (at == parsed_.end()) {
        auto ace = parseAce(expression);
        // An expression that does not parse cannot have been set; deny if one is ever met.
        at = parsed_.emplace(expression, ace ? std::move(ace).value() : Ace()).first;
    }
    std::vector<std::string> groups;
    for (const auto& [group, members] : groups_) {
        for (const auto& member : members) {
            if (member == user) groups.push_back(group);
        }
    }
    return evaluate(at->second, user, groups);
}

bool Access::has(const Permissions& perms, const std::string& permission, const std::string& user) {
    const auto at = perms.find(permission);
    return at != perms.end() && allows(at->second, user);
}

Status Access::require(const DatasetRecord& table, const std::string& permission, const std::string& user) {
    const Permissions& perms = schemaOf(table).perms;
    if (has(perms, permission, user)) return okStatus();
    const auto at = perms.find(permission);
    const std::string now = at == perms.end() ? "" : at->second;
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("user {} lacks {} on {} (it is \"{}\")", user, permission, table.path, now),
                 {},
                 fmt::format("maprcli table edit -path {} -{} \"{}u:{}\"", table.path, permission,
                             now.empty() ? "" : now + " | ", user)};
}

bool Access::mayWriteFamily(const FamilyRecord& family, const std::string& user) {
    return has(family.perms, "writeperm", user);
}

bool Access::mayWriteColumn(const Permissions& perms, const std::string& user) {
    return perms.count("writeperm") == 0 || has(perms, "writeperm", user);
}

/// What keeps `user` from a delete of the whole family: a column (empty = the family itself), or nothing.
std::optional<std::string> Access::deniedWrite(const FamilyRecord& family, const std::string& user) {
    if (!mayWriteFamily(family, user)) return std::string();
    for (const auto& [qualifier, perms] : family.columns) {
        if (!mayWriteColumn(perms, user)) return qualifier;
    }
    return std::nullopt;
}

Status Access::requireWrite(const DatasetRecord& record, const TableBody& body, const std::string& user) {
    const TableSchema& table = schemaOf(record);
    bool everything = true;
    for (const FamilyRecord& family : table.families) {
        if (family.live() && (!family.columns.empty() || !mayWriteFamily(family, user))) everything = false;
    }
    if (everything) return okStatus();
    // The advice adds to what is granted: nobody who may write loses that.
    const auto wider = [&](const Permissions& perms) {
        const auto at = perms.find("writeperm");
        return (at == perms.end() || at->second.empty() ? "" : at->second + " | ") + "u:" + user;
    };
    const auto denied = [&](const FamilyRecord& family, std::string_view column) {
        const std::string what = column.empty() ? family.name : fmt::format("{}:{}", family.name, escapedBytes(column));
        Error error{ErrorCode::PermissionDenied,
                    fmt::format("user {} lacks writeperm on {} of {}", user, what, record.path),
                    {},
                    fmt::format("maprcli table cf edit -path {} -cfname {} -writeperm \"{}\"", record.path, family.name,
                                wider(family.perms))};
        if (!column.empty()) {
            error.fix = fmt::format("maprcli table cf colperm set -path {} -cfname {} -name '{}' -writeperm \"{}\"",
                                    record.path, family.name, escapedBytes(column),
                                    wider(family.columns.at(std::string(column))));
        }
        return error;
    };
    MutationReader reader(body.mutations, 0);
    OpView op;
    while (reader.next(op)) {
        if (op.kind == OpKind::DeleteRow) {
            for (const FamilyRecord& family : table.families) {
                if (!family.live()) continue;
                if (const auto column = deniedWrite(family, user)) return denied(family, *column);
            }
            continue;
        }
        auto cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            assert(cell.family < body.families.size());  // the caller has checked the list
            const FamilyRecord* family = table.family(body.families[cell.family]);
            if (family == nullptr) continue;  // named by the caller's own check
            if (!mayWriteFamily(*family, user)) return denied(*family, {});
            if (op.kind == OpKind::DeleteFamily) {
                if (const auto every = deniedWrite(*family, user)) return denied(*family, *every);
                continue;
            }
            const auto column = family->columns.find(std::string(cell.qualifier));
            if (column != family->columns.end() && !mayWriteColumn(column->second, user)) {
                return denied(*family, cell.qualifier);
            }
        }
    }
    return okStatus();
}

bool Access::mayRead(const FamilyRecord& family, const std::string& qualifier, const std::string& user) {
    if (!has(family.perms, "readperm", user)) return false;
    const auto column = family.columns.find(qualifier);
    return column == family.columns.end() || column->second.count("readperm") == 0 ||
           has(column->second, "readperm", user);
}

Status Access::requireRead(const std::string& path, const TableSchema& table, const ColumnList& columns,
                           const std::string& user) {
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        const auto asked = [&](const ColumnSpec& column) { return column.family == family.name; };
        if (!columns.empty() && std::none_of(columns.begin(), columns.end(), asked)) continue;
        std::optional<std::string> lacking;
        if (!has(family.perms, "readperm", user)) lacking = family.name;
        for (const auto& [qualifier, perms] : family.columns) {
            if (lacking || mayRead(family, qualifier, user) || !selects(columns, family.name, qualifier)) continue;
            lacking = fmt::format("{}:{}", family.name, qualifier);
        }
        if (!lacking) continue;
        return Error{ErrorCode::PermissionDenied,
                     fmt::format("user {} lacks readperm on {} of {}", user, *lacking, path),
                     {},
                     "name only columns that you may read (-columns), or ask for readperm"};
    }
    return okStatus();
}

}  // namespace tributary::engine::maprdb
