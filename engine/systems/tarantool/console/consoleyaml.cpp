// Events for libyaml's emitter, with the styles that Tarantool chooses.
#include "engine/systems/tarantool/console/consoleyaml.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <yaml.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "core/base/escape.h"
#include "engine/systems/tarantool/msgpack/msgpackext.h"

namespace tributary::engine::tarantool {
namespace {

constexpr const char* kBinaryTag = "tag:yaml.org,2002:binary";

bool isHexDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool isDecimalDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isBinaryDigit(char c) {
    return c == '0' || c == '1';
}

bool equalsIgnoringCase(std::string_view text, std::string_view small) {
    if (text.size() != small.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] | 0x20) != small[i]) return false;
    }
    return true;
}

std::size_t takeDigits(std::string_view& text, bool (*isOne)(char)) {
    std::size_t taken = 0;
    while (taken < text.size() && isOne(text[taken])) ++taken;
    text.remove_prefix(taken);
    return taken;
}

bool takeExponent(std::string_view& text, char letter) {
    if (text.empty() || (text.front() | 0x20) != letter) return true;
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
    return takeDigits(text, isDecimalDigit) > 0;
}

bool isLuaNumber(std::string_view text) {
    constexpr std::string_view kBlank = " \t\n\v\f\r";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return false;
    text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
    if (text.front() == '+' || text.front() == '-') text.remove_prefix(1);
    if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "nan") || equalsIgnoringCase(text, "infinity")) {
        return true;
    }
    const bool hasPrefix = text.size() > 2 && text.front() == '0';
    const char kind = hasPrefix ? static_cast<char>(text[1] | 0x20) : '0';
    if (kind == 'b') {
        text.remove_prefix(2);
        return takeDigits(text, isBinaryDigit) > 0 && text.empty();
    }
    const bool hex = kind == 'x';
    if (hex) text.remove_prefix(2);
    bool (*const digit)(char) = hex ? isHexDigit : isDecimalDigit;
    std::size_t digits = takeDigits(text, digit);
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        digits += takeDigits(text, digit);
    }
    return digits > 0 && takeExponent(text, hex ? 'p' : 'e') && text.empty();
}

std::string base64(BytesView bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

const yaml_char_t* anchorOf(const std::string& anchor) {
    return anchor.empty() ? nullptr : reinterpret_cast<const yaml_char_t*>(anchor.c_str());
}

std::string extensionText(const MsgpackExtension& extension) {
    if (const auto uuid = uuidOf(extension)) return uuid->text();
    if (extension.kind == kDecimalExtension) {
        if (const auto decimal = Decimal::decode(extension.body)) return decimal->text();
    }
    if (extension.kind == kErrorExtension) {
        if (const auto stack = decodeErrorStack(extension.body); stack && !stack->empty()) {
            return stack->front().message;
        }
    }
    return fmt::format("(extension {} of {} bytes)", extension.kind, extension.body.size());
}

}  // namespace

bool isQuotedByConsole(std::string_view text) {
    constexpr std::array<std::string_view, 6> kWords{"true", "false", "yes", "no", "null", "~"};
    for (const std::string_view word : kWords) {
        if (text == word) return true;
    }
    return isLuaNumber(text);
}

std::string consoleNumber(double value) {
    if (std::isnan(value)) return std::signbit(value) ? "-nan" : "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    // Whole numbers that an integer holds print as one.
    if (value == std::floor(value)) {
        if (value >= 0 && value < 18446744073709551616.0) return fmt::format("{}", static_cast<std::uint64_t>(value));
        if (value < 0 && value >= -9223372036854775808.0) return fmt::format("{}", static_cast<std::int64_t>(value));
    }
    return fmt::format("{:.14g}", value);
}

struct ConsoleYaml::Emitter {
    yaml_emitter_t yaml{};
    std::string text;

    void emit(yaml_event_t& event) { yaml_emitter_emit(&yaml, &event); }  // fails for want of memory only
    static int write(void* into, unsigned char* bytes, std::size_t size) {
        static_cast<Emitter*>(into)->text.append(reinterpret_cast<const char*>(bytes), size);
        return 1;
    }
};

ConsoleYaml::ConsoleYaml(bool isList) : emitter_(std::make_unique<Emitter>()), isList_(isList) {
    yaml_emitter_initialize(&emitter_->yaml);
    yaml_emitter_set_unicode(&emitter_->yaml, 1);
    yaml_emitter_set_output(&emitter_->yaml, Emitter::write, emitter_.get());
    yaml_event_t event;
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    emitter_->emit(event);
    yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 0);
    emitter_->emit(event);
    if (!isList_) return;
    yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_SEQUENCE_STYLE);
    emitter_->emit(event);
}

ConsoleYaml::~ConsoleYaml() {
    yaml_emitter_delete(&emitter_->yaml);
}

void ConsoleYaml::scalar(std::string_view text, int style, bool isBinary) {
    if (depth_ == 0) ++values_;
    yaml_event_t event;
    const auto* const tag = isBinary ? reinterpret_cast<const yaml_char_t*>(kBinaryTag) : nullptr;
    const auto* const bytes = reinterpret_cast<const yaml_char_t*>(text.data());
    yaml_scalar_event_initialize(&event, nullptr, tag, bytes, static_cast<int>(text.size()), isBinary ? 0 : 1,
                                 isBinary ? 0 : 1, static_cast<yaml_scalar_style_t>(style));
    emitter_->emit(event);
}

void ConsoleYaml::string(BytesView text) {
    if (!isUtf8(text)) return binary(text);
    if (text.find("\n\n") != std::string_view::npos) return scalar(text, YAML_LITERAL_SCALAR_STYLE, false);
    const bool quoted = flowDepth_ > 0 || isQuotedByConsole(text);
    scalar(text, quoted ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE, false);
}

void ConsoleYaml::binary(BytesView bytes) {
    scalar(base64(bytes), YAML_ANY_SCALAR_STYLE, true);
}

void ConsoleYaml::plain(std::string_view text) {
    scalar(text, YAML_PLAIN_SCALAR_STYLE, false);
}

void ConsoleYaml::beginArray(Style style, const std::string& anchor) {
    if (depth_++ == 0) ++values_;
    const bool flow = style == Style::Flow || flowDepth_ > 0;
    if (flow) ++flowDepth_;
    yaml_event_t event;
    yaml_sequence_start_event_initialize(&event, anchorOf(anchor), nullptr, 1,
                                         flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
    emitter_->emit(event);
}

void ConsoleYaml::endArray() {
    --depth_;
    if (flowDepth_ > 0) --flowDepth_;
    yaml_event_t event;
    yaml_sequence_end_event_initialize(&event);
    emitter_->emit(event);
}

void ConsoleYaml::beginMap(Style style, const std::string& anchor) {
    if (depth_++ == 0) ++values_;
    const bool flow = style == Style::Flow || flowDepth_ > 0;
    if (flow) ++flowDepth_;
    yaml_event_t event;
    yaml_mapping_start_event_initialize(&event, anchorOf(anchor), nullptr, 1,
                                        flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    emitter_->emit(event);
}

void ConsoleYaml::endMap() {
    --depth_;
    if (flowDepth_ > 0) --flowDepth_;
    yaml_event_t event;
    yaml_mapping_end_event_initialize(&event);
    emitter_->emit(event);
}

void ConsoleYaml::alias(const std::string& anchor) {
    if (depth_ == 0) ++values_;
    yaml_event_t event;
    yaml_alias_event_initialize(&event, anchorOf(anchor));
    emitter_->emit(event);
}

void ConsoleYaml::value(BytesView msgpack, Style style) {
    if (!isOneMsgpackValue(msgpack)) return plain("(damaged MessagePack)");
    struct Open {
        bool isMap = false;
        std::uint64_t left = 0;
    };
    std::vector<Open> open;
    MsgpackReader reader(msgpack);
    do {
        if (!open.empty()) --open.back().left;
        switch (reader.type()) {
            case MsgpackType::Nil:
                reader.nil();
                nil();
                break;
            case MsgpackType::Boolean: boolean(reader.boolean()); break;
            case MsgpackType::Unsigned: unsignedInteger(reader.unsignedInteger()); break;
            case MsgpackType::Negative: integer(reader.integer()); break;
            case MsgpackType::Float:
            case MsgpackType::Double: real(reader.real()); break;
            case MsgpackType::String: string(reader.string()); break;
            case MsgpackType::Binary: binary(reader.binary()); break;
            case MsgpackType::Extension: plain(extensionText(reader.extension())); break;
            case MsgpackType::Array:
                beginArray(style);
                open.push_back({false, reader.array()});
                break;
            case MsgpackType::Map:
                beginMap(style);
                open.push_back({true, std::uint64_t{2} * reader.map()});
                break;
        }
        while (!open.empty() && open.back().left == 0) {
            if (open.back().isMap) {
                endMap();
            } else {
                endArray();
            }
            open.pop_back();
        }
    } while (!open.empty());
}

std::string ConsoleYaml::finish() {
    if (values_ == 0) return "---\n...\n";
    yaml_event_t event;
    if (isList_) {
        yaml_sequence_end_event_initialize(&event);
        emitter_->emit(event);
    }
    yaml_document_end_event_initialize(&event, 0);
    emitter_->emit(event);
    yaml_stream_end_event_initialize(&event);
    emitter_->emit(event);
    yaml_emitter_flush(&emitter_->yaml);
    return std::move(emitter_->text);
}

}  // namespace tributary::engine::tarantool
