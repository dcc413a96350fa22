// Lines to operations and back.
#include "app/instanceruns/memberport.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "core/base/text.h"

namespace tributary::app {

runbooks::CommandOutcome MemberPort::execute(const std::string& line, Millis timeoutMs) {
    runbooks::CommandOutcome outcome;
    const auto parsed = spoken_.parseLine(line);
    const auto done = parsed ? carryOut(parsed->op, timeoutMs) : Result<Outcome>(parsed.error());
    if (!done) {
        outcome.error = done.error().text();
        outcome.errorKind = std::string(errorCodeName(done.error().code));
        outcome.fix = done.error().fix;
        return outcome;
    }
    outcome.ok = true;
    outcome.output = spoken_.render(parsed->op, *done, 0, 0);
    for (const auto* warnings : {&parsed->warnings, &done->warnings}) {
        for (const std::string& warning : *warnings) outcome.output += "warning: " + warning + "\n";
    }
    return outcome;
}

Status MemberPort::validate(const std::string& line) {
    const auto parsed = spoken_.parseLine(line);
    return parsed ? okStatus() : Status(parsed.error());
}

std::string MemberPort::fingerprint() {
    const std::string text = join(describe(), "\n");
    if (text.empty()) return {};
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace tributary::app
