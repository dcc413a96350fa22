// Bytes in JSON.
#include "app/rows/displaytext.h"

#include <fmt/format.h>

#include <iterator>

#include "core/base/escape.h"

namespace tributary::app {

std::string hexBytes(BytesView bytes) {
    std::string out;
    for (const char byte : bytes) {
        fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(byte));
    }
    return out;
}

void addBytes(nlohmann::ordered_json& json, const std::string& name, BytesView bytes) {
    if (isUtf8(bytes)) {
        json[name] = std::string(bytes);
    } else {
        json[name + "_hex"] = hexBytes(bytes);
    }
    if (const std::string escaped = escapedBytes(bytes); escaped != bytes) json[name + "_escaped"] = escaped;
}

}  // namespace tributary::app
