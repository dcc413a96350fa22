// PartitionRows on a SQL unit.
#pragma once

#include "engine/systems/voltdb/data/effect.h"
#include "engine/systems/voltdb/data/partitionrows.h"

namespace tributary::engine::voltdb {

/// Between SqlStateUnit::begin() and its end.
class RowAccess final : public PartitionRows {
public:
    RowAccess(SqlStateUnit& unit, const VoltSchema& schema, Stamp stamp)
        : unit_(unit), schema_(schema), stamp_(stamp) {}

    const VoltSchema& schema() const override { return schema_; }
    Stamp stamp() const override { return stamp_; }
    Result<int> partitionOf(std::string_view table, const RowImage& row) const override;
    Result<std::optional<RowImage>> find(std::string_view table, const RowImage& key) override;
    Result<std::optional<RowImage>> findWhole(std::string_view table, const RowImage& row) override;
    Result<std::vector<RowImage>> colliding(std::string_view table, const RowImage& row) override;
    Status put(std::string_view table, const RowImage& row) override;
    Result<bool> erase(std::string_view table, const RowImage& row) override;
    Status truncate(std::string_view table) override;
    Result<bool> anyDrRow() override;
    FaultPoints& faults() override { return unit_.faults(); }
    Result<std::optional<Bytes>> metaGet(std::string_view key) override;
    Status metaPut(std::string_view key, BytesView value) override;
    Status metaErase(std::string_view key) override;

    [[nodiscard]] const std::vector<TruncatedRange>& truncated() const { return truncated_; }

private:
    struct Place {
        const VoltTable* table;
        LogTable shape;
    };
    [[nodiscard]] Result<Place> place(std::string_view table, const RowImage* row) const;
    Result<SqlOutcome> run(const std::string& sql, const std::vector<SqlValue>& parameters);
    Result<std::vector<RowImage>> read(const Place& at, const std::string& where,
                                       const std::vector<SqlValue>& parameters);

    SqlStateUnit& unit_;
    const VoltSchema& schema_;
    Stamp stamp_;
    std::vector<TruncatedRange> truncated_;
};

}  // namespace tributary::engine::voltdb
