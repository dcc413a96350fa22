// The receiving half of a node's links: who may send, what is a duplicate, what is logged.
#pragma once

#include "engine/catalog/datasetrecord.h"
#include "engine/log/commitlog.h"
#include "engine/node/durablewaiters.h"
#include "engine/replication/clockwatch.h"
#include "engine/replication/hlc.h"
#include "engine/replication/payload.h"
#include "engine/replication/receiverhost.h"

namespace tributary::engine {

class Node;
struct DatasetRuntime;

/// Takes payloads from the sessions of all gateways. Executor's thread only; a part of its node.
class Receiver final : public ReceiverHost {
public:
    Receiver(Node& node, Hlc& clock, DurableWaiters& waiters) : node_(node), clock_(clock), waiters_(waiters) {}

    std::variant<Agreement, Refusal> agree(const Hello& hello) override;
    std::optional<Refusal> stands(const Hello& hello) override;
    Result<Accepted> receive(std::uint32_t datasetId, std::uint32_t upstreamIdx, BytesView payload) override;
    Result<Accepted> skip(std::uint32_t datasetId, std::uint32_t upstreamIdx, const Skip& skip) override;
    Result<Accepted> ended(std::uint32_t datasetId, std::uint32_t upstreamIdx, const LifeEnd& end) override;
    Result<Accepted> cutPart(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part) override;
    void whenDurable(Lsn lsn, Done done) override;
    void whenPositionsDurable(Done done) override;
    [[nodiscard]] bool overloaded() const override;

    /// Which links are held because their stamps lie too far ahead.
    [[nodiscard]] ClockWatch& clocks() { return clocks_; }

private:
    struct Arrived {
        EntryKind kind = EntryKind::Data;
        std::uint32_t datasetId = 0;
        std::uint32_t upstreamIdx = 0;
        std::uint32_t operations = 0;
        Verdict verdict = Verdict::Apply;
    };
    Lsn log(const Arrived& arrived, Bytes payload);
    [[nodiscard]] Error gone() const;
    [[nodiscard]] Error strangeKind(const DatasetRecord& record, std::uint8_t number) const;
    /// Errors: Conflict (a gap waits), Corrupt.
    Status checkLanes(const DatasetKind& kind, const DatasetRuntime& runtime, const PayloadView& view) const;
    /// Holds the link when the stamp lies beyond what a clock may drift.
    Status checkClock(const DatasetRecord& dataset, std::uint32_t upstreamIdx, Stamp stamp);

    Node& node_;
    Hlc& clock_;
    DurableWaiters& waiters_;
    ClockWatch clocks_{kStampDriftMsMax};
};

}  // namespace tributary::engine
