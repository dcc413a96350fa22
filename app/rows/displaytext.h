// Bytes of tables as people and JSON documents can read them.
#pragma once

#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace tributary::app {

[[nodiscard]] bool isUtf8(BytesView bytes);

/// One line of printable text: UTF-8 stays, control characters and other bytes become \xNN, a backslash \\.
[[nodiscard]] std::string displayBytes(BytesView bytes);

/// Every byte as two hexadecimal digits.
[[nodiscard]] std::string hexBytes(BytesView bytes);

}  // namespace tributary::app
