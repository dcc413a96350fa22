// Greeting, requests, answers.
#include "engine/host/socketcontrolclient.h"

#include <fmt/format.h>

#include "core/base/hostport.h"
#include "core/base/limits.h"
#include "engine/machine/realrandom.h"
#include "engine/wire/greeting.h"
#include "engine/wire/requests.h"

namespace tributary::engine {

namespace {

constexpr Millis kRelayOpenTimeoutMs = 10'000;  // the relaying cluster gives up earlier, and says why
constexpr Millis kRelayGreetTimeoutMs = 6'000;  // there and back over the network between the two

Error refusedGreeting(const Frame& frame, const SocketControlClient::Options& options) {
    if (frame.type != FrameType::Refused) {
        return {ErrorCode::Corrupt, "the cluster's greeting is malformed", options.endpoint.text(), {}};
    }
    const auto refusal = decodeRefusal(frame.body);
    if (!refusal) return refusal.error();
    // A process of an earlier version takes a challenge for a malformed greeting.
    const bool version = refusal.value().code == kErrVersion || refusal.value().code == kErrProtocol;
    const bool unknown = refusal.value().code == kErrUnknownUser;
    const std::string& name = options.cluster;
    const std::string where = fmt::format("cluster {}", name);
    std::string what = refusal.value().message;
    if (what.starts_with(where + " ")) what.replace(0, where.size(), "it");  // the place is told once
    return {ErrorCode::PermissionDenied, what, where,
            version   ? "use the same version of tributary at both ends"
            : unknown ? fmt::format("add the user to users: of {} in topology.yaml, then tributary down --cluster {} "
                                    "and tributary up --cluster {}",
                                    name, name, name)
                      : ""};
}

/// People read the sentence; the code is for links.
Error withoutCode(Error error) {
    error.where.clear();
    return error;
}

}  // namespace

Result<std::unique_ptr<SocketControlClient>> SocketControlClient::connect(const Options& options) {
    auto channel = BlockingChannel::connect(options.endpoint, options.connectTimeoutMs);
    if (!channel) return channel.error();
    std::unique_ptr<SocketControlClient> client(new SocketControlClient(std::move(channel).value(), options.cluster));
    if (Status greeted = client->greet(options, {}); !greeted) return greeted.error();
    return client;
}

Result<std::unique_ptr<SocketControlClient>> SocketControlClient::connectThrough(const Options& options,
                                                                                 const std::string& cluster,
                                                                                 const Bytes& key,
                                                                                 std::shared_ptr<const TlsSource> tls) {
    auto client = connect(options);
    if (!client) return client.error();
    const Json body{{"cluster", cluster}};
    const auto opened = client.value()->callJson(Method::Relay, body, kRelayOpenTimeoutMs);
    const auto unreachable = [&](const std::string& why) {
        return Error{ErrorCode::Unavailable,
                     fmt::format("cluster {} cannot be reached from cluster {}: {}", cluster, options.cluster, why),
                     {},
                     "tributary fault list, tributary status"};
    };
    if (!opened) {
        Error error = opened.error();
        const std::string prefix = fmt::format("cluster {} cannot be reached: ", cluster);
        return unreachable(error.what.starts_with(prefix) ? error.what.substr(prefix.size()) : error.what);
    }
    // The far door, as the near cluster dialled it; what stands there proves it.
    const auto place = parseHostPort(opened.value().value("place", ""));
    if (!place) return unreachable("it did not say where it is");
    Options there = options;
    there.endpoint = Endpoint{place->host, place->port, {}, cluster};
    there.endpoint.tls = opened.value().value("tls", false);
    there.tls = std::move(tls);
    there.cluster = cluster;
    there.key = key;
    there.connectTimeoutMs = kRelayGreetTimeoutMs;
    client.value()->cluster_ = cluster;
    if (Status greeted = client.value()->greet(there, options.cluster); !greeted) {
        if (greeted.error().code == ErrorCode::PermissionDenied) return greeted.error();
        return unreachable(greeted.error().code == ErrorCode::Timeout ? "no answer in time" : greeted.error().what);
    }
    return client;
}

/// Says who the client is, and from which cluster it comes (empty: from nowhere, the network does not count).
Status SocketControlClient::greet(const Options& options, const std::string& from) {
    if (options.endpoint.tls) {
        if (Status secured = secure(options, options.connectTimeoutMs); !secured) return secured;
    }
    if (Status proved = prove(options, options.connectTimeoutMs); !proved) return proved;
    Hello hello;
    hello.kind = ConnectionClass::Control;
    hello.user = options.user;
    hello.fromCluster = from;
    if (Status sent = put(wire_.seal(FrameType::Hello, encodeHello(hello))); !sent) return sent;
    const auto frame = nextFrame(options.connectTimeoutMs);
    if (!frame) return frame.error();
    if (frame.value().type == FrameType::HelloOk) return okStatus();
    return refusedGreeting(frame.value(), options);
}

/// A connection for the wire to look at, which has nothing but its session.
class SocketControlClient::TlsView final : public Connection {
public:
    explicit TlsView(const TlsStream& stream) : stream_(stream) {}
    void send(Bytes) override {}
    void send(std::shared_ptr<const Bytes>) override {}
    [[nodiscard]] std::size_t queuedBytes() const override { return 0; }
    void pauseReading(bool) override {}
    void close() override {}
    [[nodiscard]] const TlsSession* tls() const override { return &stream_.session(); }

private:
    const TlsStream& stream_;
};

/// Ends with both ends agreed, or tells why they do not.
Status SocketControlClient::secure(const Options& options, Millis timeoutMs) {
    const auto placed = [&](Error error) {
        if (error.where.empty()) error.where = options.endpoint.text();
        return error;
    };
    auto stream = TlsStream::dialling(options.tls != nullptr ? *options.tls : TlsSource{}, options.cluster);
    if (!stream) return placed(stream.error());
    while (!stream.value().isOpen()) {
        if (const Bytes said = stream.value().takeOutput(); !said.empty()) {
            if (Status sent = channel_.send(said); !sent) return sent;
        }
        auto bytes = channel_.receiveSome(timeoutMs);
        if (!bytes) return bytes.error();
        if (Status fed = stream.value().feed(bytes.value()); !fed) {
            (void)channel_.send(stream.value().takeOutput());  // the alert; that it is told is a courtesy
            return placed(fed.error());
        }
    }
    tls_.emplace(std::move(stream).value());
    return okStatus();
}

Status SocketControlClient::put(BytesView bytes) {
    if (!tls_) return channel_.send(bytes);
    tls_->send(bytes);
    return channel_.send(tls_->takeOutput());
}

/// Some bytes, as BlockingChannel::receiveSome; behind TLS the waiting begins anew with each of its records.
Result<Bytes> SocketControlClient::get(Millis timeoutMs) {
    while (tls_) {
        if (Bytes plain = tls_->takePlain(); !plain.empty()) return plain;
        auto bytes = channel_.receiveSome(timeoutMs);
        if (!bytes) return bytes.error();
        if (Status fed = tls_->feed(bytes.value()); !fed) return fed.error();
    }
    return channel_.receiveSome(timeoutMs);
}

/// Ends with an open wire, or tells why there is none.
Status SocketControlClient::prove(const Options& options, Millis timeoutMs) {
    RealRandom random;
    wire_ =
        Wire::dialling(wireDoorOf(options.endpoint, options.cluster), ConnectionClass::Control, options.key, random);
    if (tls_) wire_.bind(TlsView(*tls_));
    while (true) {
        if (const Bytes said = wire_.takeOutput(); !said.empty()) {
            if (Status sent = put(said); !sent) return sent;
        }
        if (wire_.isOpen()) break;
        const auto frame = wire_.next();
        if (!frame) return withoutCode(frame.error());
        if (frame.value()) return refusedGreeting(*frame.value(), options);
        if (wire_.isOpen()) continue;
        auto bytes = get(timeoutMs);
        if (!bytes) return bytes.error();
        wire_.feed(bytes.value());
    }
    wire_.setFrameBytesMax(limits::kAnswerBytesMax + kAnswerHeadBytes);
    return okStatus();
}

Result<Frame> SocketControlClient::nextFrame(Millis timeoutMs) {
    while (true) {
        auto frame = wire_.next();
        if (!frame) {
            broken_ = true;
            return frame.error();
        }
        if (frame.value()) return *frame.value();
        auto bytes = get(timeoutMs);
        if (!bytes) {
            if (bytes.error().code != ErrorCode::Timeout) broken_ = true;
            return bytes.error();
        }
        wire_.feed(bytes.value());
    }
}

Result<std::uint64_t> SocketControlClient::sendRequest(Method method, BytesView body) {
    if (broken_) {
        return Error{ErrorCode::Unavailable,
                     fmt::format("the connection to cluster {} is lost", cluster_),
                     {},
                     "tributary status"};
    }
    // Told here: a cluster that meets too large a frame can only hang up.
    if (Status fits = limits::check("request", body.size(), "a request"); !fits) return fits.error();
    Request request;
    request.id = nextId_++;
    request.method = static_cast<std::uint16_t>(method);
    request.body = body;
    if (Status sent = put(wire_.seal(FrameType::Request, encodeRequest(request))); !sent) {
        broken_ = true;
        return sent.error();
    }
    return request.id;
}

Result<Bytes> SocketControlClient::waitFor(std::uint64_t id, Millis timeoutMs) {
    while (true) {
        const auto kept = early_.find(id);
        if (kept != early_.end()) {
            Result<Bytes> answer = std::move(kept->second);
            early_.erase(kept);
            return answer;
        }
        const auto frame = nextFrame(timeoutMs);
        if (!frame) return frame.error();
        if (frame.value().type != FrameType::Response) continue;
        auto response = decodeResponse(frame.value().body);
        if (!response) return response.error();
        if (response.value().ok) {
            early_.emplace(response.value().id, Bytes(response.value().body));
        } else {
            early_.emplace(response.value().id, response.value().error);
        }
    }
}

Result<Bytes> SocketControlClient::call(Method method, BytesView body, Millis timeoutMs) {
    const auto id = sendRequest(method, body);
    if (!id) return id.error();
    return waitFor(id.value(), timeoutMs);
}

Status SocketControlClient::send(Method method, BytesView body) {
    const auto id = sendRequest(method, body);
    if (!id) return id.error();
    pipelined_.push_back(id.value());
    return okStatus();
}

Result<Bytes> SocketControlClient::receive(Millis timeoutMs) {
    if (pipelined_.empty()) return Error{ErrorCode::Internal, "nothing was sent that is still unanswered", {}, {}};
    const std::uint64_t id = pipelined_.front();
    auto answer = waitFor(id, timeoutMs);
    if (answer.ok() || answer.error().code != ErrorCode::Timeout) pipelined_.pop_front();
    return answer;
}

}  // namespace tributary::engine
