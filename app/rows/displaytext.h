// Bytes of tables in JSON documents.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "core/base/bytes.h"

namespace tributary::app {

/// Every byte as two hexadecimal digits.
[[nodiscard]] std::string hexBytes(BytesView bytes);

/// Puts bytes into a JSON object: `name` holds them as they are when they are UTF-8, else `name`_hex holds their
/// digits. Where the command line writes them in another way, `name`_escaped is the word for it.
void addBytes(nlohmann::ordered_json& json, const std::string& name, BytesView bytes);

}  // namespace tributary::app
