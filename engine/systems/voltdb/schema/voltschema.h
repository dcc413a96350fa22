// The schema of a host: tables, indexes, procedures, as the DDL that was run so far makes them.
//
// The catalog keeps the DDL itself, each with the entry of the log that brought it; everything else follows from it. So
// entries of old are read with the tables of then, and a state file is brought up to now statement by statement.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dataset/datasetkind.h"
#include "engine/systems/voltdb/log/rowimage.h"

namespace tributary::engine {
class SqlRules;
}

namespace tributary::engine::voltdb {

class DrTables;
struct PlannedStatement;

inline constexpr std::string_view kHiddenColumn = "DR_CLUSTERID_TIMESTAMP";

struct VoltColumn {
    std::string name;  ///< upper case, as all names here
    ColumnType type = ColumnType::Bigint;
    std::uint32_t size = 0;    ///< of VARCHAR and VARBINARY
    bool sizeInBytes = false;  ///< VARCHAR(n BYTES); else n counts characters
    bool isNullable = true;
    std::string defaultSql;  ///< empty: NULL
    friend bool operator==(const VoltColumn&, const VoltColumn&) = default;
};

struct VoltIndex {
    std::string name;
    std::vector<std::string> parts;  ///< columns, or expressions as written
    std::string where;               ///< of a partial index; else empty
    bool isUnique = false;
    bool isAssumedUnique = false;  ///< ASSUMEUNIQUE: within each partition
    bool isPrimary = false;
    friend bool operator==(const VoltIndex&, const VoltIndex&) = default;
};

struct VoltTable {
    std::uint32_t id = 0;  ///< never given again
    std::string name;
    std::vector<VoltColumn> columns;
    std::vector<std::size_t> primaryKey;  ///< columns, in the key's order; empty: none
    std::vector<VoltIndex> indexes;       ///< without the primary key
    std::optional<std::size_t> partitionColumn;
    bool isDr = false;
    friend bool operator==(const VoltTable&, const VoltTable&) = default;

    [[nodiscard]] std::optional<std::size_t> columnNamed(std::string_view upperName) const;
    /// Columns of each unique index and of the primary key that have columns only, not expressions.
    [[nodiscard]] std::vector<std::vector<std::size_t>> uniqueKeys() const;
    /// As rows are kept: with the hidden column when it is a DR table.
    [[nodiscard]] LogTable logTable() const;
    /// What must be equal at both ends for its rows to be replicated: columns, their types and sizes, what may be NULL,
    /// partitioning, primary key and unique indexes.
    [[nodiscard]] std::string drDigest() const;
};

struct VoltProcedure {
    std::string name;
    std::vector<std::string> statements;
    std::string partitionTable;  ///< empty: runs in all partitions
    std::string partitionColumn;
    std::size_t partitionParameter = 0;
    bool isReadOnly = false;
    friend bool operator==(const VoltProcedure&, const VoltProcedure&) = default;
};

/// Tables and procedures as of one moment, by upper-case names.
struct VoltCatalog {
    std::map<std::string, VoltTable, std::less<>> tables;
    std::map<std::string, VoltProcedure, std::less<>> procedures;
    std::uint32_t nextTableId = 1;
    [[nodiscard]] const VoltTable* table(std::string_view upperName) const;
    [[nodiscard]] const VoltTable* tableById(std::uint32_t id) const;
};

/// One statement of DDL that was run.
struct DdlStep {
    std::string sql;
    Lsn lsn = 0;  ///< of the change that brought it; 0 while it is not logged yet
};

/// What a database is from its making on.
struct DatabaseIdentity {
    int partitions = 1;
    int clusterId = 0;
    std::int64_t creationUs = 0;  ///< microseconds since 1970; with the id, what a remote cluster knows it by
};

class VoltSchema final : public DatasetSchema {
public:
    /// What follows from a schema, made by whoever needs it first. Executor's thread only.
    struct Derived {
        struct Shape {
            LogTable table;
            std::uint64_t signature = 0;
        };
        std::map<const VoltTable*, Shape> shapes;                                           ///< effect.cpp
        std::map<std::string, std::shared_ptr<const PlannedStatement>, std::less<>> plans;  ///< statements.cpp
        std::shared_ptr<const DrTables> replicated;                                         ///< host/hosttables.cpp
    };
    [[nodiscard]] Derived& derived() const { return derived_; }

    /// Runs the steps one after the other. Errors: as applyDdl, naming the step.
    static Result<std::shared_ptr<const VoltSchema>> make(const DatasetKind& kind, const DatabaseIdentity& identity,
                                                          std::vector<DdlStep> steps);

    [[nodiscard]] const DatabaseIdentity& identity() const { return identity_; }
    [[nodiscard]] int partitions() const { return identity_.partitions; }
    [[nodiscard]] int clusterId() const { return identity_.clusterId; }
    [[nodiscard]] std::int64_t creationUs() const { return identity_.creationUs; }
    [[nodiscard]] const std::vector<DdlStep>& steps() const { return steps_; }
    /// As it is now.
    [[nodiscard]] const VoltCatalog& catalog() const { return catalogs_.back(); }
    /// As it was for an entry at `lsn`.
    [[nodiscard]] const VoltCatalog& catalogAt(Lsn lsn) const;
    /// After the first `count` steps.
    [[nodiscard]] const VoltCatalog& catalogAfter(std::size_t count) const { return catalogs_[count]; }
    [[nodiscard]] std::vector<const VoltTable*> drTables() const;
    /// Of all DR tables, by name.
    [[nodiscard]] std::map<std::string, std::string> drDigests() const;
    /// What the SQL unit goes by.
    [[nodiscard]] const std::shared_ptr<const SqlRules>& rules() const { return rules_; }

private:
    VoltSchema(const DatasetKind& kind, const DatabaseIdentity& identity, std::vector<DdlStep> steps)
        : DatasetSchema(kind), identity_(identity), steps_(std::move(steps)) {}

    DatabaseIdentity identity_;
    std::vector<DdlStep> steps_;
    std::vector<VoltCatalog> catalogs_;  ///< before the first step, and after each
    std::shared_ptr<const SqlRules> rules_;
    mutable Derived derived_;
};

/// The partition of a value of the partitioning column. NULL lies in the first.
[[nodiscard]] int partitionOfValue(const ColumnValue& value, int partitions);

}  // namespace tributary::engine::voltdb
