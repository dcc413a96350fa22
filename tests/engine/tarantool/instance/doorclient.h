// A client of an instance's door in a simulated world: packets out, answers by their sync.
#pragma once

#include <QtGlobal>
#include <map>

#include "engine/systems/tarantool/iproto/greeting.h"
#include "engine/systems/tarantool/iproto/requests.h"
#include "instanceworld.h"

namespace tributary::test {

class DoorClient {
public:
    static constexpr std::uint32_t kNoAnswer = 0xffff;

    explicit DoorClient(InstanceWorld& world) : world_(world) {
        const auto door = world.control().doorEndpoint();
        if (!door) qFatal("the instance listens nowhere");
        connection_ = world.outside().dial(*door);
        connection_->onBytes = [this](BytesView bytes) { take(bytes); };
        connection_->onClosed = [this](const Error&) { isClosed = true; };
        world.run([this] { return greeting.has_value() || isClosed; });
    }

    void send(Bytes bytes) { connection_->send(std::move(bytes)); }
    std::uint64_t ask(tt::PacketType type, const Bytes& body) { return ask(static_cast<std::uint32_t>(type), body); }
    std::uint64_t ask(std::uint32_t type, const Bytes& body) {
        tt::PacketHeader header;
        header.type = type;
        header.sync = ++sync_;
        send(tt::encodePacket(header, body));
        return sync_;
    }
    /// The answer to a request, waited for; kNoAnswer when none came.
    tt::BoxAnswer answer(std::uint64_t sync) {
        world_.run([&] { return answers.contains(sync) || isClosed; });
        const auto at = answers.find(sync);
        if (at == answers.end()) return tt::BoxFailure{kNoAnswer, "no answer", {}};
        if (at->second.header.isError()) return tt::decodeFailure(at->second).value();
        const auto body = tt::PacketBody::decode(at->second.body);
        return Bytes(body.value().field(tt::BodyKey::Data).value_or(BytesView()));
    }
    tt::BoxAnswer request(tt::PacketType type, const Bytes& body) { return answer(ask(type, body)); }
    /// The refusal's text, or the data as hexadecimal digits.
    static QByteArray told(const tt::BoxAnswer& given) {
        if (const auto* failure = std::get_if<tt::BoxFailure>(&given))
            return QByteArray::fromStdString(failure->message);
        return QByteArray::fromStdString(std::get<Bytes>(given)).toHex();
    }
    tt::BoxAnswer login(const std::string& user, const std::string& password) {
        const std::uint64_t sync = ++sync_;
        send(tt::authRequest(sync, greeting->salt, user, password));
        return answer(sync);
    }

    std::optional<tt::Greeting> greeting;
    std::map<std::uint64_t, tt::Packet> answers;
    bool isClosed = false;

private:
    void take(BytesView bytes) {
        if (!greeting) {
            head_.append(bytes);
            if (head_.size() < tt::Greeting::kSize) return;
            greeting = tt::Greeting::decode(BytesView(head_).substr(0, tt::Greeting::kSize)).value();
            stream_.feed(BytesView(head_).substr(tt::Greeting::kSize));
        } else {
            stream_.feed(bytes);
        }
        while (true) {
            auto packet = stream_.next();
            if (!packet) qFatal("the door answers with damaged packets");
            if (!packet.value()) return;
            const std::uint64_t sync = packet.value()->header.sync;
            answers[sync] = std::move(*packet.value());
        }
    }

    InstanceWorld& world_;
    std::unique_ptr<engine::Connection> connection_;
    tt::PacketStream stream_;
    Bytes head_;
    std::uint64_t sync_ = 0;
};

}  // namespace tributary::test
