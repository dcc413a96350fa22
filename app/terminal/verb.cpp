// How every verb reports an error.
#include "app/terminal/verb.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/admin/tableadmincalls.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using runbooks::ExitCode;

ExitCode exitCodeFor(ErrorCode code) {
    switch (code) {
        case ErrorCode::InvalidInput:
        case ErrorCode::Unsupported:
        case ErrorCode::NotFound: return ExitCode::Usage;  // what the line or a file names is not there
        case ErrorCode::Unavailable:
        case ErrorCode::Timeout: return ExitCode::Unknown;
        case ErrorCode::Cancelled: return ExitCode::Interrupted;
        case ErrorCode::Internal: return ExitCode::Internal;
        default: return ExitCode::VerifyFailed;
    }
}

// Lines that follow the first are indented, so that one error reads as one paragraph.
std::string indented(const std::string& text) {
    std::string out;
    for (const char letter : text) {
        out += letter;
        if (letter == '\n') out += "  ";
    }
    return out;
}

}  // namespace

std::string VerbContext::hereOptions() const {
    std::string out;
    if (!workspaceDir.empty()) out += " -w " + engine::maprdb::shellWord(workspaceDir);
    if (!user.empty()) out += " --as " + engine::maprdb::shellWord(user);
    return out;
}

int VerbContext::fail(const Error& error) const {
    return fail(error, static_cast<int>(exitCodeFor(error.code)));
}

int VerbContext::fail(const Error& whole, int exit) const {
    const Error error = boundedError(whole);
    if (json) {
        nlohmann::ordered_json body{{"code", errorCodeName(error.code)}, {"what", error.what}};
        if (!error.where.empty()) body["where"] = error.where;
        if (!error.fix.empty()) body["fix"] = error.fix;
        body["exit"] = exit;
        const nlohmann::ordered_json document{{"error", body}};
        printJson(document);
        return exit;
    }
    fmt::print(stderr, "tributary: {}\n", indented(error.text()));
    // A question or a list is advice as it stands; anything else is what to try.
    const bool plain = error.fix.starts_with("did you mean") || error.fix.starts_with("one of");
    if (!error.fix.empty()) fmt::print(stderr, "  {}{}\n", plain ? "" : "try: ", indented(error.fix));
    return exit;
}

}  // namespace tributary::app
