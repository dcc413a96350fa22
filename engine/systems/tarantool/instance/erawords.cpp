// Texts of 2.6 made of those of 3.0.
#include "engine/systems/tarantool/instance/erawords.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::string_view kDuplicate = "Duplicate key exists in unique index \"";
constexpr std::string_view kInSpace = "\" in space \"";
constexpr std::string_view kOldTuple = "\" with old tuple - ";
constexpr std::string_view kReadOnly = "Can't modify data on a read-only instance";
constexpr std::string_view kEnd = "unexpected EOF when reading from socket";
constexpr std::string_view kBrokenPipe = ": Broken pipe";

std::string duplicateOf26(const std::string& message) {
    const std::size_t middle = message.find(kInSpace, kDuplicate.size());
    const std::size_t end = middle == std::string::npos ? middle : message.find(kOldTuple, middle);
    if (end == std::string::npos) return message;
    const std::size_t space = middle + kInSpace.size();
    return "Duplicate key exists in unique index '" + message.substr(kDuplicate.size(), middle - kDuplicate.size()) +
           "' in space '" + message.substr(space, end - space) + "'";
}

}  // namespace

std::string_view nameOf(Era era) {
    return era == Era::V2_6 ? "2.6" : "3.0";
}

std::optional<Era> eraOf(std::string_view name) {
    if (name == "2.6") return Era::V2_6;
    if (name == "3.0") return Era::V3_0;
    return std::nullopt;
}

std::string inWordsOf(Era era, std::string message) {
    if (era != Era::V2_6) return message;
    if (message.starts_with(kDuplicate)) return duplicateOf26(message);
    if (message.starts_with(kReadOnly)) return "Can't modify data because this instance is in read-only mode.";
    if (message.starts_with(kEnd) && message.ends_with(kBrokenPipe)) {
        message.resize(message.size() - kBrokenPipe.size());
    }
    return message;
}

}  // namespace tributary::engine::tarantool
