// Keys in the order of the shipped runbooks.
#include "runbooks/planner/runbookwriter.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

bool isPlain(const std::string& text) {
    if (text.empty() || text.back() == ' ' || text.back() == ':') return false;
    const char first = text.front();
    const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '/';
    if (!letter || text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
    const bool safe = std::all_of(text.begin(), text.end(), [](char c) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return word || std::string_view(" /_.,:@+-'()=;").find(c) != std::string_view::npos;
    });
    static const std::vector<std::string> kWords{"true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"};
    return safe && std::find(kWords.begin(), kWords.end(), toLower(text)) == kWords.end();
}

std::string scalar(const std::string& text) {
    if (isPlain(text)) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

class Writer {
public:
    std::string write(const Runbook& book, const std::string& head) {
        if (!head.empty()) {
            for (const std::string& line : split(head, '\n')) out_ += line.empty() ? "#\n" : "# " + line + "\n";
        }
        key("", "runbook", book.id);
        key("", "title", book.title);
        key("", "why", book.why);
        key("", "system", book.system);
        key("", "docs", book.docs);
        checks("", "requires", book.requirements);
        checks("", "invariants", book.invariants);
        out_ += "\nsteps:\n";
        for (std::size_t i = 0; i < book.steps.size(); ++i) {
            if (i > 0) out_ += '\n';
            step(book.steps[i]);
        }
        return std::move(out_);
    }

private:
    static constexpr const char* kIn = "    ";

    void key(const std::string& indent, const char* name, const std::string& text) {
        if (!text.empty()) out_ += fmt::format("{}{}: {}\n", indent, name, scalar(text));
    }

    template <typename List, typename Spell>
    void list(const std::string& indent, const char* name, const List& items, Spell spell) {
        if (items.empty()) return;
        if (items.size() == 1) {
            out_ += fmt::format("{}{}: {}\n", indent, name, spell(items.front()));
            return;
        }
        out_ += fmt::format("{}{}:\n", indent, name);
        for (const auto& item : items) out_ += fmt::format("{}  - {}\n", indent, spell(item));
    }

    void checks(const std::string& indent, const char* name, const std::vector<Check>& items) {
        list(indent, name, items, [](const Check& check) { return scalar(check.text()); });
    }

    void lines(const char* name, const std::vector<CommandLine>& items) {
        list(kIn, name, items, [](const CommandLine& line) {
            if (!line.doneWhen) return scalar(line.text);
            // In braces a comma or a bracket would end a plain text.
            return fmt::format("{{run: {}, done-when: {}}}", quoted(line.text), quoted(line.doneWhen->text()));
        });
    }

    static std::string quoted(const std::string& text) {
        const std::string made = scalar(text);
        return made.front() == '"' ? made : '"' + made + '"';
    }

    void verify(const std::vector<VerifyClause>& clauses) {
        const VerifyClause plain;
        list(kIn, "verify", clauses, [&](const VerifyClause& clause) {
            if (clause.withinMs == plain.withinMs && clause.intervalMs == plain.intervalMs) {
                return scalar(clause.check.text());
            }
            std::string out =
                fmt::format("{{becomes: {}, within: {}", quoted(clause.check.text()), millisText(clause.withinMs));
            if (clause.intervalMs != plain.intervalMs) out += ", interval: " + millisText(clause.intervalMs);
            return out + "}";
        });
    }

    void step(const Step& step) {
        out_ += fmt::format("  - id: {}\n", step.id);
        key(kIn, "title", step.title);
        key(kIn, "why", step.why);
        list(kIn, "target", step.targets, scalar);
        checks(kIn, "done-when", step.doneWhen);
        checks(kIn, "requires", step.requirements);
        if (step.approval.needed) approval(step.approval);
        lines("do", step.commands);
        if (step.repeatable) out_ += "    repeatable: true\n";
        if (step.timeoutMs != Step{}.timeoutMs) out_ += fmt::format("    timeout: {}\n", millisText(step.timeoutMs));
        if (step.retry.attempts > 1) {
            std::vector<std::string> on;
            for (const FailureClass each : step.retry.on) on.emplace_back(failureClassName(each));
            out_ += fmt::format("    retry: {{attempts: {}, on: [{}], delay: {}}}\n", step.retry.attempts,
                                join(on, ", "), millisText(step.retry.delayMs));
        }
        verify(step.verify);
        if (step.nothingToUndo) out_ += "    undo: none\n";
        lines("undo", step.undo);
        key(kIn, "irreversible", step.irreversible);
        if (!step.safeToStop) out_ += "    safe-to-stop: false\n";
        key(kIn, "expect", step.expect);
        key(kIn, "docs", step.docs);
    }

    void approval(const Approval& approval) {
        if (approval.typeTheName.empty()) {
            out_ += fmt::format("    approval: {}\n", approval.text.empty() ? "true" : quoted(approval.text));
            return;
        }
        out_ += "    approval:\n";
        key("      ", "text", approval.text);
        key("      ", "type-the-name", approval.typeTheName);
    }

    std::string out_;
};

}  // namespace

std::string runbookText(const Runbook& runbook, const std::string& head) {
    return Writer().write(runbook, head);
}

}  // namespace tributary::runbooks
