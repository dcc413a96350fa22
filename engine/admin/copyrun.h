// Runs a copy from the asking process: requests to two clusters, several under way, answers in order.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "engine/admin/tableadmincalls.h"
#include "engine/dataset/copywork.h"

namespace tributary::engine::maprdb {

/// One run. Single use; blocks; whatever happens, no answer is left unread on the clients.
class CopyRun {
public:
    /// After each acknowledged write; a Bytes value is a body for a request of `note`, sent along at the source.
    using OnProgress = std::function<Result<std::optional<Bytes>>()>;

    CopyRun(ClusterCalls& calls, std::shared_ptr<ControlClient> src, std::shared_ptr<ControlClient> dst, CopyWork& work,
            Method note, OnProgress onProgress);

    Status run();

private:
    struct Lane {
        std::shared_ptr<ControlClient> client;
        std::deque<std::uint64_t> sent;  // in the order in which the answers come; 0 = a note
    };

    Status loop();
    Status sendAll();
    Status takeAnswer(Lane& lane);
    void drain(Lane& lane);

    ClusterCalls& calls_;
    Lane src_;
    Lane dstOwn_;  // unused when both lie behind one client: answers of one connection come in one order
    Lane& dst_;
    CopyWork& work_;
    Method note_;
    OnProgress onProgress_;
    std::size_t asked_ = 0;  ///< requests of the work that the source has not answered
    std::uint64_t bytesTold_ = 0;
};

}  // namespace tributary::engine::maprdb
