// Values of a runbook: texts of checks and conditions, names of classes, hashes.
#include "runbooks/model/runbook.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {

std::string Check::text() const {
    std::string out = name;
    for (const std::string& argument : arguments) out += ' ' + quoteTemplateWord(argument);
    return out;
}

std::string Condition::text() const {
    const std::string sign = negated ? "not " : "";
    switch (kind) {
        case Kind::System: return sign + check.text();
        case Kind::Equal: return sign + quoteTemplateWord(left) + " == " + quoteTemplateWord(right);
        case Kind::NotEqual: return sign + quoteTemplateWord(left) + " != " + quoteTemplateWord(right);
        case Kind::Constant: return sign + left;
    }
    return sign + left;
}

bool Condition::staticValue() const {
    const bool value = kind == Kind::Equal ? left == right : kind == Kind::NotEqual ? left != right : left == "true";
    return value != negated;
}

std::string Condition::unmetText(const std::string& seen) const {
    const std::string shown = isStatic() && !asked.empty() ? asked : text();
    const std::string& because = isStatic() ? given : seen;
    if (shown == "false") return "when: false";
    return "when: " + shown + " is false" + (because.empty() ? "" : " (" + because + ")");
}

FailureClass failureClassOf(const std::string& errorKind) {
    if (errorKind.empty()) return FailureClass::None;
    if (errorKind == "timeout") return FailureClass::Timeout;
    if (errorKind == "unavailable") return FailureClass::Unreachable;
    if (errorKind == "conflict") return FailureClass::Transient;  // "the state forbids it now"
    if (errorKind == "permission-denied") return FailureClass::Permission;
    if (errorKind == "invalid-input" || errorKind == "unsupported") return FailureClass::Precondition;
    if (errorKind == "not-found" || errorKind == "already-exists") return FailureClass::Semantic;
    return FailureClass::Machinery;
}

std::string_view failureClassName(FailureClass failure) {
    switch (failure) {
        case FailureClass::None: return "none";
        case FailureClass::Precondition: return "precondition";
        case FailureClass::Transient: return "transient";
        case FailureClass::Unreachable: return "unreachable";
        case FailureClass::Timeout: return "timeout";
        case FailureClass::Permission: return "permission";
        case FailureClass::Semantic: return "semantic";
        case FailureClass::Verify: return "verify";
        case FailureClass::Machinery: return "machinery";
    }
    return "machinery";
}

bool RetryPolicy::covers(FailureClass failure) const {
    return std::find(on.begin(), on.end(), failure) != on.end();
}

std::string_view onFailureName(OnFailure onFailure) {
    switch (onFailure) {
        case OnFailure::Abort: return "abort";
        case OnFailure::Continue: return "continue";
        case OnFailure::Pause: return "pause";
        case OnFailure::Compensate: return "compensate";
    }
    return "abort";
}

const Step* Runbook::findStep(const std::string& stepId) const {
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.id == stepId; });
    return at == steps.end() ? nullptr : &*at;
}

const Parameter* Runbook::findParameter(const std::string& name) const {
    const auto at = std::find_if(parameters.begin(), parameters.end(),
                                 [&](const Parameter& parameter) { return parameter.name == name; });
    return at == parameters.end() ? nullptr : &*at;
}

std::string contentHash(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string stepHash(const Step& rendered) {
    // Every field that changes what happens, each on a line of its own: two steps with one hash do the same.
    std::vector<std::string> parts{rendered.id, std::to_string(static_cast<int>(rendered.kind)), rendered.instruction,
                                   std::to_string(rendered.waitMs), std::to_string(rendered.timeoutMs)};
    for (const std::string& target : rendered.targets) parts.push_back("target " + target);
    for (const CommandLine& line : rendered.commands) parts.push_back("do " + line.text);
    for (const Check& check : rendered.requirements) parts.push_back("requires " + check.text());
    for (const VerifyClause& clause : rendered.verify) parts.push_back("verify " + clause.check.text());
    for (const CommandLine& line : rendered.undo) parts.push_back("undo " + line.text);
    parts.push_back("irreversible " + rendered.irreversible);
    return contentHash(join(parts, "\n")).substr(0, 12);
}

}  // namespace tributary::runbooks
