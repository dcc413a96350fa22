// Row images written and read.
#include "engine/systems/voltdb/log/rowimage.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <bit>
#include <limits>

#include "engine/systems/voltdb/log/networkorder.h"

namespace tributary::engine::voltdb {

namespace {

constexpr std::size_t kColumnsMax = 1024;
constexpr unsigned kBitsPerByte = 8;

char typeLetter(ColumnType type) {
    constexpr std::string_view kLetters = "tsibfdpvx";
    return kLetters[static_cast<std::size_t>(type)];
}

Error badRow(std::string what) {
    return {ErrorCode::Corrupt, std::move(what), {}, {}};
}

template <typename N>
bool appendNumber(Bytes& out, std::int64_t value) {
    if (value < std::numeric_limits<N>::min() || value > std::numeric_limits<N>::max()) return false;
    appendBig(out, static_cast<N>(value));
    return true;
}

bool appendValue(Bytes& out, ColumnType type, const ColumnValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    switch (type) {
        case ColumnType::Tinyint: return number != nullptr && appendNumber<std::int8_t>(out, *number);
        case ColumnType::Smallint: return number != nullptr && appendNumber<std::int16_t>(out, *number);
        case ColumnType::Integer: return number != nullptr && appendNumber<std::int32_t>(out, *number);
        case ColumnType::Bigint:
        case ColumnType::Timestamp: return number != nullptr && appendNumber<std::int64_t>(out, *number);
        case ColumnType::Float: {
            const auto* real = std::get_if<double>(&value);
            if (real != nullptr) appendBig(out, std::bit_cast<std::uint64_t>(*real));
            return real != nullptr;
        }
        case ColumnType::Decimal: {
            const auto* bytes = std::get_if<DecimalBytes>(&value);
            if (bytes != nullptr) out.append(bytes->data(), bytes->size());
            return bytes != nullptr;
        }
        case ColumnType::Varchar:
        case ColumnType::Varbinary: {
            const auto* text = std::get_if<std::string>(&value);
            if (text == nullptr || text->size() > std::numeric_limits<std::int32_t>::max()) return false;
            appendBig(out, static_cast<std::int32_t>(text->size()));
            out.append(*text);
            return true;
        }
    }
    return false;
}

ColumnValue readValue(ByteReader& in, ColumnType type) {
    switch (type) {
        case ColumnType::Tinyint: return std::int64_t{readBig<std::int8_t>(in)};
        case ColumnType::Smallint: return std::int64_t{readBig<std::int16_t>(in)};
        case ColumnType::Integer: return std::int64_t{readBig<std::int32_t>(in)};
        case ColumnType::Bigint:
        case ColumnType::Timestamp: return readBig<std::int64_t>(in);
        case ColumnType::Float: return std::bit_cast<double>(readBig<std::uint64_t>(in));
        case ColumnType::Decimal: {
            DecimalBytes out{};
            const BytesView bytes = in.raw(out.size());
            std::copy(bytes.begin(), bytes.end(), out.begin());
            return out;
        }
        case ColumnType::Varchar:
        case ColumnType::Varbinary: {
            const auto size = readBig<std::int32_t>(in);
            // A negative size is more than any input has.
            return std::string(in.raw(static_cast<std::uint32_t>(size)));
        }
    }
    return {};
}

}  // namespace

std::uint64_t signatureOf(const LogTable& table) {
    Bytes text = table.name + "|";
    for (const LogColumn& each : table.columns) text += typeLetter(each.type);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) != 1) return 0;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sizeof(out); ++i) out = (out << kBitsPerByte) | digest[i];
    return out;
}

Status appendRow(Bytes& out, const LogTable& table, const RowImage& row) {
    if (row.size() != table.columns.size() || row.size() > kColumnsMax) {
        return Error{
            ErrorCode::InvalidInput,
            fmt::format("a row of {} values for the {} columns of {}", row.size(), table.columns.size(), table.name),
            {},
            {}};
    }
    const std::size_t start = out.size();
    out.append((row.size() + kBitsPerByte - 1) / kBitsPerByte, '\0');
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (std::holds_alternative<std::monostate>(row[i])) {
            const auto bit = static_cast<unsigned char>(0x80U >> (i % kBitsPerByte));
            char& mask = out[start + i / kBitsPerByte];
            mask = static_cast<char>(static_cast<unsigned char>(mask) | bit);
        } else if (!appendValue(out, table.columns[i].type, row[i])) {
            out.resize(start);
            return Error{ErrorCode::InvalidInput,
                         fmt::format("a value that column {} of {} does not hold", table.columns[i].name, table.name),
                         {},
                         {}};
        }
    }
    return okStatus();
}

Result<RowImage> readRow(BytesView bytes, const LogTable& table) {
    ByteReader in(bytes);
    const std::size_t count = table.columns.size();
    const BytesView mask = in.raw((count + kBitsPerByte - 1) / kBitsPerByte);
    if (!in.ok()) return badRow(fmt::format("a row of {} without its null mask", table.name));
    RowImage out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const bool isNull = (static_cast<unsigned char>(mask[i / kBitsPerByte]) & (0x80U >> (i % kBitsPerByte))) != 0;
        out.push_back(isNull ? ColumnValue() : readValue(in, table.columns[i].type));
        if (!in.ok()) {
            return badRow(fmt::format("a row of {} ends in column {}", table.name, table.columns[i].name));
        }
    }
    const unsigned spare = static_cast<unsigned>(mask.size() * kBitsPerByte - count);
    const bool strange = spare > 0 && (static_cast<unsigned char>(mask.back()) & ((1U << spare) - 1)) != 0;
    if (!in.atEnd() || strange) return badRow(fmt::format("a row of {} with more than its columns", table.name));
    return out;
}

}  // namespace tributary::engine::voltdb
