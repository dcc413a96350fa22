// Encoders and decoders of requests and answers.
#include "engine/wire/requests.h"

#include "core/base/escape.h"
#include "engine/wire/frames.h"

namespace tributary::engine {

Bytes encodeRequest(const Request& request) {
    Bytes out;
    out.reserve(32 + request.body.size());
    appendFixed<std::uint64_t>(out, request.id);
    appendFixed<std::uint16_t>(out, request.method);
    appendBlob(out, request.user);
    out.append(request.body);
    return out;
}

Result<Request> decodeRequest(BytesView body) {
    ByteReader reader(body);
    Request request;
    request.id = reader.fixed<std::uint64_t>();
    request.method = reader.fixed<std::uint16_t>();
    request.user = std::string(reader.blob());
    // Names go into records and answers: what is no text must not get that far.
    if (!reader.ok() || !isUtf8(request.user)) return malformedFrame("request");
    request.body = BytesView(reader.position(), reader.remaining());
    return request;
}

Bytes encodeResponse(const Response& response) {
    Bytes out;
    out.reserve(32 + response.body.size());
    appendFixed<std::uint64_t>(out, response.id);
    appendFixed<std::uint8_t>(out, response.ok ? 1 : 0);
    if (response.ok) {
        out.append(response.body);
    } else {
        appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(response.error.code));
        for (const std::string* text : {&response.error.what, &response.error.where, &response.error.fix}) {
            appendBlob(out, *text);
        }
    }
    return out;
}

Result<Response> decodeResponse(BytesView body) {
    ByteReader reader(body);
    Response response;
    response.id = reader.fixed<std::uint64_t>();
    response.ok = reader.fixed<std::uint8_t>() == 1;
    if (!reader.ok()) return malformedFrame("response");
    if (response.ok) {
        response.body = BytesView(reader.position(), reader.remaining());
        return response;
    }
    response.error.code = static_cast<ErrorCode>(reader.fixed<std::uint8_t>());
    for (std::string* text : {&response.error.what, &response.error.where, &response.error.fix}) {
        *text = std::string(reader.blob());
    }
    if (!reader.ok() || response.error.code > ErrorCode::Internal) return malformedFrame("response");
    return response;
}

}  // namespace tributary::engine
