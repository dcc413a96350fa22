// Rows to bytes and back.
#include "engine/systems/tarantool/instance/rowlist.h"

#include <algorithm>

#include "engine/systems/tarantool/instance/spaceplan.h"

namespace tributary::engine::tarantool {
namespace {

Packet rowOf(PacketType type, Bytes body) {
    Packet row;
    row.header.type = static_cast<std::uint32_t>(type);
    row.body = std::move(body);
    return row;
}

Bytes markedBody(std::uint32_t mark, Bytes body) {
    Packet row;
    row.header.type = mark;
    row.body = std::move(body);
    return encodeRows({row});
}

}  // namespace

Bytes pictureBody(const std::vector<Packet>& rows) {
    return markedBody(kPictureMark, {}) + encodeRows(rows);
}

Bytes joinedBody(const Vclock& clock) {
    Bytes numbers;
    clock.append(numbers);
    return markedBody(kJoinedMark, BodyWriter().raw(BodyKey::Vclock, numbers).take());
}

bool hasNumber(const PacketHeader& header) {
    return header.replicaId != 0 || header.lsn != 0;
}

void RowGroup::add(BytesView rows, std::size_t count) {
    rows_.append(rows);
    counts_.push_back(count);
    rowCount_ += count;
}

Bytes RowGroup::body() const {
    if (counts_.size() == 1) return rows_;
    Bytes counts;
    MsgpackWriter writer(counts);
    writer.array(counts_.size());
    for (const std::size_t count : counts_) writer.unsignedInteger(count);
    return markedBody(kGroupMark, BodyWriter().raw(BodyKey::Data, counts).take()) + rows_;
}

Result<std::vector<std::size_t>> RowGroup::countsOf(const PacketView& mark) {
    const auto body = PacketBody::decode(mark.body);
    const auto data = body ? body.value().field(BodyKey::Data) : std::nullopt;
    MsgpackReader reader(data.value_or(BytesView()));
    std::vector<std::size_t> counts;
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        counts.push_back(static_cast<std::size_t>(reader.unsignedInteger()));
    }
    if (reader.ok() && reader.atEnd() && !counts.empty()) return counts;
    return Error{ErrorCode::Corrupt, "the transactions of a group cannot be told apart", {}, {}};
}

Bytes encodeAnswers(const std::vector<BoxAnswer>& answers) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(answers.size());
    for (const BoxAnswer& answer : answers) {
        if (const auto* failure = std::get_if<BoxFailure>(&answer)) {
            writer.array(2);
            writer.unsignedInteger(failure->code);
            writer.string(failure->message);
        } else {
            writer.array(1);
            writer.binary(std::get<Bytes>(answer));
        }
    }
    return out;
}

Result<std::vector<BoxAnswer>> decodeAnswers(BytesView bytes) {
    std::vector<BoxAnswer> answers;
    MsgpackReader reader(bytes);
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        if (reader.array() == 1) {
            answers.emplace_back(Bytes(reader.binary()));
            continue;
        }
        BoxFailure failure;
        failure.code = static_cast<std::uint32_t>(reader.unsignedInteger());
        failure.message = std::string(reader.string());
        answers.emplace_back(std::move(failure));
    }
    if (reader.ok() && reader.atEnd()) return answers;
    return Error{ErrorCode::Corrupt, "what became of transactions cannot be read", {}, {}};
}

Bytes ReplicatedAnswer::encode() const {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(refusal ? 4 : 1);
    writer.unsignedInteger(rows);
    if (!refusal) return out;
    writer.unsignedInteger(refusedRow);
    writer.unsignedInteger(refusal->code);
    writer.string(refusal->message);
    return out;
}

Result<ReplicatedAnswer> ReplicatedAnswer::decode(BytesView bytes) {
    MsgpackReader reader(bytes);
    ReplicatedAnswer answer;
    const std::uint32_t parts = reader.array();
    answer.rows = reader.unsignedInteger();
    if (parts == 4) {
        answer.refusedRow = reader.unsignedInteger();
        answer.refusal.emplace();
        answer.refusal->code = static_cast<std::uint32_t>(reader.unsignedInteger());
        answer.refusal->message = std::string(reader.string());
    }
    if (reader.ok() && reader.atEnd() && (parts == 1 || parts == 4)) return answer;
    return Error{ErrorCode::Corrupt, "what became of rows cannot be read", {}, {}};
}

Bytes encodeRows(const std::vector<Packet>& rows) {
    Bytes out;
    Bytes one;
    for (const Packet& row : rows) {
        one.clear();
        appendRow(one, row.header, row.body);
        appendBlob(out, one);
    }
    return out;
}

Result<std::vector<PacketView>> viewRows(BytesView body) {
    std::vector<PacketView> rows;
    ByteReader reader(body);
    while (!reader.atEnd() && reader.ok()) {
        const auto row = viewPacket(reader.blob());
        if (!row) return row.error();
        if (rows.size() == kRowsMax) return Error{ErrorCode::Corrupt, "a transaction has too many rows", {}, {}};
        rows.push_back(row.value());
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a list of rows is damaged", {}, {}};
    return rows;
}

Result<std::size_t> countRows(BytesView body) {
    std::size_t count = 0;
    ByteReader reader(body);
    for (; !reader.atEnd() && reader.ok(); ++count) (void)reader.blob();
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a list of rows is damaged", {}, {}};
    if (count > kRowsMax) return Error{ErrorCode::Corrupt, "a transaction has too many rows", {}, {}};
    return count;
}

Packet putRow(PacketType type, std::uint32_t space, BytesView tuple) {
    return rowOf(type, BodyWriter().number(BodyKey::SpaceId, space).raw(BodyKey::Tuple, tuple).take());
}

Packet upsertRow(std::uint32_t space, BytesView tuple, BytesView operations) {
    return rowOf(PacketType::Upsert, BodyWriter()
                                         .number(BodyKey::SpaceId, space)
                                         .number(BodyKey::IndexBase, 1)
                                         .raw(BodyKey::Tuple, tuple)
                                         .raw(BodyKey::Operations, operations)
                                         .take());
}

Packet updateRow(std::uint32_t space, std::uint32_t index, BytesView key, BytesView operations) {
    return rowOf(PacketType::Update, BodyWriter()
                                         .number(BodyKey::SpaceId, space)
                                         .number(BodyKey::IndexId, index)
                                         .number(BodyKey::IndexBase, 1)
                                         .raw(BodyKey::Key, key)
                                         .raw(BodyKey::Tuple, operations)
                                         .take());
}

Packet deleteRow(std::uint32_t space, std::uint32_t index, BytesView key) {
    return rowOf(
        PacketType::Delete,
        BodyWriter().number(BodyKey::SpaceId, space).number(BodyKey::IndexId, index).raw(BodyKey::Key, key).take());
}

Bytes keyOf(std::initializer_list<std::uint32_t> numbers) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(numbers.size());
    for (const std::uint32_t number : numbers) writer.unsignedInteger(number);
    return out;
}

Bytes setField(std::uint64_t field, BytesView value) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(1);
    writer.array(3);
    writer.string("=");
    writer.unsignedInteger(field);
    writer.raw(value);
    return out;
}

bool changesSchema(const std::vector<Packet>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const Packet& row) { return spaceOf(row) < kFirstUserSpace; });
}

std::uint32_t spaceOf(const Packet& row) {
    constexpr std::uint32_t kNone = UINT32_MAX;
    MsgpackReader reader(row.body);
    if (row.body.empty() || reader.type() != MsgpackType::Map) return kNone;
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        const bool isSpace = reader.unsignedInteger() == static_cast<std::uint64_t>(BodyKey::SpaceId);
        if (!isSpace) {
            (void)reader.value();
            continue;
        }
        const std::uint64_t space = reader.unsignedInteger();
        return reader.ok() && space < kNone ? static_cast<std::uint32_t>(space) : kNone;
    }
    return kNone;
}

}  // namespace tributary::engine::tarantool
