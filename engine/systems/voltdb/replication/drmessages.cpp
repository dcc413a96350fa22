// The bytes of a conversation.
#include "engine/systems/voltdb/replication/drmessages.h"

#include <type_traits>

#include "engine/systems/voltdb/dr/drid.h"

namespace tributary::engine::voltdb {

namespace {

constexpr std::uint64_t kMembersMax = 128;
constexpr std::size_t kCompactAt = std::size_t{1} << 16U;

Error badMessage(std::string what) {
    return {ErrorCode::Corrupt, std::move(what), {}, {}};
}

template <typename Message, std::size_t I = 0>
constexpr std::uint8_t typeOf() {
    if constexpr (std::is_same_v<std::variant_alternative_t<I, DrMessage>, Message>) {
        return static_cast<std::uint8_t>(I + 1);
    } else {
        return typeOf<Message, I + 1>();
    }
}

void appendFlag(Bytes& out, bool value) {
    appendFixed(out, static_cast<std::uint8_t>(value ? 1 : 0));
}

bool readFlag(ByteReader& in) {
    return in.fixed<std::uint8_t>() != 0;
}

void appendMember(Bytes& out, const DrMember& member) {
    appendVarint(out, static_cast<std::uint64_t>(member.cluster));
    appendFixed(out, member.creationMs);
    appendBlob(out, member.address);
}

bool readMember(ByteReader& in, DrMember& member) {
    const std::uint64_t cluster = in.varint();
    member.creationMs = in.fixed<std::int64_t>();
    member.address = Bytes(in.blob());
    if (!in.ok() || cluster > kClusterMask) return false;
    member.cluster = static_cast<int>(cluster);
    return true;
}

bool readPartition(ByteReader& in, int& partition) {
    const std::uint64_t value = in.varint();
    if (!in.ok() || value > static_cast<std::uint64_t>(kMpPartition)) return false;
    partition = static_cast<int>(value);
    return true;
}

void appendNext(Bytes& out, const std::map<int, std::uint64_t>& next) {
    appendVarint(out, next.size());
    for (const auto& [partition, sequence] : next) {
        appendVarint(out, static_cast<std::uint64_t>(partition));
        appendVarint(out, sequence);
    }
}

bool readNext(ByteReader& in, std::map<int, std::uint64_t>& next) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.remaining()) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
        int partition = 0;
        if (!readPartition(in, partition)) return false;
        const std::uint64_t sequence = in.varint();
        if (!in.ok() || sequence > kSequenceMax || !next.emplace(partition, sequence).second) return false;
    }
    return true;
}

bool readRole(ByteReader& in, DrRole& role) {
    const auto value = in.fixed<std::uint8_t>();
    if (!in.ok() || value > static_cast<std::uint8_t>(DrRole::Xdcr)) return false;
    role = static_cast<DrRole>(value);
    return true;
}

bool readSchema(ByteReader& in, std::vector<DrTable>& tables) {
    auto read = readTables(in);
    if (!read) return false;
    tables = std::move(*read);
    return true;
}

void put(Bytes& out, const DrHello& message) {
    appendFixed(out, message.protocol);
    appendMember(out, message.self);
    appendFixed(out, static_cast<std::uint8_t>(message.role));
    appendFlag(out, message.hasRows);
    appendFlag(out, message.hasJoined);
    appendFixed(out, static_cast<std::uint8_t>(message.want));
    appendFlag(out, message.isFresh);
    appendVarint(out, static_cast<std::uint64_t>(message.via) + 1);
    appendNext(out, message.next);
    appendTables(out, message.tables);
    appendMembers(out, message.members);
}
bool get(ByteReader& in, DrHello& message) {
    message.protocol = in.fixed<std::uint8_t>();
    if (!readMember(in, message.self) || !readRole(in, message.role)) return false;
    message.hasRows = readFlag(in);
    message.hasJoined = readFlag(in);
    const auto want = in.fixed<std::uint8_t>();
    message.isFresh = readFlag(in);
    const std::uint64_t via = in.varint();
    if (!in.ok() || want > static_cast<std::uint8_t>(DrWant::Follow) || via > kClusterMask + 1) return false;
    message.want = static_cast<DrWant>(want);
    message.via = static_cast<int>(via) - 1;
    return readNext(in, message.next) && readSchema(in, message.tables) && readMembers(in, message.members);
}

void put(Bytes& out, const DrWelcome& message) {
    appendFixed(out, message.protocol);
    appendMember(out, message.self);
    appendFixed(out, static_cast<std::uint8_t>(message.role));
    appendVarint(out, static_cast<std::uint64_t>(message.partitions));
    appendTables(out, message.tables);
    appendMembers(out, message.members);
    appendNext(out, message.next);
}
bool get(ByteReader& in, DrWelcome& message) {
    message.protocol = in.fixed<std::uint8_t>();
    return readMember(in, message.self) && readRole(in, message.role) && readPartition(in, message.partitions) &&
           readSchema(in, message.tables) && readMembers(in, message.members) && readNext(in, message.next);
}

void put(Bytes& out, const DrRefusal& message) {
    appendFlag(out, message.isFinal);
    appendBlob(out, message.text);
}
bool get(ByteReader& in, DrRefusal& message) {
    message.isFinal = readFlag(in);
    message.text = Bytes(in.blob());
    return true;
}

void put(Bytes& /*out*/, const DrReady& /*message*/) {}
bool get(ByteReader& /*in*/, DrReady& /*message*/) {
    return true;
}
void put(Bytes& /*out*/, const DrLeave& /*message*/) {}
bool get(ByteReader& /*in*/, DrLeave& /*message*/) {
    return true;
}
void put(Bytes& /*out*/, const DrBeat& /*message*/) {}
bool get(ByteReader& /*in*/, DrBeat& /*message*/) {
    return true;
}

void put(Bytes& out, const DrSchemaNote& message) {
    appendTables(out, message.tables);
}
bool get(ByteReader& in, DrSchemaNote& message) {
    return readSchema(in, message.tables);
}

void put(Bytes& out, const DrSnapshotBegin& message) {
    appendNext(out, message.next);
    appendBlob(out, message.trackers);
    appendVarint(out, message.rows);
}
bool get(ByteReader& in, DrSnapshotBegin& message) {
    if (!readNext(in, message.next)) return false;
    message.trackers = Bytes(in.blob());
    message.rows = in.varint();
    return true;
}

void put(Bytes& out, const DrSnapshotPart& message) {
    appendVarint(out, message.number);
    appendVarint(out, message.rows);
    appendBlob(out, message.frame);
}
bool get(ByteReader& in, DrSnapshotPart& message) {
    message.number = in.varint();
    message.rows = in.varint();
    message.frame = Bytes(in.blob());
    return true;
}

void put(Bytes& out, const DrSnapshotEnd& message) {
    appendVarint(out, message.parts);
}
bool get(ByteReader& in, DrSnapshotEnd& message) {
    message.parts = in.varint();
    return true;
}

void put(Bytes& out, const DrSnapshotAck& message) {
    appendVarint(out, message.parts);
    appendVarint(out, message.rows);
    appendFlag(out, message.isWhole);
}
bool get(ByteReader& in, DrSnapshotAck& message) {
    message.parts = in.varint();
    message.rows = in.varint();
    message.isWhole = readFlag(in);
    return true;
}

void put(Bytes& out, const DrBuffer& message) {
    appendVarint(out, static_cast<std::uint64_t>(message.partition));
    appendVarint(out, message.transactions.size());
    for (const DrSent& each : message.transactions) {
        appendFixed(out, each.timestampUs);
        appendVarint(out, each.participants.size());
        for (const int partition : each.participants) appendVarint(out, static_cast<std::uint64_t>(partition));
        appendBlob(out, each.frame);
    }
}
bool get(ByteReader& in, DrBuffer& message) {
    if (!readPartition(in, message.partition)) return false;
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > in.remaining()) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
        DrSent sent;
        sent.timestampUs = in.fixed<std::int64_t>();
        const std::uint64_t participants = in.varint();
        if (!in.ok() || participants > in.remaining()) return false;
        for (std::uint64_t p = 0; p < participants; ++p) {
            int partition = 0;
            if (!readPartition(in, partition)) return false;
            if (p > 0 && partition <= sent.participants.back()) return false;
            sent.participants.push_back(partition);
        }
        sent.frame = Bytes(in.blob());
        if (!in.ok()) return false;
        message.transactions.push_back(std::move(sent));
    }
    return true;
}

void put(Bytes& out, const DrAck& message) {
    appendVarint(out, static_cast<std::uint64_t>(message.partition));
    appendVarint(out, message.next);
    appendVarint(out, message.availableBytes);
}
bool get(ByteReader& in, DrAck& message) {
    if (!readPartition(in, message.partition)) return false;
    message.next = in.varint();
    message.availableBytes = in.varint();
    return message.next <= kSequenceMax;
}

void put(Bytes& out, const DrResend& message) {
    appendVarint(out, static_cast<std::uint64_t>(message.partition));
    appendVarint(out, message.next);
}
bool get(ByteReader& in, DrResend& message) {
    if (!readPartition(in, message.partition)) return false;
    message.next = in.varint();
    return message.next <= kSequenceMax;
}

void put(Bytes& out, const DrMembersNote& message) {
    appendMembers(out, message.members);
}
bool get(ByteReader& in, DrMembersNote& message) {
    return readMembers(in, message.members);
}

template <std::size_t I = 0>
Result<DrMessage> decodeAs(std::uint8_t type, ByteReader& in) {
    if constexpr (I < std::variant_size_v<DrMessage>) {
        if (type != I + 1) return decodeAs<I + 1>(type, in);
        std::variant_alternative_t<I, DrMessage> message;
        if (!get(in, message) || !in.ok() || !in.atEnd())
            return badMessage("a message of a DR conversation is damaged");
        return DrMessage(std::move(message));
    } else {
        return badMessage("a DR conversation has no message of this type");
    }
}

}  // namespace

void appendMembers(Bytes& out, const std::vector<DrMember>& members) {
    appendVarint(out, members.size());
    for (const DrMember& each : members) appendMember(out, each);
}

bool readMembers(ByteReader& in, std::vector<DrMember>& members) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > kMembersMax) return false;
    members.clear();
    members.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        DrMember member;
        if (!readMember(in, member)) return false;
        members.push_back(std::move(member));
    }
    return true;
}

Bytes encodeMessage(const DrMessage& message) {
    Bytes out(sizeof(std::uint32_t), '\0');
    std::visit(
        [&](const auto& each) {
            appendFixed(out, typeOf<std::decay_t<decltype(each)>>());
            put(out, each);
        },
        message);
    const auto length = static_cast<std::uint32_t>(out.size() - sizeof(std::uint32_t));
    std::memcpy(out.data(), &length, sizeof(length));
    return out;
}

Result<DrMessage> decodeMessage(BytesView frame) {
    ByteReader in(frame);
    const auto type = in.fixed<std::uint8_t>();
    return decodeAs(type, in);
}

Result<std::optional<DrMessage>> DrMessageReader::next() {
    const std::size_t left = pending_.size() - at_;
    if (left < sizeof(std::uint32_t)) return std::optional<DrMessage>();
    std::uint32_t length = 0;
    std::memcpy(&length, pending_.data() + at_, sizeof(length));
    if (length == 0 || length > kDrFrameBytesMax) return badMessage("a frame of a DR conversation is too long");
    if (left - sizeof(length) < length) return std::optional<DrMessage>();
    Result<DrMessage> message = decodeMessage(BytesView(pending_).substr(at_ + sizeof(length), length));
    if (!message) return message.error();
    at_ += sizeof(length) + length;
    if (at_ == pending_.size()) {
        pending_.clear();
        at_ = 0;
    } else if (at_ > kCompactAt && at_ * 2 > pending_.size()) {
        pending_.erase(0, at_);
        at_ = 0;
    }
    return std::optional<DrMessage>(std::move(*message));
}

}  // namespace tributary::engine::voltdb
