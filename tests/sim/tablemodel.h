// What the rows of a node's tables must be: cells folded one by one, apart from the engine.
#pragma once

#include <map>

#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "simkind.h"

namespace tributary::simtest {

/// A visible cell as an oracle compares it.
[[nodiscard]] ShownRow showCell(BytesView key, std::uint32_t family, BytesView qualifier, Millis timestampMs,
                                BytesView value);

class TableModel final : public KindModel {
public:
    explicit TableModel(Violate violate) : violate_(std::move(violate)) {}

    std::vector<int> take(const TakenEntry& taken) override;
    [[nodiscard]] std::vector<ShownRow> shown(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::vector<ShownRow> shownEverywhere(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::set<std::string> unlike(const engine::DatasetRecord&) const override { return {}; }
    [[nodiscard]] std::optional<SimWrite> makeRoom(const engine::DatasetRecord&, const engine::PayloadView&,
                                                   int) const override {
        return std::nullopt;
    }

private:
    struct Best {
        Millis timestampMs = 0;
        Stamp stamp = 0;
        Bytes value;
    };
    struct Column {
        Millis maskMs = INT64_MIN;
        std::optional<Best> best;
    };
    struct Row {
        Millis maskMs = INT64_MIN;
        std::map<std::uint32_t, Millis> familyMaskMs;
        std::map<std::pair<std::uint32_t, Bytes>, Column> columns;
    };
    struct Cell {
        Bytes key;
        std::uint32_t family = 0;
        Bytes qualifier;
        Best best;
    };
    using Rows = std::map<Bytes, Row>;

    void fold(const TakenEntry& taken, const engine::maprdb::TableBody& body, const engine::maprdb::OpView& op,
              std::vector<int>& ops);
    void foldCell(Row& row, const TakenEntry& taken, const engine::maprdb::OpView& op,
                  const engine::maprdb::CellView& cell, std::uint32_t family);
    void checkDelete(const Row& row, const TakenEntry& taken, const engine::maprdb::OpView& op,
                     const engine::maprdb::CellView& cell, std::uint32_t family);
    [[nodiscard]] std::vector<Cell> cells(const engine::DatasetRecord& record) const;
    [[nodiscard]] static bool visible(const Row& row, std::uint32_t family, const Column& column);

    Violate violate_;
    std::map<std::uint32_t, Rows> tables_;  ///< by dataset
};

}  // namespace tributary::simtest
