// One replica that is being set up: its steps, its copy, and what stands in the way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/catalog/datasetrecord.h"
#include "engine/replication/gatewaycalls.h"
#include "engine/replication/linktrouble.h"
#include "engine/replication/setupkind.h"

namespace tributary::engine {

class Node;
class Setups;

/// Lives as long as the record asks for it. Executor's thread only.
class SetupRun {
public:
    /// `session`: what its requests at the source belong to.
    SetupRun(Node& node, Setups& setups, std::uint32_t datasetId, std::uint32_t replicaIdx, std::uint64_t session);
    ~SetupRun();
    SetupRun(const SetupRun&) = delete;
    SetupRun& operator=(const SetupRun&) = delete;

    /// Does what is next, if nothing is under way. `mayCopy`: it is its turn. Not from within its own callbacks.
    void go(bool mayCopy);
    [[nodiscard]] bool copying() const { return work_ != nullptr; }
    /// Of the copy; -1 = none runs.
    [[nodiscard]] std::int32_t percent() const { return work_ == nullptr ? -1 : work_->figures().percent(); }
    void addTrouble(const ReplicaRecord& replica, LinkStatus& status) const;

private:
    using Answered = std::function<void(Result<Bytes>)>;
    using Edit = std::function<void(ReplicaRecord&)>;
    [[nodiscard]] const DatasetRecord* dataset() const;
    [[nodiscard]] const ReplicaRecord* replica() const;
    [[nodiscard]] const SetupKind& kind() const;
    void send(bool atSource, std::uint16_t method, const Bytes& body, Answered answered);
    GatewayCalls& gateway();
    void change(Edit edit);
    void advance(ReplicaState state);
    void beginSteps(std::vector<SetupCall> steps);
    void nextStep();
    void stepsDone();
    void beginCopy();
    void pump();
    void paced(std::size_t bytes);
    void answered(std::uint64_t id, Result<Bytes> answer);
    void save(bool evenNow);
    void failed(const Error& error);
    void rest();
    void letGo();

    Node& node_;
    Setups& setups_;
    std::uint32_t datasetId_;
    std::uint32_t replicaIdx_;
    std::uint64_t session_;
    std::unique_ptr<GatewayCalls> gateway_;
    std::unique_ptr<CopyWork> work_;
    std::vector<SetupCall> steps_;
    std::size_t stepAt_ = 0;
    bool stepping_ = false;
    bool changing_ = false;         ///< a change of the record is under way
    std::uint64_t generation_ = 0;  ///< answers to what was asked before a failure are nobody's
    LinkTrouble trouble_;
    TimerId retryTimer_ = 0;
    TimerId paceTimer_ = 0;
    Micros notBeforeUs_ = 0;  ///< monotonic: the copy has sent its share until then
    Millis savedMs_ = 0;      ///< monotonic: when the record last learned how far the copy is
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
