// Values as bytes that sort like them.
#include "engine/systems/tarantool/instance/rowkeys.h"

#include <bit>
#include <cmath>

namespace tributary::engine::tarantool {
namespace {

constexpr char kPlan = 'd';
constexpr char kRow = 'r';
constexpr char kClock = 'v';
constexpr char kJoining = 'j';
constexpr char kNil = 'n';
constexpr char kBehind = '\x7f';  ///< above the letters of parts
constexpr int kExponentBias = 0x2000;

template <typename T>
void appendBig(Bytes& out, T value) {
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(value >> shift));
    }
}

/// Any text, so that its end is below every continuation: 0 becomes 0 255, the end is 0 1.
void appendEscaped(Bytes& out, BytesView text) {
    if (text.find('\0') == BytesView::npos) {
        out.append(text);
    } else {
        for (const char c : text) {
            out.push_back(c);
            if (c == '\0') out.push_back('\xff');
        }
    }
    out.push_back('\0');
    out.push_back('\x01');
}

/// Sign, exponent and 64 bits of the magnitude: whole numbers and doubles are exact in it, whatever they came as.
void appendMagnitude(Bytes& out, bool isNegative, int exponent, std::uint64_t bits) {
    out.push_back(isNegative ? '\x01' : '\x03');
    const std::size_t begin = out.size();
    appendBig(out, static_cast<std::uint16_t>(exponent + kExponentBias));
    appendBig(out, bits);
    if (!isNegative) return;
    for (std::size_t i = begin; i < out.size(); ++i) out[i] = static_cast<char>(~out[i]);
}

void appendWhole(Bytes& out, bool isNegative, std::uint64_t magnitude) {
    if (magnitude == 0) {
        out.push_back('\x02');
        return;
    }
    const int lead = std::countl_zero(magnitude);
    appendMagnitude(out, isNegative, 64 - lead, magnitude << static_cast<unsigned>(lead));
}

void appendReal(Bytes& out, double value) {
    if (std::isnan(value)) {
        out.push_back('\0');  // before all numbers
    } else if (value == 0) {
        out.push_back('\x02');
    } else if (std::isinf(value)) {
        appendMagnitude(out, value < 0, kExponentBias - 1, UINT64_MAX);
    } else {
        int exponent = 0;
        const double part = std::frexp(std::abs(value), &exponent);  // from 0.5 to below 1
        appendMagnitude(out, value < 0, exponent, static_cast<std::uint64_t>(std::ldexp(part, 64)));
    }
}

void appendIndexPrefix(Bytes& out, std::uint32_t space, std::uint32_t index) {
    out.push_back(kRow);
    appendBig(out, space);
    out.push_back(static_cast<char>(index));
}

BoxFailure noSuchKey() {
    return failures::unsupported("This version", "decimals in keys");
}

}  // namespace

Bytes indexPrefix(std::uint32_t space, std::uint32_t index) {
    Bytes out;
    appendIndexPrefix(out, space, index);
    return out;
}

Bytes behindPrefix(BytesView prefix) {
    return Bytes(prefix) + kBehind;
}

Bytes joiningKey() {
    return Bytes(1, kJoining);
}

Bytes planKey(std::uint32_t space) {
    Bytes out(1, kPlan);
    appendBig(out, space);
    return out;
}

Bytes clockKey(std::uint32_t id) {
    return Bytes(1, kClock) + static_cast<char>(id);
}

std::uint32_t clockIdOf(BytesView key) {
    return key.size() < 2 ? 0 : static_cast<unsigned char>(key[1]);
}

bool appendPart(Bytes& out, BytesView value) {
    MsgpackReader reader(value);
    switch (reader.type()) {
        case MsgpackType::Nil: out.push_back(kNil); return true;
        case MsgpackType::Boolean:
            out.push_back('o');
            out.push_back(reader.boolean() ? '\x01' : '\0');
            return true;
        case MsgpackType::Unsigned:
            out.push_back('p');
            appendWhole(out, false, reader.unsignedInteger());
            return true;
        case MsgpackType::Negative:
            out.push_back('p');
            appendWhole(out, true, std::uint64_t{0} - static_cast<std::uint64_t>(reader.integer()));
            return true;
        case MsgpackType::Float:
        case MsgpackType::Double:
            out.push_back('p');
            appendReal(out, reader.real());
            return true;
        case MsgpackType::String:
            out.push_back('s');
            appendEscaped(out, reader.string());
            return true;
        case MsgpackType::Binary:
            out.push_back('t');
            appendEscaped(out, reader.binary());
            return true;
        case MsgpackType::Extension: {
            const auto uuid = uuidOf(reader.extension());
            if (!uuid) return false;
            out.push_back('u');
            out.append(uuid->bytes());
            return true;
        }
        case MsgpackType::Array:
        case MsgpackType::Map: return false;
    }
    return false;
}

std::optional<BoxFailure> appendParts(Bytes& out, const Key& key) {
    for (const BytesView value : key) {
        if (!appendPart(out, value)) return noSuchKey();
    }
    return std::nullopt;
}

std::optional<BoxFailure> rowKeyOf(const Space& space, const Index& index, const Tuple& tuple, Bytes& key) {
    constexpr std::size_t kMostKeysBytes = 32;
    key.clear();
    key.reserve(kMostKeysBytes);
    appendIndexPrefix(key, space.id(), index.plan.id);
    bool hasNil = false;
    for (const KeyPart& part : index.order->parts()) {
        const std::size_t begin = key.size();
        if (!appendPart(key, tuple.field(part.field))) return noSuchKey();
        hasNil = hasNil || key[begin] == kNil;
    }
    if (index.plan.id == 0 || (index.plan.isUnique && !hasNil)) return std::nullopt;
    for (const KeyPart& part : space.primary()->order->parts()) {
        if (!appendPart(key, tuple.field(part.field))) return noSuchKey();
    }
    return std::nullopt;
}

Bytes primaryKeyOf(const Space& space, const Tuple& tuple) {
    Bytes key;
    const Key parts = space.primary()->order->keyOf(tuple);
    MsgpackWriter(key).array(parts.size());
    for (const BytesView part : parts) key.append(part);
    return key;
}

}  // namespace tributary::engine::tarantool
