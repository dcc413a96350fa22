// Typed tables as bytes; texts of decimals and timestamps.
#include "engine/systems/voltdb/data/resulttable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdlib>

namespace tributary::engine::voltdb {
namespace {

__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;
constexpr int kScale = 12;
constexpr int kDigitsMax = 38;
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr unsigned kByteBits = 8;

DecimalBytes bytesOf(Wide value) {
    DecimalBytes out{};
    auto left = static_cast<UnsignedWide>(value);
    for (auto at = out.rbegin(); at != out.rend(); ++at) {
        *at = static_cast<char>(left & 0xffU);
        left >>= kByteBits;
    }
    return out;
}

Wide valueOf(const DecimalBytes& bytes) {
    UnsignedWide out = 0;
    for (const char c : bytes) out = (out << kByteBits) | static_cast<unsigned char>(c);
    return static_cast<Wide>(out);
}

Error noDecimal(std::string_view text) {
    return {ErrorCode::InvalidInput,
            fmt::format("\"{}\" is no decimal: 38 digits at most, 12 of them behind the point", text),
            {},
            {}};
}

void appendCell(Bytes& out, ColumnType type, const ColumnValue& value) {
    switch (type) {
        case ColumnType::Float:
            if (const auto* real = std::get_if<double>(&value)) {
                out.push_back('\1');
                appendFixed(out, std::bit_cast<std::uint64_t>(*real));
                return;
            }
            break;
        case ColumnType::Decimal:
            if (const auto* decimal = std::get_if<DecimalBytes>(&value)) {
                out.push_back('\1');
                out.append(decimal->data(), decimal->size());
                return;
            }
            break;
        case ColumnType::Varchar:
        case ColumnType::Varbinary:
            if (const auto* text = std::get_if<std::string>(&value)) {
                out.push_back('\1');
                appendBlob(out, *text);
                return;
            }
            break;
        default:
            if (const auto* number = std::get_if<std::int64_t>(&value)) {
                out.push_back('\1');
                appendFixed(out, *number);
                return;
            }
            break;
    }
    out.push_back('\0');
}

DecimalBytes readDecimal(ByteReader& in) {
    DecimalBytes out{};
    const BytesView bytes = in.raw(out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

ColumnValue readCell(ByteReader& in, ColumnType type) {
    const auto isThere = in.fixed<std::uint8_t>();
    if (isThere > 1) (void)in.raw(UINT64_MAX);
    if (isThere != 1) return {};
    switch (type) {
        case ColumnType::Float: return std::bit_cast<double>(in.fixed<std::uint64_t>());
        case ColumnType::Decimal: return readDecimal(in);
        case ColumnType::Varchar:
        case ColumnType::Varbinary: return std::string(in.blob());
        default: return in.fixed<std::int64_t>();
    }
}

}  // namespace

void appendTable(Bytes& out, const ResultTable& table) {
    appendFixed<std::uint32_t>(out, static_cast<std::uint32_t>(table.columns.size()));
    for (const LogColumn& column : table.columns) {
        appendBlob(out, column.name);
        appendFixed<std::uint8_t>(out, static_cast<std::uint8_t>(column.type));
    }
    appendFixed<std::uint32_t>(out, static_cast<std::uint32_t>(table.rows.size()));
    for (const RowImage& row : table.rows) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            appendCell(out, table.columns[i].type, i < row.size() ? row[i] : ColumnValue());
        }
    }
}

Result<ResultTable> readTable(ByteReader& in) {
    ResultTable table;
    const Error damaged{ErrorCode::Corrupt, "a table is damaged", {}, {}};
    const auto columns = in.fixed<std::uint32_t>();
    for (std::uint32_t i = 0; i < columns && in.ok(); ++i) {
        std::string name(in.blob());
        const auto type = in.fixed<std::uint8_t>();
        if (type > static_cast<std::uint8_t>(ColumnType::Varbinary)) return damaged;
        table.columns.push_back({std::move(name), static_cast<ColumnType>(type)});
    }
    const auto rows = in.fixed<std::uint32_t>();
    // A row has a byte for each column at least: without columns there can be none.
    if (!in.ok() || (columns == 0 && rows > 0) || std::uint64_t{rows} * columns > in.remaining()) return damaged;
    for (std::uint32_t i = 0; i < rows && in.ok(); ++i) {
        RowImage row;
        row.reserve(columns);
        for (const LogColumn& column : table.columns) row.push_back(readCell(in, column.type));
        table.rows.push_back(std::move(row));
    }
    if (!in.ok()) return damaged;
    return table;
}

std::string_view columnTypeName(ColumnType type) {
    constexpr std::array<std::string_view, 9> kNames{"TINYINT", "SMALLINT",  "INTEGER", "BIGINT",   "FLOAT",
                                                     "DECIMAL", "TIMESTAMP", "VARCHAR", "VARBINARY"};
    return kNames[static_cast<std::size_t>(type)];
}

Result<DecimalBytes> decimalOf(std::string_view text) {
    std::string_view left = text;
    const bool isNegative = left.starts_with('-');
    if (isNegative || left.starts_with('+')) left.remove_prefix(1);
    Wide value = 0;
    int digits = 0;
    int behind = -1;
    for (const char c : left) {
        if (c == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (c < '0' || c > '9') return noDecimal(text);
        if (behind >= kScale) {
            if (c != '0') return noDecimal(text);
            continue;
        }
        if (behind >= 0) ++behind;
        value = value * 10 + (c - '0');
        if (value != 0 && ++digits > kDigitsMax) return noDecimal(text);
    }
    if (left.empty() || left == ".") return noDecimal(text);
    for (int i = std::max(behind, 0); i < kScale; ++i) {
        value *= 10;
        if (value != 0 && ++digits > kDigitsMax) return noDecimal(text);
    }
    return bytesOf(isNegative ? -value : value);
}

std::string decimalText(const DecimalBytes& decimal) {
    const Wide value = valueOf(decimal);
    auto left = static_cast<UnsignedWide>(value < 0 ? -value : value);
    std::string digits;
    while (left != 0 || digits.size() <= kScale) {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(left % 10)));
        left /= 10;
    }
    digits.insert(digits.size() - kScale, ".");
    return value < 0 ? "-" + digits : digits;
}

double decimalNumber(const DecimalBytes& decimal) {
    return std::strtod(decimalText(decimal).c_str(), nullptr);
}

std::string timestampText(std::int64_t micros) {
    using namespace std::chrono;
    const sys_time<microseconds> at{microseconds(micros)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Result<std::int64_t> timestampOf(std::string_view text) {
    using namespace std::chrono;
    const std::string whole(text);
    int y = 0;
    unsigned m = 0;
    unsigned d = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    const Error wrong{ErrorCode::InvalidInput,
                      fmt::format("\"{}\" is no timestamp: YYYY-MM-DD or YYYY-MM-DD HH:MM:SS.nnnnnn", text),
                      {},
                      {}};
    const int found =
        std::sscanf(whole.c_str(), "%4d-%2u-%2u%n %2d:%2d:%2d%n", &y, &m, &d, &used, &hour, &minute, &second, &used);
    if (found != 3 && found != 6) return wrong;
    std::string_view rest = std::string_view(whole).substr(static_cast<std::size_t>(used));
    std::int64_t fraction = 0;
    if (found == 6 && rest.starts_with('.')) {
        rest.remove_prefix(1);
        std::int64_t unit = kMicrosPerSecond / 10;
        while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
            fraction += unit * (rest[0] - '0');
            unit /= 10;
            rest.remove_prefix(1);
        }
    }
    const year_month_day date{year(y), month(m), day(d)};
    const bool isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    if (!rest.empty() || !date.ok() || !isTime) return wrong;
    const auto at = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    return duration_cast<microseconds>(at.time_since_epoch()).count() + fraction;
}

}  // namespace tributary::engine::voltdb
