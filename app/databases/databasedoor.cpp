// Calls as bytes over the socket, values as texts.
#include "app/databases/databasedoor.h"

#include <fmt/format.h>

#include <charconv>

#include "app/daemon/doorkey.h"
#include "app/daemon/memberprocess.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/systems/voltdb/data/voltcontrol.h"

namespace tributary::app {

namespace volt = engine::voltdb;

Result<std::unique_ptr<DatabaseDoor>> DatabaseDoor::connect(const HostPlace& place, Millis patienceMs) {
    const bool isOutside = !place.controlSocket().starts_with(place.root());
    if (isOutside) {
        if (Status trusted = checkPrivateFolder(socketFolder()); !trusted) return trusted.error();
    }
    const auto absent = [&](const Error& knocked) {
        return closedDoorError({"host " + place.title(), place.lockFile(), place.logFile(), place.controlSocket(),
                                "tributary voltdb start --background --dir=" + place.dir},
                               knocked);
    };
    auto key = readDoorKey(place.keyFile());
    if (!key && key.error().code != ErrorCode::NotFound) return key.error();
    if (!key) return absent(key.error());
    engine::SocketControlClient::Options options;
    options.endpoint.localPath = place.controlSocket();
    options.cluster = place.cluster;
    options.key = std::move(key).value();
    options.user = systemUser();
    if (patienceMs < 60'000) options.connectTimeoutMs = patienceMs;
    auto client = engine::SocketControlClient::connect(options);
    if (!client) return absent(client.error());
    return std::unique_ptr<DatabaseDoor>(new DatabaseDoor(std::move(client).value(), patienceMs, place.title()));
}

Result<std::unique_ptr<DatabaseDoor>> DatabaseDoor::connectAny(const std::vector<HostPlace>& places,
                                                               Millis patienceMs) {
    Result<std::unique_ptr<DatabaseDoor>> door = Error{ErrorCode::NotFound, "the cluster has no host", {}, {}};
    for (const HostPlace& place : places) {
        door = connect(place, patienceMs);
        if (door) break;
    }
    return door;
}

Result<volt::VoltAnswer> DatabaseDoor::call(const volt::VoltCall& call) {
    const auto answer = client_->call(volt::VoltMethod::Call, volt::encodeCall(call), callMs_);
    if (!answer) return answer.error();
    return volt::decodeAnswer(*answer);
}

Result<std::vector<volt::ResultTable>> DatabaseDoor::ask(const std::string& procedure,
                                                         const std::vector<std::string>& arguments) {
    volt::VoltCall asked;
    asked.procedure = procedure;
    asked.parameters.reserve(arguments.size());
    for (const std::string& each : arguments) asked.parameters.push_back(parameterOf(each));
    auto answer = call(asked);
    if (!answer) return answer.error();
    if (answer->ok()) return std::move(answer->tables);
    const bool isDown = answer->status == volt::CallStatus::ServerUnavailable;
    return Error{isDown ? ErrorCode::Unavailable : ErrorCode::Conflict, answer->text, title_, {}};
}

Status DatabaseDoor::begin() {
    const auto answer = client_->call(volt::VoltMethod::Begin, "{}", callMs_);
    return answer ? okStatus() : Status(answer.error());
}

volt::ColumnValue parameterOf(const std::string& text) {
    if (text == "NULL" || text == "null") return std::monostate();
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isWhole = !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size();
    if (isWhole) return number;
    return text;
}

std::optional<std::string> valueText(const volt::ColumnValue& value, volt::ColumnType type) {
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return type == volt::ColumnType::Timestamp ? volt::timestampText(*number) : std::to_string(*number);
    }
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    if (const auto* decimal = std::get_if<volt::DecimalBytes>(&value)) return volt::decimalText(*decimal);
    const std::string& bytes = std::get<std::string>(value);
    if (type != volt::ColumnType::Varbinary) return bytes;
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace tributary::app
