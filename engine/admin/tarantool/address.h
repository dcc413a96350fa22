// Where an instance is and as whom to speak with it: "user:password@host:port", "unix/:/path".
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "engine/seams/transport.h"

namespace tributary::engine::tarantool {

/// A URI as people type it. `text()` is what may be shown: it has no password.
struct InstanceAddress {
    Endpoint endpoint;
    std::string user;      ///< empty = guest
    std::string password;  ///< never shown, never logged

    /// "[tcp://][user[:password]@]host:port", "unix/:PATH", "unix://PATH", "/PATH", "./PATH", "PORT" and ":PORT" (of
    /// this machine). Errors: InvalidInput, whose text never has the password in it.
    static Result<InstanceAddress> parse(std::string_view uri);
    [[nodiscard]] std::string text() const { return endpoint.text(); }
};

}  // namespace tributary::engine::tarantool
