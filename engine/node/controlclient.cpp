// JSON in, JSON out.
#include "engine/node/controlclient.h"

namespace tributary::engine {

Result<Json> ControlClient::callJson(Method method, const Json& body, Millis timeoutMs) {
    auto answer = call(method, body.dump(), timeoutMs);
    if (!answer) return answer.error();
    Json json = Json::parse(answer.value(), nullptr, false);
    if (json.is_discarded()) return Error{ErrorCode::Corrupt, "the cluster's answer is not JSON", cluster(), {}};
    return json;
}

}  // namespace tributary::engine
