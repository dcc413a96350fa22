// Error lines and error envelopes.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli/jsontext.h"
#include "runbooks/dialects/maprcli/maprcodes.h"
#include "runbooks/dialects/maprcli/output.h"

namespace tributary::runbooks {
namespace {

struct Failure {
    std::string command;
    MaprCode code;
    bool json = false;
};

std::string oneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return text;
}

RenderedError renderFailure(const Failure& failure, const Error& error, Millis nowMs, int tzOffsetMinutes) {
    std::string message = fmt::format("{}: {}", failure.command, oneLine(error.text()));
    const std::string_view errnoText = failure.code.errnoText;
    if (!errnoText.empty() && !message.ends_with(errnoText)) message += fmt::format(", {}", errnoText);
    RenderedError rendered;
    rendered.exitStatus = failure.code.exitStatus;
    if (failure.json) {
        nlohmann::ordered_json errors = nlohmann::ordered_json::array();
        errors.push_back({{"id", failure.code.id}, {"desc", message}});
        rendered.out =
            envelopeHead(nowMs, tzOffsetMinutes, "ERROR") + fmt::format("\t\"errors\":{}\n}}\n", jsonText(errors, 1));
    } else {
        rendered.err = fmt::format("ERROR ({}) -  {}\n", failure.code.id, message);  // two blanks, as the system has
    }
    if (!error.fix.empty()) rendered.err += fmt::format("  try: {}\n", oneLine(error.fix));
    return rendered;
}

}  // namespace

RenderedError renderError(const Operation& op, const Error& error, Millis nowMs, int tzOffsetMinutes) {
    return renderFailure({std::string(verbName(op.verb)), maprCodeOf(error.code, op.verb), op.json}, error, nowMs,
                         tzOffsetMinutes);
}

RenderedError renderError(const std::string& command, const std::vector<std::string>& words, const Error& error,
                          Millis nowMs, int tzOffsetMinutes) {
    const bool json =
        std::any_of(words.begin(), words.end(), [](const auto& word) { return toLower(word) == "-json"; });
    return renderFailure({command, maprCodeOf(error.code), json}, error, nowMs, tzOffsetMinutes);
}

}  // namespace tributary::runbooks
