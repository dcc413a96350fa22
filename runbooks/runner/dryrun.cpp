// The dry run's text.
#include "runbooks/runner/dryrun.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/checks.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/runner.h"

namespace tributary::runbooks {
namespace {

class DryRunWriter {
public:
    DryRunWriter(const Runbook& runbook, SystemPort* port, DryRun& out) : runbook_(runbook), port_(port), out_(out) {}

    void write(const ParameterValues& values, const std::string& until) {
        add("{}: {}\n", runbook_.id, runbook_.title);
        add("runbook {}, system {}\n", runbook_.hash.substr(0, 12), runbook_.system);
        for (const auto& [name, value] : values) add("  {} = {}\n", name, value.empty() ? "(none)" : value);
        for (const Check& check : runbook_.requirements) checkLine("requires", check);
        for (const Check& check : runbook_.invariants) checkLine("always", check);
        int number = 0;
        for (const Step& step : runbook_.steps) {
            writeStep(step, ++number);
            if (step.id == until) break;
        }
        const auto behind = runbook_.steps.size() - static_cast<std::size_t>(number);
        add("\n{}: {} previewed", countText(runbook_.steps.size(), "step"), out_.previewed);
        if (out_.leftOut > 0) add(", {} left out", out_.leftOut);
        if (behind > 0) add(", {} after {} not reached", behind, until);
        if (out_.notPreviewed > 0) add(", {} NOT PREVIEWED", out_.notPreviewed);
        if (out_.invalidLines > 0)
            add(", {} REFUSED", countText(static_cast<std::uint64_t>(out_.invalidLines), "line"));
        add("\n");
    }

private:
    template <typename... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        out_.text += fmt::format(format, std::forward<Args>(args)...);
    }

    CheckVerdict answer(const Check& check) {
        return port_ == nullptr ? CheckVerdict::Unknown : port_->check(check.name, check.arguments).verdict;
    }

    void checkLine(std::string_view word, const Check& check) {
        add("    {:<9} {}", word, check.text());
        if (port_ != nullptr) add("   [now: {}]", verdictName(answer(check)));
        add("\n");
    }

    void commandLine(std::string_view word, const CommandLine& line) {
        add("    {:<9} {}\n", word, line.text);
        if (line.doneWhen) add("    {:<9}   done when {}\n", "", line.doneWhen->text());
        if (port_ == nullptr) return;
        const Status valid = port_->validate(line.text);
        if (valid.ok()) return;
        ++out_.invalidLines;
        add("    {:<9}   REFUSED: {}\n", "", valid.error().text());
    }

    /// Text of the branch, and whether it is already certain. Earlier steps may change what a check sees.
    bool writeWhen(const Step& step, bool& needed) {
        bool certain = true;
        needed = true;
        for (const Condition& condition : step.when) {
            if (condition.isStatic()) {
                const bool holds = condition.staticValue();
                add("    {:<9} {}   [{}{}]\n", "when", condition.asked, holds ? "true" : "false",
                    condition.given.empty() ? "" : ": " + condition.given);
                needed = needed && holds;
                continue;
            }
            const CheckVerdict verdict = answer(condition.check);
            add("    {:<9} {}", "when", condition.text());
            if (port_ != nullptr) add("   [{}: {}]", condition.check.name + " now", verdictName(verdict));
            add("\n");
            certain = false;
        }
        return certain;
    }

    void writeStep(const Step& step, int number) {
        add("\n{}. {}: {}\n", number, step.id, step.title);
        if (!step.enabled) {
            add("    disabled: {}\n", step.disabledBecause);
            ++out_.leftOut;
            return;
        }
        bool needed = true;
        const bool certain = writeWhen(step, needed);
        if (!needed) {
            add("    not needed with these parameters\n");
            ++out_.leftOut;
            return;
        }
        for (const Check& check : step.doneWhen) checkLine("done when", check);
        for (const Check& check : step.requirements) checkLine("requires", check);
        std::string unforeseen = certain ? "" : "whether the step is part of the run is decided when it is reached";
        writeApproval(step);
        for (const CommandLine& line : step.commands) commandLine("do", line);
        if (step.kind == StepKind::Human || step.kind == StepKind::Ask) {
            add("    {:<9} {}\n", step.kind == StepKind::Human ? "by hand" : "ask", step.instruction);
            unforeseen = "a person decides";
            if (!step.approval.needed) {
                add("    {:<9} beforehand: ", "answer");
                writeApprove(step);
            }
        }
        if (step.kind == StepKind::Wait) add("    {:<9} {}\n", "wait", millisText(step.waitMs));
        writeVerify(step);
        writeCourse(step);
        for (const CommandLine& line : step.undo) commandLine("undo", line);
        if (step.nothingToUndo) add("    {:<9} none\n", "undo");
        if (!step.irreversible.empty()) add("    POINT OF NO RETURN: {}\n", step.irreversible);
        if (!step.safeToStop) add("    not a safe point to stop\n");
        if (unforeseen.empty()) {
            ++out_.previewed;
        } else {
            ++out_.notPreviewed;
            add("    NOT PREVIEWED: {}\n", unforeseen);
        }
    }

    void writeApproval(const Step& step) {
        if (!step.approval.needed) return;
        add("    {:<9} {}", "approval", step.approval.text.empty() ? "needed" : step.approval.text);
        if (!step.approval.typeTheName.empty()) add(" (type {})", step.approval.typeTheName);
        add("   ");
        writeApprove(step);
    }

    void writeApprove(const Step& step) {
        out_.approvals.push_back({step.id, stepHash(step)});
        add("--approve {}={}\n", step.id, out_.approvals.back().value);
    }

    /// What differs from the usual when a command does not answer, or says no.
    void writeCourse(const Step& step) {
        static const Step kUsual;
        if (step.timeoutMs != kUsual.timeoutMs)
            add("    {:<9} {} for each command\n", "timeout", millisText(step.timeoutMs));
        if (step.retry.attempts > 1) {
            std::vector<std::string> on;
            for (const FailureClass failure : step.retry.on) on.emplace_back(failureClassName(failure));
            add("    {:<9} {} attempts in all, after {}; the first pause is {}\n", "retry", step.retry.attempts,
                join(on, ", "), millisText(step.retry.delayMs));
        }
        if (step.onFailure != kUsual.onFailure) add("    {:<9} {}\n", "on-failure", onFailureName(step.onFailure));
    }

    void writeVerify(const Step& step) {
        for (const VerifyClause& clause : step.verify) {
            const bool becomes = clause.kind == VerifyClause::Kind::Becomes;
            add("    {:<9} {}", becomes ? "verify" : "stays", clause.check.text());
            if (becomes) add(" within {}", millisText(clause.withinMs));
            if (!becomes && clause.withinMs > 0) add(" for {}", millisText(clause.withinMs));
            add("\n");
        }
    }

    const Runbook& runbook_;
    SystemPort* port_;
    DryRun& out_;
};

}  // namespace

Result<DryRun> dryRun(const Runbook& runbook, const ParameterValues& given, SystemPort* port,
                      const std::string& until) {
    RunOptions named;
    named.until = until;
    if (Status known = checkStepNames(runbook, named); !known.ok()) return known.error();
    const Result<ParameterValues> values = resolveParameters(runbook, given);
    if (!values.ok()) return values.error();
    const Result<Runbook> rendered = renderRunbook(runbook, *values);
    if (!rendered.ok()) return rendered.error();
    DryRun out;
    if (port != nullptr) out.fingerprint = port->fingerprint();
    DryRunWriter(*rendered, port, out).write(*values, until);
    return out;
}

}  // namespace tributary::runbooks
