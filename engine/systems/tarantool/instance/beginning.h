// What an instance that bootstraps a replica set writes about itself, as its first rows: with them and the row of the
// second instance the clock is {1: 7} for one user with one role, as after the bootstrap of Tarantool 3.0.
//
// Which seven rows the real one writes is not recorded; these are the ones that it cannot do without.
#pragma once

#include <optional>
#include <set>

#include "engine/systems/tarantool/data/tuple.h"
#include "engine/systems/tarantool/instance/instancesettings.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Itself in _cluster as id 1, the replica set in _schema, and its users with their roles; guest and admin are there,
/// and get theirs.
[[nodiscard]] std::vector<Packet> beginningRows(const InstanceSettings& settings);
/// The same for 2.6, whose first rows have numbers only from the users on: the rows of its first picture, in which the
/// peers that answered are members already (ids ascend with their uuids), and those that a script's `box.once` adds.
[[nodiscard]] std::vector<Packet> pictureRowsOf26(const InstanceSettings& settings, const std::vector<Uuid>& peers);
[[nodiscard]] std::vector<Packet> onceRowsOf26(const InstanceSettings& settings);
/// A user whom the instance does not know yet, as number `id`: the row, and those of its roles. 2.6 adds what it may do
/// with itself and with a session.
[[nodiscard]] std::vector<Packet> userRows(const InstanceUser& user, std::uint32_t id, Era era);
/// The roles that a user is told and has not, by their ids.
[[nodiscard]] std::vector<Packet> roleRows(const InstanceUser& user, std::uint32_t id,
                                           const std::set<std::uint32_t>& has);
/// `max_id` of _schema, from which 2.6 numbers new spaces.
inline constexpr std::string_view kMaxIdKey = "max_id";

/// The change that gives a user whom the instance knows, by its row in _user, the password that it is told; nothing
/// when it has that one, or none is told.
[[nodiscard]] std::optional<Packet> passwordRow(const InstanceUser& user, const Tuple& row);

}  // namespace tributary::engine::tarantool
