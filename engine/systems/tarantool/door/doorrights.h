// Who a user is and what it may do, as the rows of _user and _priv say.
#pragma once

#include <optional>
#include <string>

#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {

struct DoorUser {
    std::uint32_t id = 0;
    std::string name;
    Bytes storedHash;  ///< sha1(sha1(password)); empty = none, and nobody proves it
};

inline constexpr std::uint32_t kGuestId = 0;

/// The user of that name; nothing when there is none, or when it is a role. Errors: those of the state.
[[nodiscard]] Result<std::optional<DoorUser>> doorUser(RowWork& work, std::string_view name);

/// Why the user may not read, or write, the space: nothing when it may, by a right of its own or of a role it has, on
/// the universe, on all spaces or on that one, or because the space is its own. Failures: no such space; access denied.
/// Errors: those of the state.
[[nodiscard]] Result<std::optional<BoxFailure>> whyNot(RowWork& work, const DoorUser& user, std::uint32_t space,
                                                       bool isWrite);

/// The same about running a script (an empty name), or calling the function of that name. Whoever may execute all
/// functions may call any.
[[nodiscard]] Result<std::optional<BoxFailure>> whyNotExecute(RowWork& work, const DoorUser& user,
                                                              std::string_view function);

/// Why a script of the user may not call that method of `box` (localbox.h) about that space.
[[nodiscard]] Result<std::optional<BoxFailure>> whyNotMethod(RowWork& work, const DoorUser& user,
                                                             std::string_view method, std::uint32_t space);

/// The same about reading all there is, as replicas do.
[[nodiscard]] Result<std::optional<BoxFailure>> whyNotAll(RowWork& work, const DoorUser& user);

}  // namespace tributary::engine::tarantool
