// Answers of `box` as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/systems/tarantool/data/boxbackend.h"

namespace tributary::app {

/// One MessagePack value. Keys of maps become texts, binary and extensions hexadecimal texts. Errors: Corrupt.
[[nodiscard]] Result<nlohmann::json> jsonOfMsgpack(BytesView value);

/// As text for people; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string jsonText(const nlohmann::json& json);

/// The results of a call. Errors: Conflict with the words of the refusal, Unavailable while it is loading; Corrupt.
[[nodiscard]] Result<nlohmann::json> resultsOf(const engine::tarantool::BoxAnswer& answer);

}  // namespace tributary::app
