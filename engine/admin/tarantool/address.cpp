// URIs of instances.
#include "engine/admin/tarantool/address.h"

#include <algorithm>

#include "core/base/hostport.h"

namespace tributary::engine::tarantool {
namespace {

bool takePrefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

bool isNumber(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<InstanceAddress> InstanceAddress::parse(std::string_view uri) {
    InstanceAddress address;
    std::string_view rest = uri;
    const bool isUnix = takePrefix(rest, "unix://");
    if (!isUnix) takePrefix(rest, "tcp://");
    // A password may hold '@' and '/': the last '@' ends it. A path alone may hold '@' too.
    const bool isPath = rest.starts_with("/") || rest.starts_with("./") || rest.starts_with("unix/:");
    const std::size_t at = isPath ? std::string_view::npos : rest.rfind('@');
    if (at != std::string_view::npos) {
        const std::string_view login = rest.substr(0, at);
        const std::size_t colon = login.find(':');
        address.user = std::string(login.substr(0, colon));
        if (colon != std::string_view::npos) address.password = std::string(login.substr(colon + 1));
        rest.remove_prefix(at + 1);
    }
    if (takePrefix(rest, "unix/:") || isUnix || rest.starts_with("/") || rest.starts_with("./")) {
        if (!rest.empty()) {
            address.endpoint.localPath = std::string(rest);
            return address;
        }
    } else {
        if (takePrefix(rest, ":") || isNumber(rest)) {
            if (const auto port = parseHostPort("localhost:" + std::string(rest))) {
                address.endpoint.host = port->host;
                address.endpoint.port = port->port;
                return address;
            }
        } else if (const auto place = parseHostPort(rest)) {
            address.endpoint.host = place->host;
            address.endpoint.port = place->port;
            return address;
        }
    }
    return Error{ErrorCode::InvalidInput, "this is no URI of an instance", std::string(rest),
                 "host:port, user:password@host:port, or unix/:/path/of/a/socket"};
}

}  // namespace tributary::engine::tarantool
