// Texts of form fields to values and back.
#include "core/systems/attribute.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/topology/measures.h"

namespace tributary {

namespace {

Error refusal(std::string what, std::string fix = {}) {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

template <typename T>
Result<AttributeValue> held(const Result<T>& parsed) {
    if (!parsed) return parsed.error();
    if constexpr (std::is_same_v<T, bool>) {
        return AttributeValue(*parsed);
    } else {
        return AttributeValue(static_cast<std::int64_t>(*parsed));
    }
}

Result<AttributeValue> readWord(const AttributeSpec& spec, const std::string& text) {
    const std::vector<std::string>& words = spec.words();
    if (std::find(words.begin(), words.end(), text) != words.end()) return AttributeValue(text);
    return refusal(fmt::format("{} cannot be '{}'", spec.name, text), fmt::format("one of: {}", join(words, ", ")));
}

Result<AttributeValue> readInteger(const AttributeSpec& spec, const std::string& text) {
    std::int64_t number = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || stop != text.data() + text.size() || number < 0) {
        return refusal(fmt::format("'{}' is not a whole number", text));
    }
    if (number < spec.low || number > spec.high) {
        return refusal(fmt::format("{} must lie between {} and {}, not {}", spec.name, spec.low, spec.high, number));
    }
    return AttributeValue(number);
}

Result<AttributeValue> readName(const AttributeSpec& spec, const std::string& text) {
    if (text.empty()) return AttributeValue();
    if (Status named = checkName(spec.item, text); !named) return named.error();
    return AttributeValue(text);
}

Result<AttributeValue> checked(const std::string& text, const Status& status) {
    if (text.empty()) return AttributeValue();
    if (!status) return status.error();
    return AttributeValue(text);
}

Result<AttributeValue> readNames(const AttributeSpec& spec, const std::string& text) {
    std::vector<std::string> names = splitList(text);
    for (const std::string& name : names) {
        if (Status named = checkName(spec.item, name); !named) return named.error();
    }
    return AttributeValue(std::move(names));
}

}  // namespace

Status checkAddress(std::string_view text) {
    if (parseHostPort(text)) return okStatus();
    return refusal(fmt::format("'{}' is not host:port", text), "as in 10.0.0.7:7660 or [::1]:7660");
}

Status checkIdentity(std::string_view text) {
    const Result<Uuid> uuid = Uuid::parse(text);
    if (uuid && !uuid->isNil()) return okStatus();
    return refusal(fmt::format("'{}' is no uuid{}", text, uuid ? ", it is the nil one, which identifies nothing" : ""),
                   "as in 9bb111c2-3ff5-46a7-80f4-2b9a573ea660");
}

Result<bool> parseBoolean(std::string_view text) {
    const std::string word = toLower(trim(text));
    if (word == "true" || word == "yes") return true;
    if (word == "false" || word == "no") return false;
    return refusal(fmt::format("'{}' is neither true nor false", text));
}

std::vector<std::string> splitList(std::string_view text) {
    if (trim(text).empty()) return {};
    std::vector<std::string> out;
    for (const std::string& piece : split(text, ',')) out.emplace_back(trim(piece));
    return out;
}

Error unknownAttribute(std::string_view thing, std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest(name, known);
    return refusal(
        fmt::format("{} has no attribute '{}'", thing, name),
        near.empty() ? fmt::format("one of: {}", join(known, ", ")) : fmt::format("did you mean '{}'?", near));
}

std::string shownValue(const AttributeSpec& spec, const AttributeValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return join(*list, ", ");
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr) return {};
    switch (spec.value) {
        case ValueForm::Seconds:
        case ValueForm::Span: return formatDuration(static_cast<Micros>(*number) * 1'000'000);
        case ValueForm::Latency: return formatDuration(static_cast<Micros>(*number));
        case ValueForm::Rate: return formatBandwidth(static_cast<std::uint64_t>(*number));
        default: return std::to_string(*number);
    }
}

Result<AttributeValue> readValue(const AttributeSpec& spec, const std::optional<std::string>& text) {
    const bool needed = spec.required() || spec.identity;
    if (needed && (spec.value == ValueForm::Text || spec.value == ValueForm::Name) && (!text || text->empty())) {
        return refusal(fmt::format("{} must not be empty", spec.name));
    }
    if (!text) return AttributeValue();
    switch (spec.value) {
        case ValueForm::Text:
        case ValueForm::AnyText: return AttributeValue(*text);
        case ValueForm::Name: return readName(spec, *text);
        case ValueForm::Address: return checked(*text, checkAddress(*text));
        case ValueForm::Identity: return checked(*text, checkIdentity(*text));
        case ValueForm::Word: return readWord(spec, *text);
        case ValueForm::Flag: return held(parseBoolean(*text));
        case ValueForm::Integer: return readInteger(spec, *text);
        case ValueForm::Seconds:
        case ValueForm::Span: return held(parseSeconds(*text));
        case ValueForm::Latency: return held(parseLatency(*text));
        case ValueForm::Rate: return held(parseBandwidth(*text));
        case ValueForm::Names: return readNames(spec, *text);
        case ValueForm::Texts:
        case ValueForm::Columns: return AttributeValue(splitList(*text));
        case ValueForm::Structure: break;
    }
    return refusal(fmt::format("{} is not written in one field", spec.name), "edit topology.yaml");
}

}  // namespace tributary
