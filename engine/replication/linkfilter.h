// What a filtered link lets through: columns of a replica record applied to payloads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// What a link's columns leave of a payload that was projected on its way here: remembers the last answer.
class LinkNarrowing {
public:
    /// The canonical columns that a payload of `projection` is shipped with over a link of `columns` (both canonical;
    /// empty = whole table): their intersection. nullopt when nothing is in both. Errors: Corrupt, when `projection`
    /// is no column list.
    Result<std::optional<std::string>> left(std::string_view projection, std::string_view columns);

private:
    std::string projection_;
    std::string columns_;
    std::optional<std::string> left_ = std::string();
};

}  // namespace tributary::engine
