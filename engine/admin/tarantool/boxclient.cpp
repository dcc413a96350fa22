// Requests over a blocking channel.
#include "engine/admin/tarantool/boxclient.h"

#include <fmt/format.h>

#include "engine/systems/tarantool/iproto/requests.h"

namespace tributary::engine::tarantool {
namespace {

Error refusedLogin(const BoxFailure& failure, const InstanceAddress& address) {
    return {ErrorCode::PermissionDenied, failure.message, address.text(),
            fmt::format("give another user or password; on the instance: box.schema.user.info('{}')", address.user)};
}

}  // namespace

Result<BoxClient> BoxClient::connect(const InstanceAddress& address, Millis timeoutMs) {
    Result<BlockingChannel> channel = BlockingChannel::connect(address.endpoint, timeoutMs);
    if (!channel) {
        Error error = channel.error();  // it takes whoever does not listen for one of our own processes
        if (error.code == ErrorCode::Unavailable) error.fix = "check the address: it is that of box.cfg.listen";
        return error;
    }
    BoxClient client(std::move(channel).value());
    Status greeted = client.greet(address, timeoutMs);
    if (greeted.ok() && !address.user.empty()) greeted = client.prove(address, timeoutMs);
    if (!greeted) {
        Error error = greeted.error();
        if (error.where.empty()) error.where = address.text();
        return error;
    }
    return client;
}

Status BoxClient::greet(const InstanceAddress& address, Millis timeoutMs) {
    while (!session_.greeting()) {
        Result<Bytes> bytes = channel_.receiveSome(timeoutMs);
        if (!bytes && bytes.error().code == ErrorCode::Timeout) {
            return Error{ErrorCode::Timeout, "somebody listens there, but does not greet as Tarantool does",
                         address.text(), "check the address: it is that of box.cfg.listen"};
        }
        if (!bytes) return bytes.error();
        if (Status fed = session_.feed(*bytes); !fed) return fed;
    }
    return okStatus();
}

Status BoxClient::prove(const InstanceAddress& address, Millis timeoutMs) {
    const std::uint64_t sync = session_.nextSync();
    Status sent = channel_.send(authRequest(sync, greeting().salt, address.user, address.password), timeoutMs);
    if (!sent) return sent;
    const Result<Packet> packet = answer(sync, timeoutMs);
    if (!packet) return packet.error();
    if (!packet->header.isError()) return okStatus();
    const Result<BoxFailure> failure = decodeFailure(*packet);
    if (!failure) return failure.error();
    if (failure->code == static_cast<std::uint32_t>(BoxError::Loading)) {
        return Error{ErrorCode::Unavailable, failure->message, address.text(), "try again when it has started"};
    }
    return refusedLogin(*failure, address);
}

Result<Packet> BoxClient::answer(std::uint64_t sync, Millis timeoutMs) {
    while (true) {
        if (std::optional<Packet> packet = session_.take(sync)) return std::move(*packet);
        Result<Bytes> bytes = channel_.receiveSome(timeoutMs);
        if (!bytes) return bytes.error();
        if (Status fed = session_.feed(*bytes); !fed) return fed.error();
    }
}

Result<BoxAnswer> BoxClient::eval(std::string_view expression, const std::vector<Bytes>& arguments, Millis timeoutMs) {
    const std::uint64_t sync = session_.nextSync();
    if (Status sent = channel_.send(evalRequest(sync, expression, arguments)); !sent) return sent.error();
    const Result<Packet> packet = answer(sync, timeoutMs);
    if (!packet) return packet.error();
    if (packet->header.isError()) {
        Result<BoxFailure> failure = decodeFailure(*packet);
        if (!failure) return failure.error();
        return BoxAnswer(std::move(failure).value());
    }
    const Result<PacketBody> body = PacketBody::decode(packet->body);
    if (!body) return body.error();
    const auto data = body->field(BodyKey::Data);
    if (!data) return Error{ErrorCode::Corrupt, "the answer has no results", {}, {}};
    return BoxAnswer(Bytes(*data));
}

}  // namespace tributary::engine::tarantool
