// Packed decimals, uuids, and stacks of errors.
#include "engine/systems/tarantool/msgpack/msgpackext.h"

#include <algorithm>

#include "core/base/decimaltext.h"

namespace tributary::engine::tarantool {
namespace {

constexpr unsigned kMinus = 0x0d;  ///< 0x0b too; every other sign is a plus
constexpr unsigned kPlus = 0x0c;
constexpr std::int32_t kScaleMax = 1'000'000;

Error notADecimal(std::string_view text) {
    return {ErrorCode::InvalidInput, "incorrect value to convert to decimal: '" + std::string(text) + "'", {}, {}};
}

void trimZeros(Decimal& value) {
    value.digits.erase(0, std::min(value.digits.find_first_not_of('0'), value.digits.size()));
    if (value.digits.empty()) value.negative = false;
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    const auto parts = takeApartDecimal(text);
    if (!parts) return notADecimal(text);
    Decimal value;
    value.negative = parts->negative;
    value.digits = std::string(parts->whole) + std::string(parts->behind);
    value.scale = static_cast<std::int32_t>(parts->scale());
    trimZeros(value);
    if (value.scale < 0 && value.digits.size() + static_cast<std::size_t>(-value.scale) <= kDigitsMax) {
        if (!value.digits.empty()) value.digits.append(static_cast<std::size_t>(-value.scale), '0');
        value.scale = 0;
    }
    if (value.digits.size() > kDigitsMax || value.scale < 0 || value.scale > static_cast<int>(kDigitsMax)) {
        return notADecimal(text);
    }
    return value;
}

Result<Decimal> Decimal::decode(BytesView body) {
    const Error wrong{ErrorCode::Corrupt, "a decimal is not packed as one", {}, {}};
    MsgpackReader reader(body);
    const std::int64_t scale = reader.integer();
    if (!reader.ok() || reader.atEnd() || scale > kScaleMax || scale < -kScaleMax) return wrong;
    if (reader.remaining() > kDigitsMax / 2 + 1) return wrong;
    Decimal value;
    value.scale = static_cast<std::int32_t>(scale);
    for (const char* at = reader.position(); at != body.data() + body.size(); ++at) {
        const auto byte = static_cast<unsigned char>(*at);
        const unsigned high = byte >> 4U;
        const unsigned low = byte & 0x0fU;
        const bool last = at + 1 == body.data() + body.size();
        if (high > 9 || (last ? low < 10 : low > 9)) return wrong;
        value.digits += static_cast<char>('0' + high);
        if (last) {
            value.negative = low == kMinus || low == 0x0b;
        } else {
            value.digits += static_cast<char>('0' + low);
        }
    }
    trimZeros(value);
    return value;
}

Bytes Decimal::encode() const {
    Bytes out;
    MsgpackWriter(out).integer(scale);
    std::string packed = digits.empty() ? "0" : digits;
    if (packed.size() % 2 == 0) packed.insert(0, 1, '0');
    for (std::size_t i = 0; i < packed.size(); i += 2) {
        const auto high = static_cast<unsigned>(packed[i] - '0');
        const unsigned low =
            i + 1 < packed.size() ? static_cast<unsigned>(packed[i + 1] - '0') : (negative ? kMinus : kPlus);
        out.push_back(static_cast<char>(high << 4U | low));
    }
    return out;
}

std::string Decimal::text() const {
    std::string out = digits.empty() ? "0" : digits;
    if (scale < 0) return (negative ? "-" : "") + out + "E+" + std::to_string(-scale);
    const auto behind = static_cast<std::size_t>(scale);
    if (behind > 0) {
        if (out.size() <= behind) out.insert(0, behind + 1 - out.size(), '0');
        out.insert(out.size() - behind, 1, '.');
    }
    return (negative ? "-" : "") + out;
}

int Decimal::compare(const Decimal& other) const {
    if (negative != other.negative) return negative ? -1 : 1;
    const int sign = negative ? -1 : 1;
    if (digits.empty() || other.digits.empty()) {
        return sign * (digits.empty() ? (other.digits.empty() ? 0 : -1) : 1);
    }
    // Where the first digit stands before the point decides; then the digits do, as if both were as long.
    const auto place = [](const Decimal& value) {
        return static_cast<std::int64_t>(value.digits.size()) - value.scale;
    };
    if (place(*this) != place(other)) return place(*this) < place(other) ? -sign : sign;
    const std::size_t length = std::max(digits.size(), other.digits.size());
    for (std::size_t i = 0; i < length; ++i) {
        const char mine = i < digits.size() ? digits[i] : '0';
        const char theirs = i < other.digits.size() ? other.digits[i] : '0';
        if (mine != theirs) return mine < theirs ? -sign : sign;
    }
    return 0;
}

std::optional<Uuid> uuidOf(const MsgpackExtension& extension) {
    if (extension.kind != kUuidExtension || extension.body.size() != Uuid::kSize) return std::nullopt;
    return Uuid::fromBytes(extension.body);
}

void appendUuid(Bytes& out, const Uuid& uuid) {
    MsgpackWriter(out).extension(kUuidExtension, uuid.bytes());
}

Result<std::vector<CarriedError>> decodeErrorStack(BytesView map) {
    MsgpackReader reader(map);
    std::vector<CarriedError> stack;
    for (std::uint32_t pairs = reader.map(); pairs > 0 && reader.ok(); --pairs) {
        if (reader.unsignedInteger() != 0) {
            reader.value();
            continue;
        }
        for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
            CarriedError error;
            for (std::uint32_t fields = reader.map(); fields > 0 && reader.ok(); --fields) {
                switch (reader.unsignedInteger()) {
                    case 0: error.type = reader.string(); break;
                    case 1: error.file = reader.string(); break;
                    case 2: error.line = reader.unsignedInteger(); break;
                    case 3: error.message = reader.string(); break;
                    case 4: error.systemError = reader.unsignedInteger(); break;
                    case 5: error.code = reader.unsignedInteger(); break;
                    default: reader.value(); break;
                }
            }
            stack.push_back(std::move(error));
        }
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "the stack of an error is not well formed", {}, {}};
    return stack;
}

void appendErrorStack(Bytes& out, const std::vector<CarriedError>& stack) {
    MsgpackWriter writer(out);
    writer.map(1);
    writer.unsignedInteger(0);
    writer.array(stack.size());
    for (const CarriedError& error : stack) {
        writer.map(6);
        writer.unsignedInteger(0);
        writer.string(error.type);
        writer.unsignedInteger(1);
        writer.string(error.file);
        writer.unsignedInteger(2);
        writer.unsignedInteger(error.line);
        writer.unsignedInteger(3);
        writer.string(error.message);
        writer.unsignedInteger(4);
        writer.unsignedInteger(error.systemError);
        writer.unsignedInteger(5);
        writer.unsignedInteger(error.code);
    }
}

}  // namespace tributary::engine::tarantool
