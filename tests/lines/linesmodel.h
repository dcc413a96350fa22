// What the rows of a node's books must be: the lines of its log, counted again.
#pragma once

#include <map>
#include <vector>

#include "tests/sim/simkind.h"

namespace tributary::lines {

/// Oracle *offsets*: each shelf is numbered from 1 without holes, in the order of the log.
class LinesModel final : public simtest::KindModel {
public:
    explicit LinesModel(Violate violate) : violate_(std::move(violate)) {}

    std::vector<int> take(const simtest::TakenEntry& taken) override;
    [[nodiscard]] std::vector<simtest::ShownRow> shown(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::vector<simtest::ShownRow> shownEverywhere(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::set<std::string> unlike(const engine::DatasetRecord&) const override { return {}; }
    [[nodiscard]] std::optional<simtest::SimWrite> makeRoom(const engine::DatasetRecord&, const engine::PayloadView&,
                                                            int) const override {
        return std::nullopt;
    }

private:
    using Shelves = std::map<std::string, std::vector<std::string>>;  ///< texts, in order
    Violate violate_;
    std::map<std::uint32_t, Shelves> books_;
};

}  // namespace tributary::lines
