// Answers of procedures as texts, found by the names of columns.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/systems/voltdb/data/resulttable.h"

namespace tributary::app {

/// A table with its cells as texts, found by name.
class NamedRows {
public:
    NamedRows() = default;
    explicit NamedRows(const engine::voltdb::ResultTable& table);
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] bool has(const std::string& column) const { return columns_.contains(column); }
    /// Empty for NULL and for a column that is not there.
    [[nodiscard]] std::string at(std::size_t row, const std::string& column) const;
    [[nodiscard]] std::optional<std::int64_t> numberAt(std::size_t row, const std::string& column) const;

private:
    std::map<std::string, std::size_t> columns_;
    std::vector<std::vector<std::optional<std::string>>> rows_;
};

/// The value of a key of @SystemInformation; empty when it is not told.
[[nodiscard]] std::string toldValue(const NamedRows& information, const std::string& key);

/// Tables that replicate, of @SystemCatalog TABLES, in its order.
[[nodiscard]] std::vector<std::string> replicatedNames(const NamedRows& tables);
[[nodiscard]] bool isReplicated(const NamedRows& tables, std::size_t row);

}  // namespace tributary::app
