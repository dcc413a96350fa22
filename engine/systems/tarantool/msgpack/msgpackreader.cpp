// Heads of values, and the walk over nested ones.
#include "engine/systems/tarantool/msgpack/msgpackreader.h"

#include <bit>
#include <climits>

namespace tributary::engine::tarantool {
namespace {

constexpr unsigned kNever = 0xc1;  ///< the one byte that begins no value

bool within(unsigned byte, unsigned low, unsigned high) {
    return byte >= low && byte <= high;
}

MsgpackType typeOf(unsigned byte) {
    if (byte < 0x80 || within(byte, 0xcc, 0xcf)) return MsgpackType::Unsigned;
    if (byte < 0x90 || within(byte, 0xde, 0xdf)) return MsgpackType::Map;
    if (byte < 0xa0 || within(byte, 0xdc, 0xdd)) return MsgpackType::Array;
    if (byte < 0xc0 || within(byte, 0xd9, 0xdb)) return MsgpackType::String;
    if (within(byte, 0xc2, 0xc3)) return MsgpackType::Boolean;
    if (within(byte, 0xc4, 0xc6)) return MsgpackType::Binary;
    if (within(byte, 0xc7, 0xc9) || within(byte, 0xd4, 0xd8)) return MsgpackType::Extension;
    if (byte == 0xca) return MsgpackType::Float;
    if (byte == 0xcb) return MsgpackType::Double;
    if (byte >= 0xd0 && byte != kNever) return MsgpackType::Negative;
    return MsgpackType::Nil;
}

std::uint64_t signExtended(std::uint64_t value, std::size_t bytes) {
    const unsigned shift = 64 - 8 * static_cast<unsigned>(bytes);
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value << shift) >> shift);
}

}  // namespace

std::string_view msgpackTypeName(MsgpackType type) {
    switch (type) {
        case MsgpackType::Nil: return "nil";
        case MsgpackType::Boolean: return "boolean";
        case MsgpackType::Unsigned: return "unsigned";
        case MsgpackType::Negative: return "integer";
        case MsgpackType::Float:
        case MsgpackType::Double: return "double";
        case MsgpackType::String: return "string";
        case MsgpackType::Binary: return "varbinary";
        case MsgpackType::Array: return "array";
        case MsgpackType::Map: return "map";
        case MsgpackType::Extension: return "extension";
    }
    return "nil";
}

MsgpackType MsgpackReader::type() const {
    if (at_ == end_) return MsgpackType::Nil;
    const auto byte = static_cast<unsigned char>(*at_);
    if (!within(byte, 0xd0, 0xd3)) return typeOf(byte);
    // A signed form of a number that is not negative counts as what it is.
    if (remaining() < 2) return MsgpackType::Negative;
    return static_cast<signed char>(at_[1]) < 0 ? MsgpackType::Negative : MsgpackType::Unsigned;
}

void MsgpackReader::fail() {
    ok_ = false;
    at_ = end_;
}

std::uint64_t MsgpackReader::bigEndian(std::size_t bytes) {
    if (remaining() < bytes) {
        fail();
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | static_cast<unsigned char>(*at_++);
    return value;
}

BytesView MsgpackReader::raw(std::uint64_t size) {
    if (!ok_ || size > remaining()) {
        fail();
        return {};
    }
    const BytesView view(at_, static_cast<std::size_t>(size));
    at_ += size;
    return view;
}

MsgpackReader::Head MsgpackReader::head() {
    Head head;
    if (at_ == end_) {
        fail();
        return head;
    }
    head.type = type();
    const auto byte = static_cast<unsigned char>(*at_++);
    const auto width = [&](unsigned first) { return std::size_t{1} << (byte - first); };
    if (byte < 0x80 || byte >= 0xe0) {
        head.bits = byte < 0x80 ? byte : signExtended(byte, 1);
    } else if (byte < 0x90 || within(byte, 0x90, 0x9f)) {
        head.size = byte & 0x0fU;
    } else if (byte < 0xc0) {
        head.size = byte & 0x1fU;
    } else if (within(byte, 0xc2, 0xc3)) {
        head.bits = byte & 1U;
    } else if (within(byte, 0xc4, 0xc6)) {
        head.size = bigEndian(width(0xc4));
    } else if (within(byte, 0xc7, 0xc9)) {
        head.size = bigEndian(width(0xc7));
        head.extension = static_cast<std::int8_t>(bigEndian(1));
    } else if (within(byte, 0xca, 0xcb)) {
        head.bits = bigEndian(byte == 0xca ? 4 : 8);
    } else if (within(byte, 0xcc, 0xcf)) {
        head.bits = bigEndian(width(0xcc));
    } else if (within(byte, 0xd0, 0xd3)) {
        head.bits = signExtended(bigEndian(width(0xd0)), width(0xd0));
    } else if (within(byte, 0xd4, 0xd8)) {
        head.size = width(0xd4);
        head.extension = static_cast<std::int8_t>(bigEndian(1));
    } else if (within(byte, 0xd9, 0xdb)) {
        head.size = bigEndian(width(0xd9));
    } else if (within(byte, 0xdc, 0xdf)) {
        head.size = bigEndian(byte % 2 == 0 ? 2 : 4);
    } else if (byte == kNever) {
        fail();
    }
    head.ok = ok_;
    return head;
}

void MsgpackReader::nil() {
    if (head().type != MsgpackType::Nil) fail();
}

bool MsgpackReader::boolean() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Boolean) return found.bits == 1;
    fail();
    return false;
}

std::uint64_t MsgpackReader::unsignedInteger() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Unsigned) return found.bits;
    fail();
    return 0;
}

std::int64_t MsgpackReader::integer() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Negative) return static_cast<std::int64_t>(found.bits);
    if (found.ok && found.type == MsgpackType::Unsigned && found.bits <= INT64_MAX) {
        return static_cast<std::int64_t>(found.bits);
    }
    fail();
    return 0;
}

double MsgpackReader::real() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Double) return std::bit_cast<double>(found.bits);
    if (found.ok && found.type == MsgpackType::Float) {
        return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(found.bits)));
    }
    fail();
    return 0;
}

BytesView MsgpackReader::string() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::String) return raw(found.size);
    fail();
    return {};
}

BytesView MsgpackReader::binary() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Binary) return raw(found.size);
    fail();
    return {};
}

std::uint32_t MsgpackReader::count(MsgpackType type, std::uint64_t bytesEach) {
    const Head found = head();
    if (found.ok && found.type == type && found.size * bytesEach <= remaining()) {
        return static_cast<std::uint32_t>(found.size);
    }
    fail();
    return 0;
}

std::uint32_t MsgpackReader::array() {
    return count(MsgpackType::Array, 1);
}

std::uint32_t MsgpackReader::map() {
    return count(MsgpackType::Map, 2);
}

MsgpackExtension MsgpackReader::extension() {
    const Head found = head();
    if (found.ok && found.type == MsgpackType::Extension) return {found.extension, raw(found.size)};
    fail();
    return {};
}

BytesView MsgpackReader::value() {
    const char* const begin = at_;
    for (std::uint64_t waiting = 1; waiting > 0 && ok_; --waiting) {
        const Head found = head();
        if (!found.ok) return {};
        switch (found.type) {
            case MsgpackType::String:
            case MsgpackType::Binary:
            case MsgpackType::Extension: raw(found.size); break;
            case MsgpackType::Array: waiting += found.size; break;
            case MsgpackType::Map: waiting += 2 * found.size; break;
            default: break;
        }
        // Each waiting value is a byte at least: a claim of more ends here, not after four billion turns.
        if (waiting - 1 > remaining()) fail();
    }
    return ok_ ? BytesView(begin, static_cast<std::size_t>(at_ - begin)) : BytesView();
}

bool isOneMsgpackValue(BytesView bytes) {
    MsgpackReader reader(bytes);
    reader.value();
    return reader.ok() && reader.atEnd();
}

}  // namespace tributary::engine::tarantool
