// Listens to every stream and judges the protocol by what is said: who was let in, what was sent where, what was
// promised.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/replication/linkkind.h"
#include "engine/sim/simworld.h"
#include "engine/wire/frames.h"

namespace tributary::simtest {

/// What the oracle asks about a host when it speaks.
struct HostFacts {
    /// True when the host, which let in the dialler, has its half of the agreement. Greetings are as sources say them.
    std::function<bool(int host, const engine::Hello& hello)> agreed;
    /// True when published entries of the host's log hold these payloads of the table (its uuid given), or say that
    /// they are skipped.
    std::function<bool(int host, const Uuid& table, const engine::Lane& lane, std::uint64_t from, std::uint64_t to)>
        logged;
    /// True when the payload speaks of what the host's dataset has dropped since it logged it.
    std::function<bool(int host, const Uuid& table, const engine::PayloadView& payload)> dropped;
    /// True when the filter of the host's link between the two tables, as it was when the host logged the payload,
    /// lets through all that the payload's projection may hold.
    std::function<bool(int host, const engine::Hello& hello, const engine::PayloadView& payload)> allowed;
    /// True when nothing of the payload was to stay where it was written.
    std::function<bool(const engine::PayloadView& payload)> mayTravel;
};

class WireOracle final : public engine::sim::NetworkTap {
public:
    WireOracle(HostFacts facts, const engine::LinkKind& links) : facts_(std::move(facts)), links_(links) {}

    void sent(const engine::sim::StreamInfo& stream, bool byDialler, BytesView bytes) override;
    void delivered(const engine::sim::StreamInfo& stream, bool byDialler, BytesView bytes) override;
    /// A host begins a new life: what it had promised about sessions is forgotten.
    void restarted(int host);

    /// True when the payload has reached the host, whatever became of it there.
    [[nodiscard]] bool reached(const Uuid& table, const engine::Lane& lane, std::uint64_t sequence) const;
    /// The same in any projection: a part of it may have been dropped since.
    [[nodiscard]] bool reachedInPart(const Uuid& table, const engine::Lane& lane, std::uint64_t sequence) const;
    [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }
    [[nodiscard]] std::uint64_t payloadsSent() const { return payloadsSent_; }

private:
    struct Said {
        engine::Lane lane;
        std::uint64_t from = 0;
        std::uint64_t to = 0;
    };
    struct Stream {
        engine::FrameReader dialler;                          ///< as sent
        engine::FrameReader acceptor;                         ///< as sent
        engine::FrameReader arriving;                         ///< of the source, as delivered
        std::optional<engine::Hello> hello;                   ///< as the source would say it, whoever dialled
        std::map<std::uint64_t, std::vector<Said>> payloads;  ///< by session sequence
        std::uint64_t next = 1;
        std::uint64_t durable = 0;
        bool accepted = false;
    };
    void toStranger(const engine::sim::StreamInfo& info, Stream& stream, bool byDialler, BytesView bytes);
    /// The end that sends payloads dials.
    [[nodiscard]] bool sourceDials() const { return links_.dials() == engine::Dials::Source; }
    [[nodiscard]] int sourceOf(const engine::sim::StreamInfo& info) const;
    [[nodiscard]] int replicaOf(const engine::sim::StreamInfo& info) const;
    void onHello(Stream& stream, const engine::Frame& frame);
    void onFrame(const engine::sim::StreamInfo& info, Stream& stream, bool bySource, const engine::Frame& frame);
    void fromSource(const engine::sim::StreamInfo& info, Stream& stream, const engine::Heard& heard);
    void letIn(const engine::sim::StreamInfo& info, Stream& stream);
    void onBatch(const engine::sim::StreamInfo& info, Stream& stream, const engine::Batch& batch);
    void onPayload(const engine::sim::StreamInfo& info, const engine::Hello& hello, const engine::PayloadView& view);
    void onGreeting(const engine::sim::StreamInfo& info, const Stream& stream, const engine::HelloOk& ok);
    void onAck(const engine::sim::StreamInfo& info, Stream& stream, const engine::Ack& ack);
    void cutReached(const engine::Hello& hello, const engine::CutPart& part);
    void violate(const std::string& what);

    HostFacts facts_;
    const engine::LinkKind& links_;
    std::map<std::uint64_t, Stream> streams_;
    std::map<std::pair<Uuid, Uuid>, std::uint64_t> newestEpoch_;  ///< accepted in the door's present life
    std::map<std::pair<Uuid, Uuid>, int> acceptor_;
    std::set<std::tuple<Uuid, engine::Lane, std::uint64_t>> reached_;
    std::optional<std::string> violation_;
    std::uint64_t payloadsSent_ = 0;
    std::map<std::tuple<Uuid, engine::Lane, std::uint64_t>, int> sends_;  ///< to a table
};

}  // namespace tributary::simtest
