// Encoding and bounded decoding of packets.
#include "engine/systems/tarantool/iproto/packet.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kBodyKeysMax = 64;

Error corrupt(std::string what) {
    return {ErrorCode::Corrupt, std::move(what), {}, {}};
}

// Rows carry how far they are from their transaction's first; the packet before this one does not matter.
void readHeaderField(MsgpackReader& reader, PacketHeader& header, std::int64_t& transactionDistance, bool& hasFlags) {
    const std::uint64_t key = reader.unsignedInteger();
    if (key > static_cast<std::uint64_t>(HeaderKey::Flags)) {
        reader.value();
        return;
    }
    switch (static_cast<HeaderKey>(key)) {
        case HeaderKey::Type: header.type = static_cast<std::uint32_t>(reader.unsignedInteger()); break;
        case HeaderKey::Sync: header.sync = reader.unsignedInteger(); break;
        case HeaderKey::ReplicaId: header.replicaId = static_cast<std::uint32_t>(reader.unsignedInteger()); break;
        case HeaderKey::Lsn: header.lsn = reader.integer(); break;
        case HeaderKey::Timestamp: header.timestamp = reader.real(); break;
        case HeaderKey::SchemaVersion: header.schemaVersion = reader.unsignedInteger(); break;
        case HeaderKey::GroupId: header.groupId = reader.unsignedInteger(); break;
        case HeaderKey::TransactionId: transactionDistance = reader.integer(); break;
        case HeaderKey::Flags:
            hasFlags = true;
            header.isCommit = (reader.unsignedInteger() & kCommitFlag) != 0;
            break;
        case HeaderKey::ServerVersion: reader.value(); break;
    }
}

Result<PacketHeader> readHeader(MsgpackReader& reader) {
    PacketHeader header;
    std::int64_t distance = -1;
    bool hasFlags = false;
    for (std::uint32_t pairs = reader.map(); pairs > 0 && reader.ok(); --pairs) {
        readHeaderField(reader, header, distance, hasFlags);
    }
    if (!reader.ok()) return corrupt("a packet's header is not well formed");
    if (distance > header.lsn) return corrupt("a row stands before the transaction that it belongs to");
    if (distance >= 0) {
        header.transactionId = header.lsn - distance;
        if (!hasFlags) header.isCommit = false;
    }
    return header;
}

}  // namespace

Result<PacketBody> PacketBody::decode(BytesView body) {
    PacketBody decoded;
    if (body.empty()) return decoded;
    MsgpackReader reader(body);
    const std::uint32_t pairs = reader.map();
    if (pairs > kBodyKeysMax) return corrupt(fmt::format("a packet's body has {} fields", pairs));
    decoded.fields_.reserve(reader.ok() ? pairs : 0);
    for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
        const std::uint64_t key = reader.unsignedInteger();
        const BytesView value = reader.value();
        decoded.fields_.emplace_back(key, value);
    }
    if (!reader.ok() || !reader.atEnd()) return corrupt("a packet's body is not well formed");
    return decoded;
}

std::optional<BytesView> PacketBody::field(BodyKey key) const {
    const auto wanted = static_cast<std::uint64_t>(key);
    const auto at =
        std::find_if(fields_.rbegin(), fields_.rend(), [&](const auto& one) { return one.first == wanted; });
    return at == fields_.rend() ? std::nullopt : std::optional(at->second);
}

std::optional<std::uint64_t> PacketBody::number(BodyKey key) const {
    const auto value = field(key);
    if (!value) return std::nullopt;
    MsgpackReader reader(*value);
    const std::uint64_t number = reader.unsignedInteger();
    return reader.ok() ? std::optional(number) : std::nullopt;
}

std::optional<BytesView> PacketBody::text(BodyKey key) const {
    const auto value = field(key);
    if (!value) return std::nullopt;
    MsgpackReader reader(*value);
    const BytesView text = reader.string();
    return reader.ok() ? std::optional(text) : std::nullopt;
}

std::optional<Uuid> PacketBody::uuid(BodyKey key) const {
    const auto value = text(key);
    if (!value) return std::nullopt;
    const auto uuid = Uuid::parse(*value);
    return uuid ? std::optional(*uuid) : std::nullopt;
}

bool PacketBody::flag(BodyKey key) const {
    const auto value = field(key);
    if (!value) return false;
    MsgpackReader reader(*value);
    return reader.boolean() && reader.ok();
}

void appendRow(Bytes& out, const PacketHeader& header, BytesView body) {
    const std::size_t begin = out.size();
    out.push_back('\x80');  // the map, whose count is known when it is done
    std::uint8_t count = 0;
    MsgpackWriter writer(out);
    const auto key = [&](HeaderKey which) {
        ++count;
        writer.unsignedInteger(static_cast<std::uint64_t>(which));
    };
    key(HeaderKey::Type);
    writer.unsignedInteger(header.type);
    if (header.sync != 0) {
        key(HeaderKey::Sync);
        writer.unsignedInteger(header.sync);
    }
    if (header.replicaId != 0) {
        key(HeaderKey::ReplicaId);
        writer.unsignedInteger(header.replicaId);
    }
    if (header.groupId != 0) {
        key(HeaderKey::GroupId);
        writer.unsignedInteger(header.groupId);
    }
    if (header.lsn != 0) {
        key(HeaderKey::Lsn);
        writer.integer(header.lsn);
    }
    if (header.timestamp != 0) {
        key(HeaderKey::Timestamp);
        writer.real(header.timestamp);
    }
    if (header.schemaVersion != 0) {
        key(HeaderKey::SchemaVersion);
        writer.unsignedInteger(header.schemaVersion);
    }
    const bool alone = header.transactionId == 0 || (header.transactionId == header.lsn && header.isCommit);
    if (!alone) {
        key(HeaderKey::TransactionId);
        writer.integer(header.lsn - header.transactionId);
        if (header.isCommit) {
            key(HeaderKey::Flags);
            writer.unsignedInteger(kCommitFlag);
        }
    }
    out[begin] = static_cast<char>(0x80U | count);
    out.append(body);
}

void appendFramed(Bytes& out, BytesView row) {
    out.push_back('\xce');
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(row.size() >> shift));
    out.append(row);
}

void appendPacket(Bytes& out, const PacketHeader& header, BytesView body) {
    constexpr std::size_t kLengthBytes = 5;
    const std::size_t begin = out.size();
    out.append(kLengthBytes, '\xce');
    appendRow(out, header, body);
    const std::size_t size = out.size() - begin - kLengthBytes;
    for (std::size_t i = 1; i < kLengthBytes; ++i) {
        out[begin + i] = static_cast<char>(size >> (8 * (kLengthBytes - 1 - i)));
    }
}

Bytes encodePacket(const PacketHeader& header, BytesView body) {
    Bytes out;
    appendPacket(out, header, body);
    return out;
}

Result<PacketHeader> decodeRowHeader(BytesView row) {
    MsgpackReader reader(row);
    return readHeader(reader);
}

Result<PacketView> viewPacket(BytesView bytes) {
    MsgpackReader reader(bytes);
    PacketView packet;
    const Result<PacketHeader> header = readHeader(reader);
    if (!header) return header.error();
    packet.header = *header;
    if (reader.atEnd()) return packet;
    const bool isMap = reader.type() == MsgpackType::Map;
    const BytesView body = reader.value();
    if (!isMap || !reader.ok() || !reader.atEnd()) return corrupt("a packet's body is not well formed");
    packet.body = body;
    return packet;
}

Result<Packet> decodePacket(BytesView bytes) {
    auto packet = viewPacket(bytes);
    if (!packet) return packet.error();
    return Packet{packet.value().header, Bytes(packet.value().body)};
}

Result<std::optional<Packet>> PacketStream::next() {
    const auto refuse = [this](std::string why) {
        broken_ = true;
        return corrupt(std::move(why));
    };
    if (broken_) return corrupt("the stream is broken");
    const BytesView waiting = BytesView(buffer_).substr(used_);
    MsgpackReader reader(waiting.substr(0, 9));
    if (!waiting.empty() && reader.type() != MsgpackType::Unsigned) return refuse("a packet does not begin as one");
    const std::uint64_t size = reader.unsignedInteger();
    if (!reader.ok()) {
        if (waiting.size() >= 9) return refuse("a packet does not begin as one");
        return std::optional<Packet>();
    }
    if (size > bytesMax_) return refuse(fmt::format("a packet claims to have {} bytes", size));
    const auto head = static_cast<std::size_t>(reader.position() - waiting.data());
    if (waiting.size() - head < size) return std::optional<Packet>();
    Result<Packet> packet = decodePacket(waiting.substr(head, size));
    if (!packet) {
        broken_ = true;
        return packet.error();
    }
    used_ += head + size;
    if (used_ == buffer_.size() || used_ > (1U << 20U)) {
        buffer_.erase(0, used_);
        used_ = 0;
    }
    return std::optional(std::move(packet).value());
}

Result<BoxFailure> decodeFailure(const Packet& packet) {
    const Result<PacketBody> body = PacketBody::decode(packet.body);
    if (!body) return body.error();
    BoxFailure failure;
    failure.code = packet.header.type & (kErrorBit - 1);
    failure.message = std::string(body->text(BodyKey::ErrorText).value_or(BytesView()));
    if (const auto stack = body->field(BodyKey::ErrorStack)) {
        Result<std::vector<CarriedError>> errors = decodeErrorStack(*stack);
        if (!errors) return errors.error();
        failure.stack = std::move(errors).value();
    }
    return failure;
}

Bytes encodeFailure(std::uint64_t sync, std::uint64_t schemaVersion, const BoxFailure& failure) {
    PacketHeader header;
    header.type = kErrorBit | failure.code;
    header.sync = sync;
    header.schemaVersion = schemaVersion;
    BodyWriter body;
    body.text(BodyKey::ErrorText, failure.message);
    if (!failure.stack.empty()) {
        Bytes stack;
        appendErrorStack(stack, failure.stack);
        body.raw(BodyKey::ErrorStack, stack);
    }
    return encodePacket(header, body.take());
}

MsgpackWriter BodyWriter::key(BodyKey key) {
    ++count_;
    MsgpackWriter writer(fields_);
    writer.unsignedInteger(static_cast<std::uint64_t>(key));
    return writer;
}

BodyWriter& BodyWriter::number(BodyKey which, std::uint64_t value) {
    key(which).unsignedInteger(value);
    return *this;
}

BodyWriter& BodyWriter::text(BodyKey which, std::string_view value) {
    key(which).string(value);
    return *this;
}

BodyWriter& BodyWriter::flag(BodyKey which, bool value) {
    key(which).boolean(value);
    return *this;
}

BodyWriter& BodyWriter::raw(BodyKey which, BytesView value) {
    key(which).raw(value);
    return *this;
}

Bytes BodyWriter::take() {
    Bytes out;
    MsgpackWriter(out).map(count_);
    out += fields_;
    fields_.clear();
    count_ = 0;
    return out;
}

}  // namespace tributary::engine::tarantool
