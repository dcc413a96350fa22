// What differs between kinds of tables where one request serves all: families, filters by columns, rights to read.
//
// Decision: binary and JSON tables have one record (attributes, permissions, families) and one set of requests about
// it. What a family may be, and what a list of columns means, is asked here.
#pragma once

#include <span>
#include <string>

#include "engine/dataset/kinds.h"

namespace tributary::engine::maprdb {

class Access;
struct FamilyRecord;
struct TableRecord;
struct TableSchema;

/// New name, path, ttl, ... of a family as a request describes it.
enum class FamilyRequest { Create, Change };

/// A kind whose datasets are tables. Stateless, any thread.
class AnyTableKind : public DatasetKind {
public:
    /// The permissions of a family; a table has a default of each ("default" before the name).
    [[nodiscard]] virtual std::span<const char* const> familyPermissions() const = 0;
    /// A new table with the families of its request: adds those that every table has. Errors: InvalidInput.
    [[nodiscard]] virtual Status complete(TableRecord& table) const = 0;
    /// What the kind does not have, or needs, in a request about one family of `table`. Errors: InvalidInput,
    /// Unsupported.
    [[nodiscard]] virtual Status checkFamily(const Json& request, const TableSchema& table,
                                             FamilyRequest what) const = 0;
    /// Whether the family may be deleted. Errors: InvalidInput, Unsupported.
    [[nodiscard]] virtual Status checkDrop(const FamilyRecord& family) const = 0;
    /// Whether columns may have permissions of their own. Errors: Unsupported.
    [[nodiscard]] virtual Status checkColumnPerms() const = 0;

    /// A list of columns, as option -columns takes it, as a projection; empty = the whole table. Errors: InvalidInput,
    /// NotFound (a family that `path` does not have).
    [[nodiscard]] virtual Result<std::string> projectionOf(const std::string& path, const TableSchema& table,
                                                           const std::string& columns) const = 0;
    /// The list of a projection, for people.
    [[nodiscard]] virtual std::string columnsOf(const std::string& projection) const = 0;
    /// PermissionDenied naming the first thing in `projection` that `user` may not read: what is copied, compared or
    /// replicated goes where others read it.
    [[nodiscard]] virtual Status requireRead(Access& access, const std::string& path, const TableSchema& table,
                                             const std::string& projection, const std::string& user) const = 0;
};

/// The kind as one of tables; nullptr for any other.
[[nodiscard]] inline const AnyTableKind* anyTableKind(const DatasetKind& kind) {
    return dynamic_cast<const AnyTableKind*>(&kind);
}

}  // namespace tributary::engine::maprdb
