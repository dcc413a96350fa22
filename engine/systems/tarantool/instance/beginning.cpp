// First rows.
#include "engine/systems/tarantool/instance/beginning.h"

#include <openssl/evp.h>

#include <array>

#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/spaceplan.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kAdmin = 1;
constexpr std::uint32_t kFirstUser = 32;
constexpr std::uint32_t kExecute = 4;
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 3> kRoles{
    {{"public", 2}, {"replication", 3}, {"super", 31}}};

/// What a row of _user holds to prove a password by.
Bytes authOf(const InstanceUser& user) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.map(user.proof.empty() ? 0 : 1);
    if (user.proof.empty()) return out;
    writer.string("chap-sha1");
    writer.string(user.proof);
    return out;
}

Packet textRow(std::uint32_t space, std::string_view key, std::string_view value) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(2);
    writer.string(key);
    writer.string(value);
    return putRow(PacketType::Insert, space, out);
}

Packet roleRow(std::uint32_t user, std::uint32_t role) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(kAdmin);
    writer.unsignedInteger(user);
    writer.string("role");
    writer.unsignedInteger(role);
    writer.unsignedInteger(kExecute);
    return putRow(PacketType::Replace, kPrivilegeSpace, out);
}

}  // namespace

Uuid uuidFromName(std::string_view name) {
    std::array<unsigned char, 20> hash{};
    unsigned size = 0;
    EVP_Digest(name.data(), name.size(), hash.data(), &size, EVP_sha1(), nullptr);
    Bytes raw(reinterpret_cast<const char*>(hash.data()), Uuid::kSize);
    raw[9] = raw[8];
    raw[8] = '\0';
    for (std::size_t i = 10; i < Uuid::kSize; ++i) raw[i] = static_cast<char>(hash[i - 1]);
    return Uuid::fromBytes(raw);
}

std::vector<Packet> userRows(const InstanceUser& user, std::uint32_t id) {
    Bytes row;
    MsgpackWriter writer(row);
    writer.array(5);
    writer.unsignedInteger(id);
    writer.unsignedInteger(kAdmin);
    writer.string(user.name);
    writer.string("user");
    writer.raw(authOf(user));
    std::vector<Packet> rows{putRow(PacketType::Insert, kUserSpace, row), roleRow(id, 2)};
    for (const auto& [name, role] : kRoles) {
        for (const std::string& wanted : user.roles) {
            if (wanted == name && role != 2) rows.push_back(roleRow(id, role));
        }
    }
    return rows;
}

std::optional<Packet> passwordRow(const InstanceUser& user, const Tuple& row) {
    const Bytes auth = authOf(user);
    if (user.proof.empty() || row.field(4) == auth) return std::nullopt;
    return updateRow(kUserSpace, 0, keyOf({idField(row, 0)}), setField(5, auth));
}

std::vector<Packet> beginningRows(const InstanceSettings& settings) {
    Bytes self;
    MsgpackWriter writer(self);
    writer.array(3);
    writer.unsignedInteger(1);
    writer.string(settings.uuid.text());
    writer.string(settings.name);
    std::vector<Packet> rows{putRow(PacketType::Insert, kClusterSpace, self),
                             textRow(kSchemaSpace, "cluster", settings.replicasetUuid.text()),
                             textRow(kSchemaSpace, "replicaset_name", settings.replicaset)};
    std::uint32_t id = kFirstUser;
    for (const InstanceUser& user : settings.options.users) {
        for (Packet& row : userRows(user, id)) rows.push_back(std::move(row));
        ++id;
    }
    return rows;
}

}  // namespace tributary::engine::tarantool
