// A control client over a socket: what terminals and runbooks use to reach a cluster in any process.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "engine/net/blockingchannel.h"
#include "engine/node/controlclient.h"
#include "engine/security/tlsstream.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// Blocking; one thread at a time. Answers that arrive out of order are kept until they are asked for.
class SocketControlClient final : public ControlClient {
public:
    struct Options {
        Endpoint endpoint;
        std::string cluster;
        Bytes key;  ///< of that cluster
        std::string user;
        Millis connectTimeoutMs = 5'000;
        /// Certificates for doors with Endpoint::tls; this end presents that of the door's own cluster. Null = none.
        std::shared_ptr<const TlsSource> tls = nullptr;
    };
    /// Connects, proves the key, and greets. Errors: Unavailable (nobody listens), PermissionDenied (the other end does
    /// not know the key, or refuses the user), Timeout.
    static Result<std::unique_ptr<SocketControlClient>> connect(const Options& options);
    /// The same through another cluster, so that everything passes the network between the two: `options` lead to the
    /// cluster to stand at, `cluster` is the one to speak with, `key` its key. Errors also: Unavailable (cannot be
    /// reached from there). `tls`: certificates of `cluster`, of use where its door speaks TLS.
    static Result<std::unique_ptr<SocketControlClient>> connectThrough(const Options& options,
                                                                       const std::string& cluster, const Bytes& key,
                                                                       std::shared_ptr<const TlsSource> tls = nullptr);

    Result<Bytes> call(Method method, BytesView body, Millis timeoutMs) override;
    Status send(Method method, BytesView body) override;
    Result<Bytes> receive(Millis timeoutMs) override;
    [[nodiscard]] const std::string& cluster() const override { return cluster_; }

private:
    static constexpr std::size_t kAnswerHeadBytes = 64;  ///< what stands around an answer in its frame

    SocketControlClient(BlockingChannel channel, std::string cluster)
        : channel_(std::move(channel)), cluster_(std::move(cluster)) {}
    Status secure(const Options& options, Millis timeoutMs);
    Status put(BytesView bytes);
    Result<Bytes> get(Millis timeoutMs);
    Status prove(const Options& options, Millis timeoutMs);
    Status greet(const Options& options, const std::string& from);
    Result<std::uint64_t> sendRequest(Method method, BytesView body);
    Result<Bytes> waitFor(std::uint64_t id, Millis timeoutMs);
    Result<Frame> nextFrame(Millis timeoutMs);

    /// Lets the wire know the session of TLS.
    class TlsView;

    BlockingChannel channel_;
    std::optional<TlsStream> tls_;
    std::string cluster_;
    Wire wire_;
    std::uint64_t nextId_ = 1;
    std::deque<std::uint64_t> pipelined_;
    std::map<std::uint64_t, Result<Bytes>> early_;
    bool broken_ = false;
};

}  // namespace tributary::engine
