// Questions for parameters, one line each.
#include "app/terminal/askparameters.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>

#include "app/systems/dialects.h"
#include "app/terminal/terminaltext.h"
#include "app/terminal/typedlines.h"
#include "core/base/text.h"
#include "runbooks/library/library.h"

namespace tributary::app {
namespace {

using runbooks::Parameter;
using runbooks::ParameterType;

/// Turns the terminal's echo off for as long as it lives.
class NoEcho {
public:
    explicit NoEcho(bool wanted) : off_(wanted && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!off_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    ~NoEcho() {
        if (!off_) return;
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
        fmt::print(stderr, "\n");
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios before_{};
    bool off_;
};

class ParameterQuestions {
public:
    ParameterQuestions(const runbooks::Runbook& runbook, runbooks::ParameterValues known, StopSignals& stop)
        : runbook_(runbook),
          known_(std::move(known)),
          typed_([&stop] { return stop.stopped() || stop.wait(0) != 0; }) {}

    /// NAME=VALUE for every parameter that was not given.
    Result<std::vector<std::string>> ask() {
        std::vector<std::string> out;
        for (const Parameter& parameter : runbook_.parameters) {
            if (known_.count(parameter.name) != 0) continue;
            const auto value = one(parameter);
            if (!value) return value.error();
            known_[parameter.name] = value.value();
            out.push_back(parameter.name + "=" + value.value());
        }
        return out;
    }

private:
    Result<std::string> one(const Parameter& parameter) {
        const std::string byDefault = defaultOf(parameter);
        std::string kind(runbooks::parameterTypeName(parameter.type));
        if (!parameter.allowedValues.empty()) kind = join(parameter.allowedValues, ", ");
        if (parameter.type == ParameterType::Secret) kind += ", file:PATH, not shown";
        if (!parameter.example.empty()) kind += ", as " + parameter.example;
        fmt::print(stderr, "\n{} ({})\n", parameter.title.empty() ? parameter.name : parameter.title, kind);
        while (true) {
            const NoEcho echo(parameter.type == ParameterType::Secret);  // before the question: people type ahead
            fmt::print(stderr, "{}{}: ", parameter.name, byDefault.empty() ? "" : " [" + byDefault + "]");
            std::fflush(stderr);
            const auto line = typed_.next();
            if (!line) return Error{ErrorCode::Cancelled, "nothing was run", {}, "--set " + parameter.name + "=VALUE"};
            if (line->empty() && !parameter.required) return byDefault;
            const auto value = runbooks::canonicalValue(parameter, *line, runbook_.dialects);
            if (value) return *line;
            fmt::print(stderr, "  {}\n", line->empty() ? "a value is needed" : value.error().what);
            if (!line->empty() && !value.error().fix.empty()) fmt::print(stderr, "  try: {}\n", value.error().fix);
        }
    }

    /// Defaults may be made of the values before them.
    std::string defaultOf(const Parameter& parameter) const {
        if (parameter.required) return {};
        const auto rendered = runbooks::renderText(parameter.defaultText, known_);
        return rendered ? rendered.value() : std::string();
    }

    const runbooks::Runbook& runbook_;
    runbooks::ParameterValues known_;
    TypedLines typed_;
};

}  // namespace

Status askParameters(const VerbContext& context, const std::string& workspaceRoot, RunWords& words, StopSignals& stop) {
    if (context.noInput || ::isatty(STDIN_FILENO) == 0 || !context.errIsTerminal) return okStatus();
    const auto runbook = runbooks::findRunbook(words.runbook, workspaceRoot, dialects());
    if (!runbook) return runbook.error();
    auto known = parametersOf(words);
    if (!known) return known.error();
    const auto& parameters = runbook->parameters;
    const auto missing = std::count_if(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
        return parameter.required && known->count(parameter.name) == 0;
    });
    if (missing == 0) return okStatus();
    fmt::print(stderr, "{}\n{} value{} missing; Ctrl-C leaves, and nothing is run.\n", runbook->title, missing,
               missing == 1 ? " is" : "s are");
    auto given = ParameterQuestions(runbook.value(), std::move(known).value(), stop).ask();
    if (!given) {
        fmt::print(stderr, "\n");
        return given.error();
    }
    words.set.insert(words.set.end(), given->begin(), given->end());
    fmt::print(stderr, "\n");
    return okStatus();
}

}  // namespace tributary::app
