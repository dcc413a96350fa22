// A runbook as a page to follow by hand: prerequisites, steps, what to check, what to do when it fails.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/export/carried.h"
#include "runbooks/export/lookups.h"
#include "runbooks/export/targets.h"
#include "runbooks/model/checks.h"

namespace tributary::runbooks::detail {
namespace {

/// Text that Markdown shows as it is.
std::string plain(const std::string& text) {
    std::string out;
    for (const char c : shownText(text)) {
        if (c == '\\' || c == '`' || c == '*' || c == '_' || c == '<' || c == '|' || c == '[') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

std::string code(const std::string& raw) {
    const std::string text = shownLine(raw);
    return text.find('`') == std::string::npos ? "`" + text + "`" : "`` " + text + " ``";
}

/// "P exists: `COMMAND` shows status OK".
std::string checkText(const Check& check, const Dialects& dialects) {
    const Lookup lookup = lookupOf(check, dialects);
    return plain(phraseCheck(check)) + ": " + code(lookup.command) + " shows " + lookup.shows;
}

std::string conditionText(const Condition& condition, const Dialects& dialects) {
    if (condition.isStatic()) return "";
    return (condition.negated ? "it is **not** so that " : "") + checkText(condition.check, dialects);
}

class PageWriter {
public:
    explicit PageWriter(const ExportSource& source) : source_(source), book_(source.rendered) {}

    std::string write() {
        out_ += "# " + plain(book_.title) + "\n\n";
        if (!book_.why.empty()) out_ += plain(book_.why) + "\n\n";
        out_ += fmt::format("Made by tributary {} from the runbook {} ({}).", source_.version, code(book_.id),
                            code(book_.hash));
        if (!book_.docs.empty()) out_ += " Follows: " + plain(book_.docs) + ".";
        out_ += "\n\n";
        prerequisites();
        out_ += "## Steps\n\n";
        int number = 0;
        for (const Step& step : book_.steps) {
            if (step.enabled) this->step(step, ++number);
        }
        failures();
        losses();
        out_ += "## For tributary import\n\n```\n";
        out_ += carriedLines(source_.runbook, source_.values, ExportTarget::Markdown, source_.version) + "```\n";
        return std::move(out_);
    }

private:
    void prerequisites() {
        out_ += "## What you need\n\n- a login on every cluster below, on a machine with ";
        out_ += join(programsOf(book_), " and ") + "\n";
        for (const Check& check : book_.requirements) out_ += "- " + checkText(check, book_.dialects) + "\n";
        for (const Step& step : book_.steps) {
            if (!step.enabled || skipped(step)) continue;
            for (const Check& check : step.requirements) {
                const CheckSpec* spec = book_.dialects.findCheck(check.name);
                if (spec != nullptr && spec->standing) out_ += "- " + checkText(check, book_.dialects) + "\n";
            }
        }
        for (const Check& check : book_.invariants)
            out_ += "- all the time: " + checkText(check, book_.dialects) + "\n";
        if (!book_.parameters.empty()) out_ += "\n| parameter | value | meaning |\n|---|---|---|\n";
        for (const Parameter& parameter : book_.parameters) {
            const std::string& value = source_.values.at(parameter.name);
            out_ += fmt::format("| {} | {} | {} |\n", parameter.name, value.empty() ? "(none)" : code(value),
                                plain(parameter.title));
        }
        out_ += "\n";
    }

    static bool skipped(const Step& step) {
        return std::any_of(step.when.begin(), step.when.end(),
                           [](const Condition& condition) { return condition.isStatic() && !condition.staticValue(); });
    }

    void step(const Step& step, int number) {
        out_ += fmt::format("### {}. {} ({})\n\n", number, plain(step.title), code(step.id));
        if (skipped(step)) {
            out_ += "Not needed with these parameters.\n\n";
            return;
        }
        if (!step.why.empty()) out_ += plain(step.why) + "\n\n";
        for (const Condition& condition : step.when) {
            const std::string text = conditionText(condition, book_.dialects);
            if (!text.empty()) out_ += "- Only when " + text + "\n";
        }
        for (const Check& check : step.doneWhen)
            out_ += "- Nothing to do when " + checkText(check, book_.dialects) + "\n";
        for (const Check& check : step.requirements)
            out_ += "- Must be so first: " + checkText(check, book_.dialects) + "\n";
        if (step.approval.needed) out_ += "- **Stop and think**: " + plain(approvalText(step)) + "\n";
        deed(step);
        if (!step.expect.empty()) out_ += "- Expect: " + plain(step.expect) + "\n";
        for (const VerifyClause& clause : step.verify) verify(clause);
        ways(step);
        out_ += "\n";
    }

    static std::string approvalText(const Step& step) {
        const std::string name = step.approval.typeTheName;
        const std::string text = step.approval.text.empty() ? step.title : step.approval.text;
        return name.empty() ? text : text + " Say the name aloud: " + name + ".";
    }

    void deed(const Step& step) {
        if (!step.instruction.empty()) out_ += "- **Do**: " + plain(step.instruction) + "\n";
        if (step.kind == StepKind::Wait) out_ += "- **Wait** " + millisText(step.waitMs) + ".\n";
        if (step.commands.empty()) return;
        if (!out_.ends_with("\n\n")) out_ += "\n";
        out_ += "```sh\n";
        for (const CommandLine& line : step.commands) out_ += line.text + "\n";
        out_ += "```\n\n";
    }

    void verify(const VerifyClause& clause) {
        const bool becomes = clause.kind == VerifyClause::Kind::Becomes;
        out_ += fmt::format("- Check{} {}: {}\n", becomes ? ", within" : " that it stays so, for",
                            millisText(clause.withinMs), checkText(clause.check, book_.dialects));
    }

    void ways(const Step& step) {
        if (step.commands.empty()) return;
        std::string text = step.repeatable ? "may be run again"
                                           : "look at the check before running it again: it may have had its effect";
        if (step.retry.attempts > 1) text += fmt::format("; try up to {} times", step.retry.attempts);
        out_ += "- When it fails: " + text + ".\n";
        if (!step.irreversible.empty()) out_ += "- **Cannot be undone**: " + plain(step.irreversible) + ".\n";
        for (const CommandLine& line : step.undo) out_ += "- To take it back: " + code(line.text) + "\n";
    }

    void failures() {
        out_ +=
            "## When something fails\n\n"
            "1. Read the error: " +
            std::string(book_.dialects.empty() ? ExportWords{}.errors
                                               : book_.dialects.all().front()->words().exports.errors) +
            "\n"
            "2. No answer is not a no: the command may have had its effect. The step's check tells.\n"
            "3. Remove the cause and go on at the step that failed. Earlier steps stay as they are.\n"
            "4. To give up, take the steps back in reverse order, last first, with the lines above.\n\n";
    }

    void losses() {
        out_ += "## What a run by tributary does and this page cannot\n\n| a run | here |\n|---|---|\n";
        for (const Loss& loss : lossesOf(source_.runbook, ExportTarget::Markdown)) {
            out_ += "| " + plain(loss.what) + " | " + plain(loss.here) + " |\n";
        }
        out_ += "\n";
    }

    const ExportSource& source_;
    const Runbook& book_;
    std::string out_;
};

}  // namespace

Result<std::string> markdownPage(const ExportSource& source) {
    return PageWriter(source).write();
}

}  // namespace tributary::runbooks::detail
