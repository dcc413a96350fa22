// The load of streams, and which bugs their oracle must see.
#include "tests/streams/streamssim.h"

#include <fmt/format.h>

#include "engine/systems/maprdb/maprdbkinds.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamrows.h"
#include "engine/systems/maprdb/streams/streamschema.h"
#include "tests/sim/simbugs.h"
#include "tests/streams/streamsmodel.h"

namespace tributary::streams {

using namespace engine;
using namespace engine::maprdb;
using namespace simtest;

namespace {

constexpr std::uint32_t kPartitions = 2;

void crashes(Plan& plan) {
    plan.swarm.kills = plan.swarm.powerCuts = true;
    plan.snapshotEveryMs = 250;
}

class StreamsSim final : public SimKind {
public:
    std::string name() const override { return "streams"; }
    std::shared_ptr<const NodeKinds> nodeKinds() const override { return maprdbKinds(); }
    std::string pathOf(int host, const std::string& dataset) const override {
        return fmt::format("/mapr/c{}/{}", host, dataset);
    }
    SchemaPtr newSchema(const Uuid& uuid) const override {
        StreamSchema stream;
        stream.uuid = uuid;
        stream.attributes = {{"ttl", "0"}, {"defaultpartitions", std::to_string(kPartitions)}};
        for (const char* perm : {"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"}) {
            stream.perms[perm] = "p";
        }
        return makeStream(std::move(stream));
    }
    std::vector<Profile> profiles() const override { return {Profile::Pair, Profile::Ring, Profile::Mesh}; }
    const std::vector<SeededBug>& bugs() const override {
        static const std::vector<SeededBug> kBugs{
            {"bug-decided-on-published", "offsets", Profile::Pair, 20, [](Plan&) {}},
            {"bug-effect-lost-in-replay", "state", Profile::Pair, 40, crashes},
        };
        return kBugs;
    }
    void shape(Plan& plan) const override {
        plan.durability = Durability::Fsync;  // streams are made with no other
        // What was logged while a link was gone comes by a copy only, and what is behind it waits for that.
        plan.swarm.schemaEdits = plan.swarm.filterEdits = plan.swarm.replicaEdits = false;
    }

    SimWrite write(sim::SimRandom& random, const Plan& plan, int id) const override {
        Bytes list;
        const std::int64_t count = random.between(1, 3);
        for (std::int64_t i = 0; i < count; ++i) {
            const std::string value = fmt::format("o{} message {}", id, i);
            appendMessage(list, {{}, value, 0, {}});
        }
        const std::string topic = fmt::format("t{}", random.below(static_cast<std::uint64_t>(plan.hotKeys)));
        const auto partition = static_cast<std::uint32_t>(random.below(kPartitions));
        Bytes body;
        appendPart(body, StreamPart::Produce,
                   encodeProduce({topic, partition, static_cast<std::uint64_t>(count), list}));
        if (random.oneIn(4)) appendCursor(body, {"readers", topic, partition, random.below(1'000), 0});
        return {body, true, fmt::format("{} messages", count)};
    }
    std::unique_ptr<KindModel> makeModel(KindModel::Violate violate) const override {
        return std::make_unique<StreamsModel>(std::move(violate));
    }
    void show(const StoredRow& row, const FoldContext&, std::vector<ShownRow>& out) const override {
        if (row.key.starts_with('g')) {
            const CursorPlace place = cursorPlaceOf(row.key).value();
            out.push_back({fmt::format("g/{}/{}", place.group, placeText(place.topic, place.partition)),
                           offsetText(cursorFrom(row.record).value().offset.value_or(0))});
            return;
        }
        if (!row.key.starts_with('c') && !row.key.starts_with('m')) return;
        const BatchView batch = parseBatchHead(batchFrom(row.record).value()).value();
        const std::string place = placeText(batch.topic, batch.partition);
        const std::string origin = batch.origin.text();
        ByteReader reader(batch.messages);
        for (std::uint64_t offset = batch.first; offset < batch.end(); ++offset) {
            const std::string text(readMessage(reader).value);
            if (row.key.starts_with('m')) {
                out.push_back({fmt::format("m/{}/{}", place, offsetText(offset)), origin + text});
            } else {
                out.push_back(
                    {fmt::format("c/{}/{}/{}/{}", place, offsetText(batch.end() - 1), origin, offsetText(offset)),
                     text});
            }
        }
    }

    bool editSchema(DatasetRecord&) const override { return false; }
    bool repairSchema(DatasetRecord&) const override { return false; }
    bool hasDropped(const DatasetRecord&) const override { return false; }
    bool mayHaveGone(const DatasetRecord&, const PayloadView&, Lsn) const override { return false; }
    bool comesAndGoes(const PayloadView&) const override { return false; }
    bool mayTravel(const PayloadView&) const override { return true; }
    std::vector<std::string> drawFilters(sim::SimRandom&) const override { return {"", "", ""}; }
    std::string drawFilter(sim::SimRandom&) const override { return {}; }
    std::optional<std::string> left(const std::string& one, const std::string&) const override { return one; }
    bool lets(const std::string&, const std::string&) const override { return false; }
};

}  // namespace

const SimKind& inSim() {
    static const StreamsSim kStreams;
    return kStreams;
}

}  // namespace tributary::streams
