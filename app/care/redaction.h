// Taking secrets out of texts that leave the machine.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::app {

/// Knows texts that must not be seen, and replaces them wherever they stand: as they are, in base64 (at any offset of a
/// longer text), in hexadecimal, percent-encoded, and as JSON writes them. One thread at a time.
class Redactor {
public:
    /// Remembers a text and its lines. What is shorter than kSecretBytesMin is not looked for: it would be found in
    /// everything.
    void hide(std::string_view secret);
    /// Replaces what is hidden by "[withheld]".
    [[nodiscard]] std::string scrub(std::string text) const;

    static constexpr std::size_t kSecretBytesMin = 4;

private:
    void hideOne(std::string_view secret);

    std::vector<std::string> forms_;  ///< longest first
    std::set<std::string> known_;
};

/// "[withheld, 12 characters]"
[[nodiscard]] std::string withheld(std::string_view text);

/// A value that tells nobody anything but where and how: an absolute path, a number, true, false or nothing.
[[nodiscard]] bool isPlainValue(std::string_view text);

/// A command with what is neither program, option, path, number nor a name in the drawing's world withheld.
[[nodiscard]] std::string redactedCommand(const std::string& line);

/// First pass over a record of a run's journal: hides what it must not show.
void hideSecretsOf(const nlohmann::ordered_json& record, Redactor& redactor);
/// Second pass: the record with only the members that are known to be harmless, and those scrubbed.
[[nodiscard]] nlohmann::ordered_json redactedRecord(const nlohmann::ordered_json& record, const Redactor& redactor);

}  // namespace tributary::app
