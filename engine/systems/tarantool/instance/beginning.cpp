// First rows.
#include "engine/systems/tarantool/instance/beginning.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/spaceplan.h"
#include "engine/systems/tarantool/instance/systemspaces.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kAdmin = 1;
constexpr std::uint32_t kFirstUser = 32;
constexpr std::uint32_t kPublic = 2;  ///< the role that every user has
constexpr std::uint32_t kExecute = 4;
constexpr std::uint32_t kSessionAndUsage = 24;
constexpr std::uint32_t kAlter = 128;
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 3> kRoles{
    {{"public", kPublic}, {"replication", 3}, {"super", 31}}};

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

Packet grantRow(std::uint32_t user, std::string_view kind, std::uint32_t object, std::uint32_t privilege) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(kAdmin);
    writer.unsignedInteger(user);
    writer.string(kind);
    writer.unsignedInteger(object);
    writer.unsignedInteger(privilege);
    return putRow(PacketType::Replace, kPrivilegeSpace, out);
}

Packet roleRow(std::uint32_t user, std::uint32_t role) {
    return grantRow(user, "role", role, kExecute);
}

/// Users that are there before any configuration is read.
std::optional<std::uint32_t> idOfFirst(std::string_view name) {
    if (name == "guest") return 0;
    return name == "admin" ? std::optional(kAdmin) : std::nullopt;
}

/// Of a new instance: a user as `next`, which grows, or what one that it has already is told besides.
std::vector<Packet> firstUserRows(const InstanceUser& user, std::uint32_t& next, Era era) {
    const auto known = idOfFirst(user.name);
    if (!known) return userRows(user, next++, era);
    std::vector<Packet> rows = roleRows(user, *known, {});
    if (!user.proof.empty()) rows.push_back(updateRow(kUserSpace, 0, keyOf({*known}), setField(5, authOf(user))));
    return rows;
}

Packet memberRow(std::uint32_t id, const Uuid& uuid) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(2);
    writer.unsignedInteger(id);
    writer.string(uuid.text());
    return putRow(PacketType::Insert, kClusterSpace, out);
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

std::vector<Packet> userRows(const InstanceUser& user, std::uint32_t id, Era era) {
    Bytes row;
    MsgpackWriter writer(row);
    writer.array(5);
    writer.unsignedInteger(id);
    writer.unsignedInteger(kAdmin);
    writer.string(user.name);
    writer.string("user");
    writer.raw(authOf(user));
    std::vector<Packet> rows{putRow(PacketType::Insert, kUserSpace, row), roleRow(id, kPublic)};
    if (era == Era::V2_6) {
        rows.push_back(grantRow(id, "user", id, kAlter));
        rows.push_back(grantRow(id, "universe", 0, kSessionAndUsage));
    }
    for (Packet& granted : roleRows(user, id, {})) rows.push_back(std::move(granted));
    return rows;
}

std::vector<Packet> roleRows(const InstanceUser& user, std::uint32_t id, const std::set<std::uint32_t>& has) {
    std::vector<Packet> rows;
    for (const auto& [name, role] : kRoles) {
        const bool isWanted = std::find(user.roles.begin(), user.roles.end(), name) != user.roles.end();
        if (isWanted && role != kPublic && !has.contains(role)) rows.push_back(roleRow(id, role));
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
        for (Packet& row : firstUserRows(user, id, settings.era)) rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Packet> pictureRowsOf26(const InstanceSettings& settings, const std::vector<Uuid>& peers) {
    std::vector<Packet> rows;
    for (const auto& [space, row] : systemRows()) rows.push_back(putRow(PacketType::Insert, space, row));
    Bytes last;
    MsgpackWriter writer(last);
    writer.array(2);
    writer.string(kMaxIdKey);
    writer.unsignedInteger(kFirstUserSpace - 1);
    rows.push_back(putRow(PacketType::Insert, kSchemaSpace, last));
    rows.push_back(textRow(kSchemaSpace, "cluster", settings.replicasetUuid.text()));
    std::uint32_t id = 1;
    rows.push_back(memberRow(id, settings.uuid));
    for (const Uuid& peer : peers) rows.push_back(memberRow(++id, peer));
    return rows;
}

std::vector<Packet> onceRowsOf26(const InstanceSettings& settings) {
    Bytes once;
    MsgpackWriter writer(once);
    writer.array(1);
    writer.string("onceinit");
    std::vector<Packet> rows{putRow(PacketType::Replace, kSchemaSpace, once)};
    std::uint32_t id = kFirstUser;
    for (const InstanceUser& user : settings.options.users) {
        for (Packet& row : firstUserRows(user, id, settings.era)) rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace tributary::engine::tarantool
