// Bodies of requests.
#include "engine/systems/tarantool/iproto/requests.h"

#include "engine/systems/tarantool/iproto/greeting.h"

namespace tributary::engine::tarantool {
namespace {

Bytes request(PacketType type, std::uint64_t sync, BytesView body) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(type);
    header.sync = sync;
    return encodePacket(header, body);
}

}  // namespace

Bytes pingRequest(std::uint64_t sync) {
    return request(PacketType::Ping, sync, BodyWriter().take());
}

Bytes authRequest(std::uint64_t sync, BytesView salt, const std::string& user, const std::string& password) {
    Bytes proof;
    MsgpackWriter writer(proof);
    writer.array(2);
    writer.string("chap-sha1");
    writer.string(chapSha1(salt, password));
    return request(PacketType::Auth, sync,
                   BodyWriter().text(BodyKey::UserName, user).raw(BodyKey::Tuple, proof).take());
}

Bytes evalRequest(std::uint64_t sync, std::string_view expression, const std::vector<Bytes>& arguments) {
    Bytes tuple;
    MsgpackWriter(tuple).array(arguments.size());
    for (const Bytes& argument : arguments) tuple += argument;
    return request(PacketType::Eval, sync,
                   BodyWriter().text(BodyKey::Expression, expression).raw(BodyKey::Tuple, tuple).take());
}

}  // namespace tributary::engine::tarantool
