// What the rows of a node's ledgers must be: every entry of its log decided a second time, on what stands before it.
#pragma once

#include <map>

#include "tests/sim/simkind.h"
#include "tests/toy/toykind.h"

namespace tributary::toy {

/// Oracles: *decided* (what was logged is what deciding comes to), *below-zero*, *unique*, *local*.
class ToyModel final : public simtest::KindModel {
public:
    explicit ToyModel(Violate violate) : violate_(std::move(violate)) {}

    std::vector<int> take(const simtest::TakenEntry& taken) override;
    void takeChunk(const engine::DatasetRecord& record, BytesView chunk, bool first) override;
    void takeCut(const engine::DatasetRecord& record) override;
    [[nodiscard]] std::vector<simtest::ShownRow> shown(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::vector<simtest::ShownRow> shownEverywhere(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::set<std::string> unlike(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::optional<simtest::SimWrite> makeRoom(const engine::DatasetRecord& record,
                                                            const engine::PayloadView& view, int id) const override;

private:
    using Rows = std::map<std::string, std::string>;  ///< without those that are gone
    struct Books {
        Rows rows;
        Rows arriving;                     ///< of a cut
        std::set<std::string> passedOver;  ///< rows of entries that were skipped here
    };
    struct Due {
        engine::Verdict verdict = engine::Verdict::Apply;
        Rows changed;  ///< image empty = gone
    };
    [[nodiscard]] static Due decide(const Rows& rows, const std::vector<ToyOrder>& orders);
    void check(const simtest::TakenEntry& taken, const Due& due, const Rows& effect);

    Violate violate_;
    std::map<std::uint32_t, Books> books_;  ///< by dataset
};

/// The key of the row that an order changes.
[[nodiscard]] std::string keyOf(const ToyOrder& order);

}  // namespace tributary::toy
