// What a filtered link lets through: columns of a replica record applied to payloads.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/operations/columns.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

/// Projects payloads onto a column list.
class LinkFilter {
public:
    /// `columns` is canonical; empty = whole table.
    explicit LinkFilter(std::string columns);
    [[nodiscard]] bool whole() const { return list_.empty(); }
    [[nodiscard]] const std::string& columns() const { return columns_; }
    /// The projected payload (same origin, incarnation, sequence, stamp; header names the projection), or nullopt when
    /// nothing of it passes. Errors: Corrupt.
    Result<std::optional<Bytes>> project(const PayloadView& payload) const;

private:
    std::string columns_;
    ColumnList list_;
};

}  // namespace tributary::engine
