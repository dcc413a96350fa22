// Who may do what: ACEs of tables, families and columns evaluated for a user.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/operations/columns.h"
#include "core/topology/ace.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {

/// Evaluates permissions. Parsed expressions are kept, since the same few texts come again and again.
class Access {
public:
    explicit Access(const std::map<std::string, std::vector<std::string>>& groups) : groups_(groups) {}

    /// True when the permission's ACE lets `user` in; a permission that is not set denies.
    [[nodiscard]] bool has(const Permissions& perms, const std::string& permission, const std::string& user);
    /// PermissionDenied naming permission, table and the command that grants it.
    Status require(const DatasetRecord& table, const std::string& permission, const std::string& user);
    /// May `user` apply these mutations: writeperm of each family touched, and of its columns where they have one. A
    /// delete of a row or a family touches all that lies in it. The list must have been checked (countOperations).
    Status requireWrite(const DatasetRecord& record, const TableBody& body, const std::string& user);
    /// May `user` read this cell: readperm of the family and, when it has one, of the column.
    [[nodiscard]] bool mayRead(const FamilyRecord& family, const std::string& qualifier, const std::string& user);
    /// PermissionDenied naming the first family or column of `columns` (empty = the whole table) that `user` may not
    /// read: what is copied, compared or replicated goes where others read it.
    Status requireRead(const std::string& path, const TableSchema& table, const ColumnList& columns,
                       const std::string& user);
    Status requireRead(const DatasetRecord& table, const ColumnList& columns, const std::string& user) {
        return requireRead(table.path, schemaOf(table), columns, user);
    }

private:
    bool allows(const std::string& expression, const std::string& user);
    bool mayWriteFamily(const FamilyRecord& family, const std::string& user);
    bool mayWriteColumn(const Permissions& perms, const std::string& user);
    std::optional<std::string> deniedWrite(const FamilyRecord& family, const std::string& user);

    const std::map<std::string, std::vector<std::string>>& groups_;
    std::map<std::string, Ace> parsed_;
};

}  // namespace tributary::engine::maprdb
