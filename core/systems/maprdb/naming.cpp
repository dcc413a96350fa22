// Global dataset paths.
#include "core/systems/maprdb/naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/naming.h"
#include "core/base/text.h"

namespace tributary {

namespace {

/// `text` with single slashes and none at its end.
std::string tidied(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != '/' || out.empty() || out.back() != '/') out.push_back(c);
    }
    if (out.size() > 1 && out.back() == '/') out.pop_back();
    return out;
}

Error refusal(std::string_view text, std::string_view reason, std::string fix) {
    return {
        ErrorCode::InvalidInput,
        fmt::format("'{}' is not a global path: {}", escapedBytes(bounded(text, 2 * limits::kNameShownMax)), reason),
        {},
        std::move(fix)};
}

}  // namespace

Result<DatasetPath> parseDatasetPath(std::string_view text) {
    constexpr std::string_view kForm = "/mapr/<cluster>/<path>";
    if (text.empty()) return refusal(text, "it is empty", fmt::format("write {}", kForm));
    const bool odd = std::any_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
    if (odd || shownLine(text) != text) {
        return refusal(text, "it holds white space, a control character, or bytes that are not UTF-8", "remove it");
    }
    if (text.size() > limits::kPathBytesMax) {
        return refusal(text, fmt::format("it is longer than the limit 'path' of {} bytes", limits::kPathBytesMax),
                       "tributary help limits");
    }
    if (text.starts_with("mapr/")) {
        return refusal(text, "without a leading slash it is relative to the user's home folder", "/" + tidied(text));
    }
    if (!text.starts_with("/mapr/")) {
        return refusal(text, "it does not begin with /mapr/", fmt::format("write {}", kForm));
    }
    if (tidied(text) != text) return refusal(text, "it has doubled or trailing slashes", tidied(text));
    const std::vector<std::string> parts = split(text.substr(1), '/');
    if (parts.size() < 3) return refusal(text, "it names no dataset in the cluster", fmt::format("write {}", kForm));
    if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part == "." || part == ".."; })) {
        return refusal(text, "'.' and '..' are not allowed", "write the path out");
    }
    if (const Status named = checkName("a cluster", parts[1]); !named) {
        return refusal(text, named.error().what, named.error().fix);
    }
    DatasetPath out;
    out.cluster = parts[1];
    out.local = std::string(text.substr(std::string_view("/mapr/").size() + out.cluster.size()));
    out.name = parts.back();
    return out;
}

}  // namespace tributary
