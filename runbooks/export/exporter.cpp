// Targets by name, and what both need to know of a runbook.
#include "runbooks/export/exporter.h"

#include <algorithm>
#include <set>

#include "runbooks/dialects/templatewords.h"
#include "runbooks/export/carried.h"
#include "runbooks/export/targets.h"

namespace tributary::runbooks {
namespace detail {

std::vector<std::string> programsOf(const Runbook& runbook) {
    std::set<std::string> programs;
    for (const Step& step : runbook.steps) {
        for (const auto* lines : {&step.commands, &step.undo}) {
            for (const CommandLine& line : *lines) {
                const auto words = splitTemplateWords(line.text);
                if (!words || words->empty()) continue;
                const Dialect* dialect = runbook.dialects.ofProgram(words->front());
                const bool isFunction = dialect != nullptr && !dialect->words().starts.empty();
                programs.insert(isFunction ? std::string(dialect->words().starts) : words->front());
            }
        }
    }
    for (const std::string& check : checkNamesOf(runbook)) {
        for (const Dialect* dialect : runbook.dialects.all()) {
            for (const CheckSpec& spec : dialect->words().checks) {
                if (spec.name != check) continue;
                const DialectWords& about = dialect->words();
                programs.emplace(about.starts.empty() ? about.program : about.starts);
                if (!spec.alsoStarts.empty()) programs.emplace(spec.alsoStarts);
            }
        }
    }
    return {programs.begin(), programs.end()};
}

std::vector<std::string> checkNamesOf(const Runbook& runbook) {
    std::set<std::string> names;
    const auto add = [&](const std::vector<Check>& checks) {
        for (const Check& check : checks) names.insert(check.name);
    };
    add(runbook.requirements);
    add(runbook.invariants);
    for (const Step& step : runbook.steps) {
        add(step.doneWhen);
        add(step.requirements);
        for (const VerifyClause& clause : step.verify) names.insert(clause.check.name);
        for (const CommandLine& line : step.commands) {
            if (line.doneWhen) names.insert(line.doneWhen->name);
        }
        for (const Condition& condition : step.when) {
            using Kind = Condition::Kind;
            names.insert(condition.kind == Kind::System     ? condition.check.name
                         : condition.kind == Kind::Constant ? "is-true"
                                                            : "equal");
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace detail

Result<ExportTarget> parseExportTarget(const std::string& text) {
    if (text == "bash") return ExportTarget::Bash;
    if (text == "markdown") return ExportTarget::Markdown;
    return Error{ErrorCode::InvalidInput, "there is no target `" + text + "`", "--to", "one of: bash, markdown"};
}

Result<std::string> exportRunbook(const Runbook& runbook, const ParameterValues& values, ExportTarget target,
                                  std::string_view version) {
    const auto rendered = renderRunbook(runbook, values);
    if (!rendered) return rendered.error();
    const detail::ExportSource source{runbook, *rendered, values, version};
    auto body = target == ExportTarget::Bash ? detail::bashScript(source) : detail::markdownPage(source);
    return body;
}

}  // namespace tributary::runbooks
