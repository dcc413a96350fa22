// Requests to another cluster through its gateways: what a source does at a replica that it sets up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/replication/linkroute.h"
#include "engine/wire/greeting.h"

namespace tributary::engine {

/// One connection to whichever gateway answers, dialled with the first call. Once it is lost, or an answer did not come
/// in time, every call fails: the owner makes another. No callback runs inside call(); none after its end. It may not
/// be destroyed inside one. Executor's thread only.
class GatewayCalls {
public:
    using Answered = std::function<void(Result<Bytes>)>;

    /// `hello` says whose set-up it is: user and source. `gateways`: their names, empty = those as drawn.
    GatewayCalls(Seams& seams, const LinkConfig& config, std::string cluster, std::vector<std::string> gateways,
                 Hello hello);
    ~GatewayCalls();
    GatewayCalls(const GatewayCalls&) = delete;
    GatewayCalls& operator=(const GatewayCalls&) = delete;

    /// Errors (through `answered`): what the cluster said, Unavailable (code in `where`), Timeout.
    void call(std::uint16_t method, BytesView body, Answered answered);
    /// The gateway in use, for people; empty = none yet.
    [[nodiscard]] const std::string& host() const { return host_; }

private:
    struct Waiting {
        Answered answered;
        TimerId timer = 0;
    };
    void dialNext();
    void onBytes(BytesView bytes);
    void onFrame(const Frame& frame);
    void passOver(const Error& why);
    void fail(Error error);
    void sendQueued();

    Seams& seams_;
    const LinkConfig& config_;
    std::string cluster_;
    std::vector<std::string> gateways_;
    Hello hello_;
    LinkRoute route_;
    std::string host_;
    Wire wire_;
    std::unique_ptr<Connection> connection_;
    bool begun_ = false;
    bool greeted_ = false;  ///< the gateway has said yes
    std::uint64_t nextId_ = 1;
    std::map<std::uint64_t, Waiting> waiting_;
    std::deque<Bytes> queue_;  ///< requests that wait for the greeting
    Error failed_;             ///< no text = it has not
    TimerId timer_ = 0;        ///< of the greeting
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
