// Dialling gateways in turn, greeting, sending requests and sorting their answers.
#include "engine/replication/gatewaycalls.h"

#include <fmt/format.h>

#include <utility>

#include "core/base/limits.h"
#include "engine/wire/requests.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kHeadBytesMax = 4'096;  // of a frame, around an answer

}  // namespace

GatewayCalls::GatewayCalls(Seams& seams, const LinkConfig& config, std::string cluster,
                           std::vector<std::string> gateways, Hello hello)
    : seams_(seams),
      config_(config),
      cluster_(std::move(cluster)),
      gateways_(std::move(gateways)),
      hello_(std::move(hello)),
      route_(seams, config) {
    hello_.kind = ConnectionClass::Setup;
}

GatewayCalls::~GatewayCalls() {
    *alive_ = false;
    seams_.timers.cancel(timer_);
    for (auto& [id, waiting] : waiting_) seams_.timers.cancel(waiting.timer);
}

void GatewayCalls::call(std::uint16_t method, BytesView body, Answered answered) {
    const std::uint64_t id = nextId_++;
    waiting_[id] = Waiting{std::move(answered), 0};
    if (!failed_.what.empty()) {
        fail(failed_);
        return;
    }
    Request request;
    request.id = id;
    request.method = method;
    request.body = body;
    queue_.push_back(encodeRequest(request));
    waiting_[id].timer = seams_.timers.after(config_.setupAnswerMs, [this, id] {
        waiting_[id].timer = 0;
        fail({ErrorCode::Timeout,
              fmt::format("{} has not answered for {} ms", host_.empty() ? cluster_ : host_, config_.setupAnswerMs),
              "ErrGatewayTimeout",
              {}});
    });
    if (greeted_) {
        sendQueued();
        return;
    }
    if (begun_) return;
    begun_ = true;
    if (route_.begin(cluster_, gateways_)) {
        dialNext();
    } else {
        fail(route_.failure());
    }
}

void GatewayCalls::dialNext() {
    if (route_.exhausted()) {
        fail(route_.failure());
        return;
    }
    auto dialled = route_.dial(ConnectionClass::Setup);
    if (!dialled) {
        fail(dialled.error());
        return;
    }
    host_ = dialled.value().host;
    wire_ = std::move(dialled.value().wire);
    connection_ = std::move(dialled.value().connection);
    connection_->onConnected = [this] {
        wire_.bind(*connection_);
        connection_->send(wire_.takeOutput());
    };
    connection_->onBytes = [this](BytesView bytes) { onBytes(bytes); };
    connection_->onClosed = [this](const Error& error) {
        if (greeted_) {
            fail({ErrorCode::Unavailable,
                  fmt::format("the connection to {} is lost: {}", host_, error.what),
                  "ErrConnectionLost",
                  {}});
        } else {
            passOver(error);
        }
    };
    seams_.timers.cancel(timer_);
    timer_ = seams_.timers.after(config_.peerTimeoutMs, [this] {
        timer_ = 0;
        passOver({ErrorCode::Timeout, "no answer in time", {}, {}});
    });
}

/// The next gateway, in a later turn: the connection may not die inside its own callback.
void GatewayCalls::passOver(const Error& why) {
    if (LinkRoute::tells(why)) route_.unproven(why);
    if (connection_ == nullptr) return;
    connection_->onBytes = nullptr;
    connection_->onClosed = nullptr;
    connection_->onConnected = nullptr;
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(connection_));
    seams_.executor.post([this, alive = alive_, old] {
        old->reset();
        if (*alive && connection_ == nullptr && failed_.what.empty()) dialNext();
    });
}

void GatewayCalls::onBytes(BytesView bytes) {
    wire_.feed(bytes);
    while (connection_ != nullptr && failed_.what.empty()) {
        const bool wasProven = wire_.isOpen();
        const auto frame = wire_.next();
        if (!wasProven && wire_.isOpen()) {
            connection_->send(wire_.takeOutput());
            wire_.setFrameBytesMax(limits::kAnswerBytesMax + kHeadBytesMax);
            connection_->send(wire_.seal(FrameType::Hello, encodeHello(hello_)));
        }
        if (!frame) {
            passOver(frame.error());
            return;
        }
        if (!frame.value()) return;
        if (!wire_.isOpen()) {
            passOver(LinkRoute::strangersRefusal(host_, frame.value()->body));
            return;
        }
        onFrame(*frame.value());
    }
}

void GatewayCalls::onFrame(const Frame& frame) {
    if (frame.type == FrameType::Refused) {
        const auto refusal = decodeRefusal(frame.body);
        fail({ErrorCode::PermissionDenied,
              refusal ? refusal.value().message : "the gateway refuses",
              refusal ? refusal.value().code : kErrProtocol,
              {}});
        return;
    }
    if (frame.type == FrameType::HelloOk) {
        greeted_ = true;
        seams_.timers.cancel(std::exchange(timer_, 0));
        sendQueued();
        return;
    }
    if (frame.type != FrameType::Response) return;
    auto response = decodeResponse(frame.body);
    if (!response) {
        fail({ErrorCode::Corrupt, "the gateway sent a malformed answer", kErrProtocol, {}});
        return;
    }
    const auto at = waiting_.find(response.value().id);
    if (at == waiting_.end()) return;
    Waiting waiting = std::move(at->second);
    waiting_.erase(at);
    seams_.timers.cancel(waiting.timer);
    if (response.value().ok) {
        waiting.answered(Bytes(response.value().body));
    } else {
        waiting.answered(response.value().error);
    }
}

void GatewayCalls::sendQueued() {
    while (!queue_.empty() && connection_ != nullptr) {
        connection_->send(wire_.seal(FrameType::Request, queue_.front()));
        queue_.pop_front();
    }
}

/// Everybody who waits is told, in a later turn.
void GatewayCalls::fail(Error error) {
    if (failed_.what.empty()) failed_ = error;
    seams_.timers.cancel(std::exchange(timer_, 0));
    queue_.clear();
    if (connection_ != nullptr) {
        connection_->onBytes = nullptr;
        connection_->onClosed = nullptr;
        connection_->onConnected = nullptr;
    }
    auto told = std::make_shared<std::map<std::uint64_t, Waiting>>(std::move(waiting_));
    waiting_.clear();
    for (auto& [id, waiting] : *told) seams_.timers.cancel(waiting.timer);
    seams_.executor.post([alive = alive_, told, error = std::move(error)] {
        for (auto& [id, waiting] : *told) {
            if (*alive) waiting.answered(error);
        }
    });
}

}  // namespace tributary::engine
