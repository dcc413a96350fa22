// MessagePack to JSON, with bounds of its own.
#include "app/instanceruns/boxjson.h"

#include <fmt/format.h>

#include "engine/systems/tarantool/iproto/constants.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr int kDepthMax = 64;

std::string hexOf(BytesView bytes) {
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

nlohmann::json read(tt::MsgpackReader& reader, int depth);

nlohmann::json readMap(tt::MsgpackReader& reader, int depth) {
    nlohmann::json map = nlohmann::json::object();
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        const nlohmann::json key = read(reader, depth);
        map[key.is_string() ? key.get<std::string>() : jsonText(key)] = read(reader, depth);
    }
    return map;
}

nlohmann::json read(tt::MsgpackReader& reader, int depth) {
    if (depth > kDepthMax) {
        reader.fail();
        return nullptr;
    }
    switch (reader.type()) {
        case tt::MsgpackType::Nil: reader.nil(); return nullptr;
        case tt::MsgpackType::Boolean: return reader.boolean();
        case tt::MsgpackType::Unsigned: return reader.unsignedInteger();
        case tt::MsgpackType::Negative: return reader.integer();
        case tt::MsgpackType::Float:
        case tt::MsgpackType::Double: return reader.real();
        case tt::MsgpackType::String: return std::string(reader.string());
        case tt::MsgpackType::Binary: return hexOf(reader.binary());
        case tt::MsgpackType::Extension: return hexOf(reader.extension().body);
        case tt::MsgpackType::Map: return readMap(reader, depth + 1);
        case tt::MsgpackType::Array: break;
    }
    nlohmann::json list = nlohmann::json::array();
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) list.push_back(read(reader, depth + 1));
    return list;
}

}  // namespace

Result<nlohmann::json> jsonOfMsgpack(BytesView value) {
    tt::MsgpackReader reader(value);
    nlohmann::json json = read(reader, 0);
    if (reader.ok() && reader.atEnd()) return json;
    return Error{ErrorCode::Corrupt, "an answer is no MessagePack", {}, {}};
}

std::string jsonText(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<nlohmann::json> resultsOf(const tt::BoxAnswer& answer) {
    if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) {
        const bool isLoading = failure->code == 0 || failure->code == static_cast<std::uint32_t>(tt::BoxError::Loading);
        return Error{isLoading ? ErrorCode::Unavailable : ErrorCode::Conflict, failure->message, {}, {}};
    }
    Result<nlohmann::json> results = jsonOfMsgpack(std::get<Bytes>(answer));
    if (results && !results->is_array()) return Error{ErrorCode::Corrupt, "an answer is no list", {}, {}};
    return results;
}

}  // namespace tributary::app
