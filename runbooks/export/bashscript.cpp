// A runbook as a bash script: head, parameters, machinery, the checks it asks, its steps.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "runbooks/export/bashwords.h"
#include "runbooks/export/carried.h"
#include "runbooks/export/machinery.h"
#include "runbooks/export/targets.h"

namespace tributary::runbooks::detail {
namespace {

constexpr std::size_t kWidth = 112;

/// A comment of as many lines as it needs.
std::string comment(const std::string& text, const std::string& first = "# ", const std::string& next = "# ") {
    std::string out;
    std::string lineText = first;
    bool fresh = true;
    std::string flat = shownText(text);
    std::replace_if(
        flat.begin(), flat.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    for (const std::string& piece : split(flat, ' ')) {
        if (piece.empty()) continue;
        if (!fresh && lineText.size() + 1 + piece.size() > kWidth) {
            out += lineText + "\n";
            lineText = next;
            fresh = true;
        }
        lineText += (fresh ? "" : " ") + piece;
        fresh = false;
    }
    return out + lineText + "\n";
}

/// Writes one script; the first error stays.
class BashWriter {
public:
    explicit BashWriter(const ExportSource& source) : source_(source) {}

    Result<std::string> write() {
        head();
        parameters();
        out_ += bash::machineryText(source_.runbook.dialects);
        checkBlocks();
        stepTable();
        for (std::size_t i = 0; i < source_.runbook.steps.size() && !error_; ++i) {
            if (source_.runbook.steps[i].enabled) step(i);
        }
        if (error_) return *error_;
        out_ += "\nmain \"$@\"\nexit\n\n# The runbook that this script was made from; `tributary import` reads it.\n";
        out_ += carriedLines(source_.runbook, source_.values, ExportTarget::Bash, source_.version);
        return std::move(out_);
    }

private:
    std::string take(Result<std::string> text, const std::string& where) {
        if (text) return std::move(text).value();
        if (!error_) {
            error_ = text.error();
            error_->where = where;
        }
        return {};
    }

    void head() {
        const Runbook& book = source_.rendered;
        out_ += "#!/usr/bin/env bash\n" + comment(book.id + ": " + book.title);
        if (!book.why.empty()) out_ += "#\n" + comment(book.why);
        out_ += fmt::format("#\n# Made by tributary {} from runbook {}, {}.\n", source_.version, book.id, book.hash);
        if (!book.docs.empty()) out_ += comment("Follows: " + book.docs);
        out_ += comment("Needs bash 4.2, jq, timeout, flock, sync" + joinedPrograms(", ") +
                        " and a login on every cluster.");
        out_ += "#\n# What a run by tributary does and this script does not, or not in the same way:\n";
        for (const Loss& loss : lossesOf(source_.runbook, ExportTarget::Bash)) {
            out_ += comment(loss.what + ": here, " + loss.here + ".", "#   - ", "#     ");
        }
        out_ +=
            "#\n# Functions are called by the names of steps and checks, some variables are read by a few checks "
            "alone, and\n"
            "# jq has variables of its own:\n# shellcheck disable=SC2317,SC2034,SC2016\nset -euo pipefail\n\n";
    }

    [[nodiscard]] std::string joinedPrograms(const std::string& glue) const {
        std::string out;
        for (const std::string& program : programsOf(source_.runbook)) out += glue + program;
        return out;
    }

    void parameters() {
        const Runbook& book = source_.runbook;
        out_ += "runbook=" + bash::literal(book.id) + " runbook_hash=" + bash::literal(book.hash) + "\n";
        out_ += "runbook_title=" + bash::literal(shownLine(source_.rendered.title)) + "\n";
        out_ += "tools=(" + trimmedFront(joinedPrograms(" ")) +
                ")\n\n# Parameters: --set NAME=VALUE gives another value.\n";
        std::string names;
        std::string set;
        std::string bound;
        std::string tested;
        for (const Parameter& parameter : book.parameters) {
            const std::string variable = bash::variable(parameter.name);
            const std::string title = parameter.title.empty() ? std::string() : ": " + parameter.title;
            out_ += comment(std::string(parameterTypeName(parameter.type)) + title);
            out_ += variable + "=" + bash::literal(source_.values.at(parameter.name)) + "\n";
            names += (names.empty() ? "" : " ") + parameter.name;
            set += fmt::format("        {}) {}=$2 ;;\n", parameter.name, variable);
            bound += fmt::format(" \"{}=${}\"", parameter.name, variable);
            tested += valueTest(parameter, variable);
        }
        out_ += "\nparameter_names() { printf '%s' " + bash::literal(names) + "; }\n";
        out_ += "\nset_parameter() {\n    case $1 in\n" + set +
                "        *) wrong_words \"there is no parameter $1\" \"one of: $(parameter_names)\" ;;\n    esac\n}\n";
        out_ += "\n# What a journal is bound to.\nbinding() {\n    printf '%s' \"$runbook_hash\"\n";
        if (!bound.empty()) out_ += "    printf ' %q'" + bound + "\n";
        out_ += "}\n\n" + tested.insert(0, "check_values() {\n    :\n") + "}\n\n";
        out_ += bash::scriptBlock("cluster-of", source_.runbook.dialects) + "\n";
        out_ += "parent_of() { if [[ $1 == */* ]]; then printf '%s' \"${1%/*}\"; fi; }\n\n";
    }

    static std::string trimmedFront(const std::string& text) { return std::string(trim(text)); }

    static std::string valueTest(const Parameter& parameter, const std::string& variable) {
        const auto test = [&](const std::string& condition, const std::string& reason) {
            return fmt::format("    if {}; then wrong_words \"{} is {}\" \"--set {}={}\"; fi\n", condition,
                               parameter.name, reason, parameter.name,
                               parameter.example.empty() ? "VALUE" : parameter.example);
        };
        switch (parameter.type) {
            case ParameterType::Dataset:
            case ParameterType::Path: return test(fmt::format("[[ ${} != /* ]]", variable), "not an absolute path");
            case ParameterType::Bool:
                return test(fmt::format("[[ ${0} != true && ${0} != false ]]", variable), "neither true nor false");
            case ParameterType::Secret:
                return test(fmt::format("[[ ${} != file:/* ]]", variable), "to name a file, as file:/PATH") +
                       test(fmt::format("[[ ! -r ${{{}#file:}} ]]", variable), "a file that cannot be read");
            case ParameterType::Integer:
                return test(fmt::format("[[ ! ${} =~ ^-?[0-9]+$ ]]", variable), "not a whole number");
            case ParameterType::Cluster:
            case ParameterType::Family:
                return test(fmt::format("[[ ! ${} =~ ^[A-Za-z0-9._-]+$ ]]", variable), "not a name");
            default: return parameter.required ? test(fmt::format("[[ -z ${} ]]", variable), "empty") : std::string();
        }
    }

    void checkBlocks() {
        const std::vector<std::string> asked = checkNamesOf(source_.runbook);
        out_ += "# --- The checks of this runbook, asked with the system's own commands ---\n";
        for (const Dialect* dialect : source_.runbook.dialects.all())
            checkBlocks(dialect->words().exports.checks, asked);
        checkBlocks(bash::plainBlocks(), asked);  // what compares values alone
    }

    void checkBlocks(std::string_view blocks, const std::vector<std::string>& asked) {
        bool wanted = false;
        for (const std::string& text : split(blocks, '\n')) {
            if (text.starts_with("#@ ")) {
                const std::vector<std::string> names = split(text.substr(3), ' ');
                wanted = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                    return std::find(asked.begin(), asked.end(), name) != asked.end();
                });
            } else if (wanted && !text.empty()) {
                out_ += text + "\n";
                if (text == "}") out_ += "\n";
            }
        }
    }

    void stepTable() {
        std::string ids;
        std::string acting;
        for (const Step& step : source_.runbook.steps) {
            if (!step.enabled) continue;
            ids += "    " + step.id + "\n";
            if (!step.commands.empty()) acting += (acting.empty() ? "" : " | ") + step.id;
        }
        out_ += "# --- The steps ---\nstep_ids=(\n" + ids + ")\n";
        out_ += "safe_to_stop=true\n\nrun_part() { \"step_${1//-/_}\" \"$2\"; }\n";
        out_ += "\nhas_commands() {\n    case $1 in\n";
        if (!acting.empty()) out_ += "        " + acting + ") return 0 ;;\n";
        out_ += "        *) return 1 ;;\n    esac\n}\n";
        std::string checked;
        for (const Step& step : source_.runbook.steps) {
            for (std::size_t i = 0; i < step.commands.size(); ++i) {
                if (step.commands[i].doneWhen)
                    checked += fmt::format("{}{}-{}", checked.empty() ? "" : " | ", step.id, i + 1);
            }
        }
        out_ += "\nhas_line_check() {\n    case $1 in\n";
        if (!checked.empty()) out_ += "        " + checked + ") return 0 ;;\n";
        out_ += "        *) return 1 ;;\n    esac\n}\n";
        out_ += "\nrunbook_requires() {\n    :\n";
        checks(source_.runbook.requirements, "    ", "requires");
        checks(source_.runbook.invariants, "    ", "invariants");
        out_ += "}\n";
    }

    void checks(const std::vector<Check>& list, const std::string& indent, const std::string& where) {
        for (const Check& check : list) out_ += indent + "holds " + take(bash::call(check), where) + "\n";
    }

    void step(std::size_t index) {
        const Step& step = source_.runbook.steps[index];
        const Step& rendered = source_.rendered.steps[index];
        const std::string where = "step " + step.id;
        out_ += "\n";
        if (!rendered.why.empty()) out_ += comment(rendered.why);
        if (!rendered.expect.empty()) out_ += comment("Expect: " + rendered.expect);
        out_ += "step_" + bash::functionName(step.id) + "() {\n    case $1 in\n";
        about(index, where);
        part("when", [&] {
            for (const Condition& condition : step.when) body(take(bash::condition(condition), where));
        });
        part("done-when", [&] { checks(step.doneWhen, "            ", where); });
        part("requires", [&] {
            checks(step.requirements, "            ", where);
            checks(source_.runbook.invariants, "            ", where);
        });
        part("commands", [&] { commands(step, where); });
        lineChecks(step, where);
        part("verify", [&] { verify(step, where); });
        part("undo", [&] {
            for (const CommandLine& line : step.undo) {
                body("undo_line " + bash::wholeSeconds(step.timeoutMs) + " " + take(bash::line(line.text), where));
            }
        });
        out_ += "    esac\n}\n";
    }

    void body(const std::string& text) { out_ += "            " + text + "\n"; }

    /// A branch of the step's case, left out when it is empty.
    template <typename Fill>
    void part(const std::string& name, Fill fill) {
        std::string before = std::move(out_);
        out_.clear();
        fill();
        const std::string filled = std::move(out_);
        out_ = std::move(before);
        if (filled.empty()) return;
        out_ += "        " + name + ")\n" + filled;
        out_.insert(out_.size() - 1, " ;;");
    }

    void about(std::size_t index, const std::string& where) {
        const Step& step = source_.runbook.steps[index];
        const auto number = 1 + std::count_if(source_.runbook.steps.begin(),
                                              source_.runbook.steps.begin() + static_cast<std::ptrdiff_t>(index),
                                              [](const Step& earlier) { return earlier.enabled; });
        part("about", [&] {
            body(fmt::format("number={} title={}", number, take(bash::text(shownLine(step.title)), where)));
            std::string flags;
            if (!step.doneWhen.empty()) flags += " has_done_when=true";
            if (step.repeatable) flags += " repeatable=true";
            if (!step.safeToStop) flags += " safe_to_stop=false";
            if (step.commands.size() > 1) flags += fmt::format(" line_count={}", step.commands.size());
            if (step.onFailure != OnFailure::Abort)
                flags += fmt::format(" on_failure={}", onFailureName(step.onFailure));
            if (!step.irreversible.empty())
                flags += " irreversible=" + take(bash::text(shownText(step.irreversible)), where);
            if (!step.docs.empty()) flags += " docs=" + take(bash::text(step.docs), where);
            if (!flags.empty()) body(flags.substr(1));
            person(step, where);
        });
    }

    void person(const Step& step, const std::string& where) {
        if (step.approval.needed) {
            const std::string asked = step.approval.text.empty() ? step.title : step.approval.text;
            body("approval=" + take(bash::text(shownText(asked)), where));
            if (!step.approval.typeTheName.empty()) {
                body("type_the_name=" + take(bash::text(step.approval.typeTheName), where));
            }
        }
        if (step.kind == StepKind::Human || step.kind == StepKind::Ask) {
            body("kind=human instruction=" + take(bash::text(shownText(step.instruction)), where));
        } else if (step.kind == StepKind::Wait) {
            body("kind=wait wait_seconds=" + bash::seconds(step.waitMs));
        }
    }

    void commands(const Step& step, const std::string& where) {
        if (step.retry.attempts > 1) {
            std::string classes;
            for (const FailureClass failure : step.retry.on) classes += " " + std::string(failureClassName(failure));
            body(fmt::format("retry {} {} {}", step.retry.attempts, bash::wholeSeconds(step.retry.delayMs),
                             bash::literal(trim(classes))));
        }
        for (std::size_t i = 0; i < step.commands.size(); ++i) {
            const bool last = i + 1 == step.commands.size();
            body("run " + bash::wholeSeconds(step.timeoutMs) + " " + take(bash::line(step.commands[i].text), where) +
                 (last ? "" : " &&"));
        }
    }

    void lineChecks(const Step& step, const std::string& where) {
        for (std::size_t i = 0; i < step.commands.size(); ++i) {
            if (!step.commands[i].doneWhen) continue;
            part(fmt::format("line-{}-done", i + 1),
                 [&] { body("holds " + take(bash::call(*step.commands[i].doneWhen), where)); });
        }
    }

    void verify(const Step& step, const std::string& where) {
        for (const VerifyClause& clause : step.verify) {
            const bool becomes = clause.kind == VerifyClause::Kind::Becomes;
            body(fmt::format("{} {} {} {}", becomes ? "becomes" : "stays", bash::wholeSeconds(clause.withinMs),
                             bash::seconds(clause.intervalMs), take(bash::call(clause.check), where)));
        }
    }

    const ExportSource& source_;
    std::string out_;
    std::optional<Error> error_;
};

}  // namespace

Result<std::string> bashScript(const ExportSource& source) {
    return BashWriter(source).write();
}

}  // namespace tributary::runbooks::detail
