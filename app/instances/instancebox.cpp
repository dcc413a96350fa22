// Calls over the control socket.
#include "app/instances/instancebox.h"

#include "app/daemon/doorkey.h"
#include "app/daemon/memberprocess.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/systems/tarantool/instance/instancecontrol.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr Millis kCallMs = 3'600'000;  ///< deadlines are the console's business
constexpr BytesView kNoArguments("\x90", 1);

}  // namespace

Result<std::unique_ptr<InstanceBox>> InstanceBox::connect(const InstancePlace& place, Millis patienceMs) {
    const bool isOutside = !place.controlSocket().starts_with(place.runFolder());
    if (isOutside) {
        if (Status trusted = checkPrivateFolder(socketFolder()); !trusted) return trusted.error();
    }
    auto key = readDoorKey(place.keyFile());
    if (!key && key.error().code != ErrorCode::NotFound) return key.error();
    const auto absent = [&](const Error& knocked) {
        return closedDoorError({"instance " + place.title(), place.lockFile(), place.logFile(), place.controlSocket(),
                                "tributary tt start " + place.title()},
                               knocked);
    };
    if (!key) return absent(key.error());
    engine::SocketControlClient::Options options;
    options.endpoint.localPath = place.controlSocket();
    options.cluster = place.name;
    options.key = std::move(key).value();
    options.user = systemUser();
    if (patienceMs > 0) options.connectTimeoutMs = patienceMs;
    auto client = engine::SocketControlClient::connect(options);
    if (!client) return absent(client.error());
    return std::unique_ptr<InstanceBox>(
        new InstanceBox(std::move(client).value(), patienceMs > 0 ? patienceMs : kCallMs));
}

tt::BoxAnswer InstanceBox::call(std::string_view method, BytesView arguments) {
    Bytes body;
    tt::MsgpackWriter writer(body);
    writer.array(2);
    writer.string(method);
    writer.raw(arguments);
    const auto answer = client_->call(tt::BoxMethod::Call, body, callMs_);
    if (!answer) {
        lost_ = answer.error();
        return tt::BoxFailure{0, answer.error().text(), {}};
    }
    tt::MsgpackReader reader(answer.value());
    (void)reader.array();
    if (reader.boolean()) return Bytes(reader.value());
    tt::BoxFailure failure;
    failure.code = static_cast<std::uint32_t>(reader.unsignedInteger());
    failure.message = std::string(reader.string());
    if (reader.ok()) return failure;
    lost_ = Error{ErrorCode::Corrupt, "the instance's answer cannot be read", {}, {}};
    return tt::BoxFailure{0, lost_->what, {}};
}

Status InstanceBox::begin() {
    const auto answer = client_->call(tt::BoxMethod::Begin, "{}");
    return answer ? okStatus() : Status(answer.error());
}

Result<bool> InstanceBox::rollbackOpen() {
    const tt::BoxAnswer open = call("in_transaction", kNoArguments);
    if (lost_) return *lost_;
    const auto* encoded = std::get_if<Bytes>(&open);
    if (encoded == nullptr) return false;
    tt::MsgpackReader reader(*encoded);
    (void)reader.array();
    if (!reader.boolean()) return false;
    (void)call("rollback", kNoArguments);
    return true;
}

}  // namespace tributary::app
