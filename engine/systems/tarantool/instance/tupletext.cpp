// Values as Tarantool prints them in messages: JSON with blanks behind commas.
#include "engine/systems/tarantool/instance/tupletext.h"

#include <fmt/format.h>

#include "engine/systems/tarantool/msgpack/msgpackext.h"

namespace tributary::engine::tarantool {
namespace {

constexpr int kDepthMax = 32;

void appendQuoted(std::string& out, BytesView text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void appendValue(std::string& out, MsgpackReader& reader, int depth) {
    if (depth > kDepthMax || !reader.ok()) {
        out += "...";
        reader.fail();
        return;
    }
    switch (reader.type()) {
        case MsgpackType::Nil:
            reader.nil();
            out += "null";
            break;
        case MsgpackType::Boolean: out += reader.boolean() ? "true" : "false"; break;
        case MsgpackType::Unsigned: out += std::to_string(reader.unsignedInteger()); break;
        case MsgpackType::Negative: out += std::to_string(reader.integer()); break;
        case MsgpackType::Float:
        case MsgpackType::Double: out += fmt::format("{:g}", reader.real()); break;
        case MsgpackType::String: appendQuoted(out, reader.string()); break;
        case MsgpackType::Binary: appendQuoted(out, reader.binary()); break;
        case MsgpackType::Array: {
            out += '[';
            const std::uint32_t count = reader.array();
            for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
                if (i > 0) out += ", ";
                appendValue(out, reader, depth + 1);
            }
            out += ']';
            break;
        }
        case MsgpackType::Map: {
            out += '{';
            const std::uint32_t count = reader.map();
            for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
                if (i > 0) out += ", ";
                appendValue(out, reader, depth + 1);
                out += ": ";
                appendValue(out, reader, depth + 1);
            }
            out += '}';
            break;
        }
        case MsgpackType::Extension: {
            const MsgpackExtension extension = reader.extension();
            const auto uuid = uuidOf(extension);
            const auto decimal =
                extension.kind == kDecimalExtension ? Decimal::decode(extension.body) : Result<Decimal>(Error{});
            out += uuid ? uuid->text() : decimal ? decimal->text() : "(extension)";
            break;
        }
    }
}

}  // namespace

std::string tupleText(BytesView value) {
    std::string out;
    MsgpackReader reader(value);
    appendValue(out, reader, 0);
    return out;
}

}  // namespace tributary::engine::tarantool
