// Requests and their answers, encoded and decoded without a socket. What they mean is the owner's of the door.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// Control and client classes. Bodies are JSON or binary by method.
struct Request {
    std::uint64_t id = 0;
    std::uint16_t method = 0;
    std::string user;  ///< acting user, when it differs from the Hello's; else empty
    BytesView body;
};
[[nodiscard]] Bytes encodeRequest(const Request& request);
Result<Request> decodeRequest(BytesView body);

struct Response {
    std::uint64_t id = 0;
    bool ok = true;
    BytesView body;  ///< when ok
    Error error;     ///< when not
};
[[nodiscard]] Bytes encodeResponse(const Response& response);
Result<Response> decodeResponse(BytesView body);

}  // namespace tributary::engine
