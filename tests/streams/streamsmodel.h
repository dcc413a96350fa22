// What the rows of a node's streams must be: the batches of its log, placed again by rules that are written apart.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/systems/maprdb/streams/streambody.h"
#include "tests/sim/simkind.h"

namespace tributary::streams {

/// "topic/partition", in the order of a scan.
[[nodiscard]] std::string placeText(BytesView topic, std::uint32_t partition);
[[nodiscard]] std::string offsetText(std::uint64_t offset);

/// Oracle *offsets*: what is written here gets the next offsets, none is given twice, none is passed over; what comes
/// keeps its own; where two origins meet neither loses a message.
class StreamsModel final : public simtest::KindModel {
public:
    explicit StreamsModel(Violate violate) : violate_(std::move(violate)) {}

    std::vector<int> take(const simtest::TakenEntry& taken) override;
    [[nodiscard]] std::vector<simtest::ShownRow> shown(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::vector<simtest::ShownRow> shownEverywhere(const engine::DatasetRecord& record) const override;
    [[nodiscard]] std::set<std::string> unlike(const engine::DatasetRecord&) const override { return {}; }
    [[nodiscard]] std::optional<simtest::SimWrite> makeRoom(const engine::DatasetRecord&, const engine::PayloadView&,
                                                            int) const override {
        return std::nullopt;
    }

private:
    struct Message {
        Uuid origin;
        std::string text;
        std::uint64_t last = 0;  ///< of its batch
    };
    struct Partition {
        std::map<std::uint64_t, Message> messages;                                ///< by offset
        std::map<std::tuple<std::uint64_t, Uuid, std::uint64_t>, Message> apart;  ///< by last, origin, offset
        std::set<Uuid> strangers;                                                 ///< origins that met another one here
    };
    struct Stream {
        std::map<std::string, Partition> partitions;
        std::map<std::string, std::pair<Stamp, std::uint64_t>> cursors;
    };
    void place(const simtest::TakenEntry& taken, const engine::maprdb::BatchView& batch, std::vector<int>& ops);

    Violate violate_;
    std::map<std::uint32_t, Stream> streams_;
};

}  // namespace tributary::streams
