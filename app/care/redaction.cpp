// Forms of a secret; records of journals.
#include "app/care/redaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/base/text.h"
#include "runbooks/dialects/words.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kEncodedBytesMin = 6;
constexpr std::size_t kSecretFileBytesMax = 64 << 10;

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned value = 0;
    int bits = 0;
    for (const char c : bytes) {
        value = (value << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) out += kDigits[(value >> static_cast<unsigned>(bits - 6)) & 63U];
        value &= 0xffU;
    }
    return out;  // whole digits only: the last bits depend on what follows
}

/// The digits that a text always gives when it stands `offset` bytes behind a multiple of three.
std::string base64At(std::string_view secret, std::size_t offset) {
    const std::string digits = base64(std::string(offset, '\0') + std::string(secret));
    return digits.substr((offset * 8 + 5) / 6);
}

std::string inHex(std::string_view bytes, bool upper) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned>(static_cast<unsigned char>(c));
        out += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
    }
    return out;
}

std::string inPercent(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

std::string inUrlDigits(std::string digits) {
    std::replace(digits.begin(), digits.end(), '+', '-');
    std::replace(digits.begin(), digits.end(), '/', '_');
    return digits;
}

/// Members whose text is shown, once scrubbed: what was done where, and how it ended.
bool isShownMember(const std::string& name) {
    static const std::set<std::string> kShown{
        "at",       "check", "class",  "code",    "error", "fingerprint", "fix",    "hash",    "id",
        "kind",     "line",  "mode",   "outcome", "phase", "phrase",      "reason", "run",     "runbook",
        "start_at", "step",  "system", "title",   "type",  "until",       "user",   "verdict", "version"};
    return kShown.count(name) != 0;
}

bool isCommandMember(const std::string& name) {
    return name == "text" || name == "lines";
}

Json redactedValue(const std::string& name, const Json& value, const Redactor& redactor) {
    if (value.is_boolean() || value.is_number() || value.is_null()) return value;
    if (value.is_array()) {
        Json out = Json::array();
        for (const Json& item : value) out.push_back(redactedValue(name, item, redactor));
        return out;
    }
    if (value.is_object()) {
        Json out = Json::object();
        for (const auto& [member, inner] : value.items()) out[member] = redactedValue(member, inner, redactor);
        return out;
    }
    const std::string text = value.get<std::string>();
    if (text.empty()) return text;
    if (isCommandMember(name)) return redactor.scrub(redactedCommand(text));
    return isShownMember(name) ? redactor.scrub(text) : withheld(text);
}

void hideReferenced(const std::string& value, Redactor& redactor) {
    if (!value.starts_with("file:")) return;
    std::ifstream file(value.substr(5), std::ios::binary);
    std::string text(kSecretFileBytesMax, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    redactor.hide(text);
}

}  // namespace

void Redactor::hide(std::string_view secret) {
    secret = trim(secret);
    hideOne(secret);
    if (secret.find('\n') == std::string_view::npos) return;
    for (const std::string& line : split(secret, '\n')) hideOne(trim(line));
}

void Redactor::hideOne(std::string_view secret) {
    if (secret.size() < kSecretBytesMin || !known_.insert(std::string(secret)).second) return;
    const std::string text(secret);
    std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    quoted = quoted.substr(1, quoted.size() - 2);
    forms_.push_back(text);
    for (const std::string& form : {quoted, inHex(text, false), inHex(text, true), inPercent(text)}) {
        if (form != text) forms_.push_back(form);
    }
    for (std::size_t offset = 0; offset < 3; ++offset) {
        const std::string digits = base64At(text, offset);
        if (digits.size() < kEncodedBytesMin) continue;
        forms_.push_back(digits);
        forms_.push_back(inUrlDigits(digits));
    }
    std::stable_sort(forms_.begin(), forms_.end(),
                     [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::scrub(std::string text) const {
    constexpr std::string_view kInstead = "[withheld]";
    for (const std::string& form : forms_) {
        for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at + kInstead.size()))
            text.replace(at, form.size(), kInstead);
    }
    return text;
}

std::string withheld(std::string_view text) {
    return fmt::format("[withheld, {} characters]", text.size());
}

bool isPlainValue(std::string_view text) {
    if (text.empty() || text == "true" || text == "false" || text.starts_with("/")) return true;
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string redactedCommand(const std::string& line) {
    // Options whose values are names of the drawing.
    static const std::set<std::string> kNames{"-cluster", "-dstcluster", "-gateways", "-cfname", "-name", "-alarm"};
    const auto words = runbooks::splitWords(line);
    if (!words) return withheld(line);
    std::string out;
    std::string option;
    for (const auto& word : words.value().words) {
        const bool isOption = word.text.starts_with("-");
        const bool shown = isOption || isPlainValue(word.text) || option.empty() || kNames.count(option) != 0;
        out += (out.empty() ? "" : " ") + (shown ? word.text : withheld(word.text));
        if (isOption) option = word.text;
    }
    return out;
}

namespace {

/// The keys of rows that a loss is told with (lossText in runbooks/runner): "... exist nowhere else: a, b, ... (why)".
void hideLostKeys(const std::string& text, Redactor& redactor) {
    constexpr std::string_view kBefore = " nowhere else: ";
    for (std::size_t at = text.find(kBefore); at != std::string::npos; at = text.find(kBefore, at)) {
        at += kBefore.size();
        const std::size_t end = std::min({text.find(" (", at), text.find("; ", at), text.find(')', at), text.size()});
        for (const std::string& key : split(std::string_view(text).substr(at, end - at), ',')) {
            redactor.hide(trim(key));
        }
    }
}

}  // namespace

void hideSecretsOf(const Json& record, Redactor& redactor) {
    const auto data = record.find("data");
    if (data == record.end() || !data->is_object()) return;
    for (const auto& [name, value] : data->items()) {
        if (value.is_string()) hideLostKeys(value.get<std::string>(), redactor);
    }
    if (const auto given = data->find("parameters"); given != data->end() && given->is_object()) {
        for (const auto& [name, value] : given->items()) {
            if (!value.is_string()) continue;
            const std::string text = value.get<std::string>();
            if (!isPlainValue(text)) redactor.hide(text);
            hideReferenced(text, redactor);
        }
    }
    // What a comparison of data saw may name rows, and reasons repeat it.
    if (const auto evidence = data->find("evidence"); evidence != data->end() && evidence->is_array()) {
        for (const Json& one : *evidence) {
            if (one.is_object() && one.value("check", "").starts_with("same-data"))
                redactor.hide(one.value("seen", ""));
        }
    }
    if (data->value("phase", "") == "skipped") redactor.hide(data->value("reason", ""));
}

Json redactedRecord(const Json& record, const Redactor& redactor) {
    Json out = Json::object();
    for (const auto& [name, value] : record.items()) {
        if (name == "crc") continue;  // of the line as it was
        if (name != "data" || !value.is_object()) {
            out[name] = redactedValue(name, value, redactor);
            continue;
        }
        Json data = Json::object();
        for (const auto& [member, inner] : value.items()) {
            if (member == "parameters" && inner.is_object()) {
                data[member] = Json::object();  // there, though it may be empty
                for (const auto& [parameter, text] : inner.items()) {
                    const bool plain = text.is_string() && isPlainValue(text.get<std::string>());
                    data[member][parameter] =
                        plain ? text : Json(withheld(text.is_string() ? text.get<std::string>() : ""));
                }
            } else if (member == "text" &&
                       (record.value("type", "") == "run" || record.value("type", "") == "approval")) {
                // The runbook itself; the sentence that was approved, which names rows.
                data[member] = withheld(inner.is_string() ? inner.get<std::string>() : "");
            } else {
                data[member] = redactedValue(member, inner, redactor);
            }
        }
        out["data"] = std::move(data);
    }
    return out;
}

}  // namespace tributary::app
