// Permission checks. Family and column permission are both needed (maprdb.md section 1.3).
#include "engine/node/access.h"

#include <fmt/format.h>

#include "engine/systems/maprdb/mutation.h"

namespace tributary::engine {

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

Status Access::require(const TableRecord& table, const std::string& permission, const std::string& user) {
    if (has(table.perms, permission, user)) return okStatus();
    const auto at = table.perms.find(permission);
    const std::string now = at == table.perms.end() ? "" : at->second;
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("user {} lacks {} on {} (it is \"{}\")", user, permission, table.path, now),
                 {},
                 fmt::format("maprcli table edit -path {} -{} \"{}u:{}\"", table.path, permission,
                             now.empty() ? "" : now + " | ", user)};
}

bool Access::mayWriteFamily(const FamilyRecord& family, const std::string& user) {
    return has(family.perms, "writeperm", user);
}

Status Access::requireWrite(const TableRecord& table, const PayloadView& body, const std::string& user) {
    bool everything = true;
    for (const FamilyRecord& family : table.families) {
        if (family.live() && (!family.columns.empty() || !mayWriteFamily(family, user))) everything = false;
    }
    if (everything) return okStatus();
    const auto denied = [&](const FamilyRecord& family, std::string_view column) {
        const std::string what = column.empty() ? family.name : fmt::format("{}:{}", family.name, column);
        return Error{ErrorCode::PermissionDenied,
                     fmt::format("user {} lacks writeperm on {} of {}", user, what, table.path),
                     {},
                     fmt::format("maprcli table cf edit -path {} -cfname {} -writeperm \"u:{}\"", table.path,
                                 family.name, user)};
    };
    maprdb::MutationReader reader(body.mutations, 0);
    maprdb::OpView op;
    while (reader.next(op)) {
        if (op.kind == maprdb::OpKind::DeleteRow) {
            for (const FamilyRecord& family : table.families) {
                if (family.live() && !mayWriteFamily(family, user)) return denied(family, {});
            }
            continue;
        }
        auto cells = op.cells();
        maprdb::CellView cell;
        while (cells.next(cell)) {
            const FamilyRecord* family = table.family(body.families.at(cell.family));
            if (family == nullptr) continue;  // named by the caller's own check
            if (!mayWriteFamily(*family, user)) return denied(*family, {});
            const auto column = family->columns.find(std::string(cell.qualifier));
            if (column != family->columns.end() && column->second.count("writeperm") != 0 &&
                !has(column->second, "writeperm", user)) {
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

bool Access::mayReadAll(const TableRecord& table, const std::string& user) {
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        if (!has(family.perms, "readperm", user)) return false;
        for (const auto& [qualifier, perms] : family.columns) {
            if (!mayRead(family, qualifier, user)) return false;
        }
    }
    return true;
}

}  // namespace tributary::engine
