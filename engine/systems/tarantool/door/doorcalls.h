// A request of IPROTO as a call of `box`.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "engine/systems/tarantool/door/doorscripts.h"

namespace tributary::engine::tarantool {

/// What a client asks of a space.
struct DoorCall {
    std::string_view method;  ///< of localbox.h: "insert"; lives as long as the program
    Bytes arguments;          ///< encoded, an array
    std::uint32_t space = 0;
    bool isWrite = false;
    std::optional<Packet> row;  ///< of what is one row as it was asked for; it has no arguments then
};

/// The call that a packet asks for. Failures: a type that is not carried, is unknown or is answered elsewhere (ping,
/// auth, vote); a body that lacks a key, or is damaged. Numbers of fields in operations, from 0 in a request that does
/// not say so otherwise, count from 1 in the call, as a console's do.
[[nodiscard]] std::variant<DoorCall, BoxFailure> doorCall(const Packet& packet);

/// The script that EVAL or CALL asks for; without arguments when the body has none. Failures: a body that lacks a key,
/// or is damaged.
[[nodiscard]] std::variant<DoorScript, BoxFailure> doorScript(const Packet& packet);

/// A request for the proof of a user.
struct DoorProof {
    std::string user;
    Bytes scramble;  ///< empty when none was given: as guest's
};
/// Failures: a damaged body, another method than chap-sha1.
[[nodiscard]] std::variant<DoorProof, BoxFailure> doorProof(const Packet& packet);

}  // namespace tributary::engine::tarantool
