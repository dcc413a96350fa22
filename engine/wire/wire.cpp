// The stages of a connection.
#include "engine/wire/wire.h"

#include <fmt/format.h>

namespace tributary::engine {

Wire Wire::dialling(const WireDoor& door, ConnectionClass kind, const Bytes& key, Random& random) {
    Wire wire;
    wire.stage_ = Stage::AwaitsCounter;
    wire.door_ = door;
    wire.kind_ = kind;
    wire.dialler_.emplace(door, kind, key, freshNonce(random));
    wire.output_ = encodeFrame(FrameType::Challenge, wire.dialler_->challenge());
    return wire;
}

Wire Wire::accepting(const WireDoor& door, const Bytes& key, Random& random) {
    Wire wire;
    wire.stage_ = Stage::AwaitsChallenge;
    wire.door_ = door;
    wire.atDoor_.emplace(door, key, freshNonce(random));
    return wire;
}

void Wire::bind(const Connection& connection) {
    if (connection.tls() == nullptr) return;
    door_.binding = connection.tls()->binding;
    if (dialler_) dialler_->bind(door_.binding);
    if (atDoor_) atDoor_->bind(door_.binding);
}

Result<std::optional<Frame>> Wire::next() {
    while (true) {
        auto frame = reader_.next();
        if (!frame) {
            Error error = frame.error();
            error.where = kErrProtocol;
            return error;
        }
        if (!frame.value() || stage_ == Stage::Open) return frame;
        if (stage_ == Stage::AwaitsCounter && frame.value()->type == FrameType::Refused) return frame;
        if (Status taken = takeHandshake(*frame.value()); !taken) return taken.error();
        if (stage_ != Stage::Open) continue;
        dialler_.reset();  // with their copies of the key
        atDoor_.reset();
    }
}

Status Wire::takeHandshake(const Frame& frame) {
    if (stage_ == Stage::AwaitsChallenge && (frame.type == FrameType::Challenge || frame.type == FrameType::Hello)) {
        // A peer of protocol version 1 greets at once; it is told the version.
        auto counter = atDoor_->counter(frame.body);
        if (!counter) return counter.error();
        if (frame.type == FrameType::Challenge) {
            kind_ = atDoor_->kind();
            output_ += encodeFrame(FrameType::Counter, counter.value());
            protect(door_, atDoor_->keys(), false);
            stage_ = Stage::AwaitsProof;
            return okStatus();
        }
    }
    if (stage_ == Stage::AwaitsCounter && frame.type == FrameType::Counter) {
        auto proof = dialler_->answer(frame.body, unchecked_);
        if (!proof) return proof.error();
        output_ += encodeFrame(FrameType::Proof, proof.value());
        protect(door_, dialler_->keys(), true);
        if (peerMac_) reader_.expectMacs(*std::exchange(peerMac_, {}));
        stage_ = Stage::Open;
        return okStatus();
    }
    if (stage_ == Stage::AwaitsProof && frame.type == FrameType::Proof) {
        if (Status proved = atDoor_->check(frame.body); !proved) return proved;
        if (peerMac_) reader_.expectMacs(*std::exchange(peerMac_, {}));
        stage_ = Stage::Open;
        return okStatus();
    }
    return Error{ErrorCode::Corrupt,
                 fmt::format("a frame of type {} came before the proofs", static_cast<int>(frame.type)),
                 kErrProtocol,
                 {}};
}

void Wire::protect(const WireDoor& door, const SessionKeys& keys, bool dialler) {
    if (door.local || !door.binding.empty()) return;
    mac_.emplace(dialler ? keys.fromDialler : keys.fromDoor);
    peerMac_.emplace(dialler ? keys.fromDoor : keys.fromDialler);
}

Bytes Wire::seal(FrameType type, BytesView body) {
    Bytes frame = encodeFrame(type, body);
    if (mac_) mac_->seal(frame);
    return frame;
}

}  // namespace tributary::engine
