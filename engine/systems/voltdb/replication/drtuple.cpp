// Rows as the conflict log shows them.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/systems/voltdb/replication/drapply.h"

namespace tributary::engine::voltdb {

namespace {

constexpr std::size_t kDecimalPlaces = 12;
constexpr unsigned kByteBits = 8;

/// A 128-bit number of twelve places, by long division of its bytes.
std::string decimalText(const DecimalBytes& value) {
    std::array<unsigned, 16> digits{};
    const bool isNegative = (static_cast<unsigned char>(value[0]) & 0x80U) != 0;
    unsigned carry = isNegative ? 1 : 0;
    for (std::size_t i = digits.size(); i-- > 0;) {
        unsigned byte = static_cast<unsigned char>(value[i]);
        if (isNegative) {
            byte = (~byte & 0xffU) + carry;
            carry = byte >> kByteBits;
        }
        digits[i] = byte & 0xffU;
    }
    std::string out;
    while (std::any_of(digits.begin(), digits.end(), [](unsigned each) { return each != 0; }) ||
           out.size() <= kDecimalPlaces) {
        unsigned rest = 0;
        for (unsigned& each : digits) {
            const unsigned whole = (rest << kByteBits) | each;
            each = whole / 10;
            rest = whole % 10;
        }
        out += static_cast<char>('0' + rest);
        if (out.size() == kDecimalPlaces) out += '.';
    }
    if (isNegative) out += '-';
    std::reverse(out.begin(), out.end());
    return out;
}

std::string hexText(const std::string& bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace

std::string tupleText(const DrTables::Entry& table, const RowImage& image) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    const std::size_t shown = std::min(table.table.columns.size(), image.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const LogColumn& column = table.table.columns[i].column;
        nlohmann::ordered_json& field = out[column.name];
        if (const auto* number = std::get_if<std::int64_t>(&image[i])) field = std::to_string(*number);
        if (const auto* real = std::get_if<double>(&image[i])) field = fmt::format("{}", *real);
        if (const auto* decimal = std::get_if<DecimalBytes>(&image[i])) field = decimalText(*decimal);
        const auto* text = std::get_if<std::string>(&image[i]);
        if (text != nullptr) field = column.type == ColumnType::Varbinary ? hexText(*text) : *text;
    }
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace tributary::engine::voltdb
