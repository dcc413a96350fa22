// Calls and answers as bytes.
#include "engine/systems/voltdb/data/voltcall.h"

#include <algorithm>
#include <bit>

namespace tributary::engine::voltdb {
namespace {

enum class ValueTag : std::uint8_t { Null = 0, Number = 1, Real = 2, Decimal = 3, Text = 4 };
constexpr std::size_t kTablesMax = 4096;

Error damaged(const char* what) {
    return {ErrorCode::Corrupt, std::string(what) + " is damaged", {}, {}};
}

}  // namespace

void appendValue(Bytes& out, const ColumnValue& value) {
    out.push_back(static_cast<char>(value.index()));
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        appendFixed(out, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        appendFixed(out, std::bit_cast<std::uint64_t>(*real));
    } else if (const auto* decimal = std::get_if<DecimalBytes>(&value)) {
        out.append(decimal->data(), decimal->size());
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        appendBlob(out, *text);
    }
}

ColumnValue readValue(ByteReader& in) {
    switch (static_cast<ValueTag>(in.fixed<std::uint8_t>())) {
        case ValueTag::Null: return {};
        case ValueTag::Number: return in.fixed<std::int64_t>();
        case ValueTag::Real: return std::bit_cast<double>(in.fixed<std::uint64_t>());
        case ValueTag::Decimal: {
            DecimalBytes out{};
            const BytesView bytes = in.raw(out.size());
            std::copy(bytes.begin(), bytes.end(), out.begin());
            return out;
        }
        case ValueTag::Text: return std::string(in.blob());
    }
    (void)in.raw(UINT64_MAX);
    return {};
}

Bytes encodeCall(const VoltCall& call) {
    Bytes out;
    appendBlob(out, call.procedure);
    appendVarint(out, call.parameters.size());
    for (const ColumnValue& value : call.parameters) appendValue(out, value);
    return out;
}

Result<VoltCall> decodeCall(BytesView bytes) {
    ByteReader in(bytes);
    VoltCall call;
    call.procedure = std::string(in.blob());
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) call.parameters.push_back(readValue(in));
    if (!in.ok() || !in.atEnd()) return damaged("a call");
    return call;
}

Bytes encodeAnswer(const VoltAnswer& answer) {
    Bytes out;
    appendFixed(out, static_cast<std::int8_t>(answer.status));
    appendBlob(out, answer.text);
    appendVarint(out, answer.tables.size());
    for (const ResultTable& table : answer.tables) appendTable(out, table);
    return out;
}

Result<VoltAnswer> decodeAnswer(BytesView bytes) {
    ByteReader in(bytes);
    VoltAnswer answer;
    answer.status = static_cast<CallStatus>(in.fixed<std::int8_t>());
    answer.text = std::string(in.blob());
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > kTablesMax) return damaged("an answer");
    for (std::uint64_t i = 0; i < count; ++i) {
        auto table = readTable(in);
        if (!table) return table.error();
        answer.tables.push_back(std::move(table).value());
    }
    if (!in.ok() || !in.atEnd()) return damaged("an answer");
    return answer;
}

}  // namespace tributary::engine::voltdb
