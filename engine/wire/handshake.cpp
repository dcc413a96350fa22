// Challenges, proofs and keys. The grammar is in README.md.
#include "engine/wire/handshake.h"

#include <fmt/format.h>

#include "engine/wire/macs.h"

namespace tributary::engine {
namespace {

constexpr std::uint32_t kMagic = 0x42495254;  // "TRIB"
constexpr std::size_t kNonceBytes = 32;
constexpr std::size_t kProofBytes = 32;

Error malformed(std::string_view what) {
    return {ErrorCode::Corrupt, std::string("malformed ").append(what), kErrProtocol, {}};
}

/// HMAC over what both ends know, under a label: no proof is ever taken for another one, nor for a key.
Bytes derived(const HandshakeParts& parts, std::string_view label) {
    Bytes text;
    appendBlob(text, "tributary wire");
    appendBlob(text, label);
    appendFixed<std::uint16_t>(text, kProtocolVersion);
    appendFixed<std::uint8_t>(text, static_cast<std::uint8_t>(parts.kind));
    const bool overTls = !parts.door.binding.empty();
    appendFixed<std::uint8_t>(text, overTls ? 2 : parts.door.local ? 1 : 0);
    for (const std::string* part : {&parts.door.cluster, &parts.door.place, &parts.diallerNonce, &parts.doorNonce}) {
        appendBlob(text, *part);
    }
    if (overTls) appendBlob(text, parts.door.binding);
    return hmacSha256(parts.key, text);
}

SessionKeys keysOf(const HandshakeParts& parts) {
    return {derived(parts, "key from dialler"), derived(parts, "key from door")};
}

bool proves(const HandshakeParts& parts, std::string_view label, BytesView proof) {
    return !parts.key.empty() && equalInConstantTime(derived(parts, label), proof);
}

constexpr std::string_view kDoorLabel = "proof of door";
constexpr std::string_view kDiallerLabel = "proof of dialler";

std::string numeric(std::string host) {
    if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty() || host == "localhost") return "127.0.0.1";
    return host == "0:0:0:0:0:0:0:1" ? "::1" : host;
}

}  // namespace

WireDoor wireDoorOf(const Endpoint& endpoint, const std::string& cluster) {
    if (endpoint.isLocal()) {
        return {cluster, endpoint.localPath.substr(endpoint.localPath.rfind('/') + 1), true};
    }
    return {cluster, Endpoint{numeric(endpoint.host), endpoint.port, {}, {}}.text(), false};
}

Bytes freshNonce(Random& random) {
    Bytes nonce(kNonceBytes, '\0');
    random.fill(nonce.data(), nonce.size());
    return nonce;
}

Result<std::uint16_t> versionOf(BytesView firstBody) {
    ByteReader reader(firstBody);
    const auto magic = reader.fixed<std::uint32_t>();
    const auto version = reader.fixed<std::uint16_t>();
    if (!reader.ok() || magic != kMagic) {
        return Error{ErrorCode::Corrupt, "the peer does not speak this protocol", kErrProtocol, {}};
    }
    return version;
}

DiallerHandshake::DiallerHandshake(WireDoor door, ConnectionClass kind, Bytes key, Bytes nonce)
    : parts_{std::move(door), kind, std::move(key), std::move(nonce), {}} {}

Bytes DiallerHandshake::challenge() const {
    Bytes out;
    appendFixed<std::uint32_t>(out, kMagic);
    appendFixed<std::uint16_t>(out, kProtocolVersion);
    appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(parts_.kind));
    out.append(parts_.diallerNonce);
    return out;
}

Result<Bytes> DiallerHandshake::answer(BytesView counter, bool unchecked) {
    ByteReader reader(counter);
    parts_.doorNonce = Bytes(reader.raw(kNonceBytes));
    const BytesView proof = reader.raw(kProofBytes);
    if (!reader.ok() || !reader.atEnd()) return malformed("answer to a challenge");
    if (!unchecked && !proves(parts_, kDoorLabel, proof)) {
        return Error{
            ErrorCode::PermissionDenied,
            fmt::format("what answers at {} does not prove to be cluster {}'s", parts_.door.place, parts_.door.cluster),
            kErrAuthentication, "see what listens there, and that both ends have the same key of the cluster"};
    }
    return derived(parts_, kDiallerLabel);
}

SessionKeys DiallerHandshake::keys() const {
    return keysOf(parts_);
}

DoorHandshake::DoorHandshake(WireDoor door, Bytes key, Bytes nonce)
    : parts_{std::move(door), ConnectionClass::Control, std::move(key), {}, std::move(nonce)} {}

Result<Bytes> DoorHandshake::counter(BytesView challenge) {
    const auto version = versionOf(challenge);
    if (!version) return version.error();
    if (version.value() != kProtocolVersion) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("protocol version {} is spoken here, not {}", kProtocolVersion, version.value()),
                     kErrVersion,
                     {}};
    }
    ByteReader reader(challenge);
    (void)reader.raw(sizeof(std::uint32_t) + sizeof(std::uint16_t));  // looked at above
    const auto kind = reader.fixed<std::uint8_t>();
    parts_.kind = static_cast<ConnectionClass>(kind);
    parts_.diallerNonce = Bytes(reader.raw(kNonceBytes));
    if (!reader.ok() || !reader.atEnd() || kind < 1 || kind > 4) return malformed("challenge");
    if (parts_.key.empty()) {
        return Error{ErrorCode::PermissionDenied, "this door has no key: nobody is let in", kErrAuthentication, {}};
    }
    return parts_.doorNonce + derived(parts_, kDoorLabel);
}

Status DoorHandshake::check(BytesView proof) const {
    if (proof.size() != kProofBytes) return malformed("proof");
    if (proves(parts_, kDiallerLabel, proof)) return okStatus();
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("the key of cluster {} was not proved", parts_.door.cluster),
                 kErrAuthentication,
                 {}};
}

SessionKeys DoorHandshake::keys() const {
    return keysOf(parts_);
}

}  // namespace tributary::engine
