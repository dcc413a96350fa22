// Simple commands: assignments, builtins, functions, and the dialect's commands, which are carried.
#include <fmt/format.h>

#include <algorithm>

#include "runbooks/import/commandwords.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/shellwalker.h"
#include "runbooks/import/typography.h"

namespace tributary::runbooks::shell {
namespace {

Ending ended(bool success) {
    Ending outcome;
    outcome.state = success ? Ending::State::Success : Ending::State::Failure;
    return outcome;
}

bool isNumeral(const std::string& text) {
    return !text.empty() && text.size() < 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isDeclaration(const std::string& name) {
    return name == "export" || name == "readonly" || name == "declare" || name == "typeset" || name == "local";
}

}  // namespace

std::vector<std::string> textsOf(const std::vector<Field>& fields) {
    std::vector<std::string> texts;
    texts.reserve(fields.size());
    for (const Field& field : fields) texts.push_back(field.text);
    return texts;
}

Ending Walker::simple(const Node& node) {
    cover(node);
    listSubstitutions(node);
    if (node.words.empty()) {
        bool substituted = false;
        for (const Assignment& assignment : node.assignments) {
            assign(assignment, node.line);
            for (const WordPart& part : assignment.value.parts) {
                substituted = substituted || part.kind == WordPart::Kind::Command;
            }
        }
        return substituted ? Ending{} : ended(true);
    }
    const Expansion program = expandWords({node.words.front()}, values_);
    out_.usedInside.insert(program.used.begin(), program.used.end());
    if (!program.unknown.empty()) {
        if (options_.isScript || mentionsDialect(node)) unread(node, program.unknown);
        return {};
    }
    if (program.fields.empty()) {
        if (options_.isScript || mentionsDialect(node)) unread(node, "its first word is empty");
        return {};
    }
    if (!program.fields[0].variable.empty()) out_.usedInside.insert(program.fields[0].variable);
    return named(node, program.fields[0].text);
}

Ending Walker::named(const Node& node, const std::string& name) {
    if (aliases_.contains(name)) {
        unread(node, fmt::format("`{}` is an alias, which a script does not expand and a terminal does",
                                 shownText(name, 30)));
        return {};
    }
    if (const auto function = functions_.find(name); function != functions_.end()) {
        if (!function->second) {
            unread(node, fmt::format("which function `{}` is depends on what ran before", shownText(name, 30)));
            return {};
        }
        if (!node.assignments.empty()) {
            return uncertain(node, "is a call of a function with assignments before it, which is not read");
        }
        const NodePtr body = function->second;  // it may be defined again while it runs
        return call(*body, name, node);
    }
    bool known = true;
    Ending outcome = builtin(node, name, known);
    if (known) return outcome;
    return carry(node);
}

Ending Walker::carry(const Node& node) {
    const Expansion words = expandWords(node.words, values_);
    const bool mentions = mentionsDialect(node);
    if (!words.unknown.empty()) {
        const std::string name = nameOf(node);
        if (mentions || (options_.isScript && !onlyLooks(name))) unread(node, words.unknown);
        return alwaysSucceeds(name) ? ended(true) : Ending{};
    }
    const std::vector<std::string> texts = textsOf(words.fields);
    if (texts.empty()) return ended(true);  // words that expand to none run nothing
    Prefix prefix = prefixOf(texts, options_.dialects);
    prefix.length = std::min(prefix.length, texts.size());  // `timeout 9` alone wants more than there is
    const bool isCommand = prefix.length < texts.size() && isProgram(texts[prefix.length]);
    Ending outcome;
    if (prefix.onlyAsks) {
        return outcome;
    }
    if (!isCommand) {
        const std::vector<std::string> rest(texts.begin() + static_cast<std::ptrdiff_t>(prefix.length), texts.end());
        if (!prefix.refusal.empty() && mentions) {
            unread(node, prefix.refusal);
        } else {
            outcome = other(node, rest.empty() ? texts[0] : rest[0], rest.empty() ? texts : rest);
        }
    } else if (!prefix.refusal.empty()) {
        unread(node, prefix.refusal);
    } else if (!node.assignments.empty()) {
        unread(node, fmt::format("runs with `{}=...` in its environment, which a step cannot set",
                                 shownText(node.assignments[0].name, 30)));
    } else {
        WalkedItem item;
        item.line = node.line;
        item.lastLine = node.lastLine;
        item.words.assign(words.fields.begin() + static_cast<std::ptrdiff_t>(prefix.length), words.fields.end());
        item.timeoutMs = prefix.timeoutMs;
        out_.items.push_back(std::move(item));
        out_.usedInside.insert(words.used.begin(), words.used.end());
        noteRedirects(node);
        outcome = ended(true);
        outcome.carried = true;
    }
    if (prefix.replacesShell && !texts.empty() && texts.size() > 1 && !options_.isSession) {
        outcome.flow = Ending::Flow::Ended;
        outcome.scope = Ending::Scope::Script;
        outcome.why =
            fmt::format("never runs: `exec` at line {} puts another program in the script's place", node.line);
    }
    return outcome;
}

Ending Walker::other(const Node& node, const std::string& name, const std::vector<std::string>& words) {
    const std::string base = name.substr(name.rfind('/') + 1);
    if (base == "sleep" && words.size() == 2 && shellMillis(words[1])) {
        WalkedItem item;
        item.kind = WalkedItem::Kind::Wait;
        item.line = node.line;
        item.lastLine = node.lastLine;
        item.waitMs = *shellMillis(words[1]);
        if (item.waitMs > 0) out_.items.push_back(std::move(item));
        return ended(true);
    }
    std::string typography;
    const bool pasted = isProgram(name.substr(0, name.find_first_of("\xC2\xE2\xE3\xEF")));
    if (pasted && plainTypography(name, typography) != name) {
        unread(node, "the shell finds no command of this name, which holds characters of a word processor");
    } else if (mentionsDialect(node)) {
        unread(node, whyNotThrough(name, words));
    } else if (options_.listsOthers && !onlyLooks(base) && base != "exec") {
        unread(node, "is no command of the dialect");
    }
    if (name == "exec" && words.size() == 1) return ended(true);  // redirections only
    return alwaysSucceeds(base) ? ended(true) : Ending{};
}

void Walker::noteRedirects(const Node& node) {
    for (const Redirect& redirect : node.redirects) {
        const std::string target = literalText(redirect.target).value_or(redirect.target.source);
        const bool descriptor = redirect.op == ">&" || redirect.op == "<&";
        if (descriptor || target == "/dev/null" || redirect.op[0] == '<') continue;
        out_.notes.push_back({node.line, fmt::format("its output goes to `{}` in the script; here it is in the run's "
                                                     "journal",
                                                     shownText(target, 40))});
    }
}

void Walker::assign(const Assignment& assignment, std::size_t line) {
    out_.assigned[assignment.name] += locals_.empty() ? 1 : 2;
    const std::string at = fmt::format(" (line {})", line);
    if (!assignment.index.empty()) return values_.forget(assignment.name, "one element of it is assigned" + at);
    const Value before = values_.lookup(assignment.name);
    if (assignment.isArray) {
        const Expansion elements = expandWords(assignment.elements, values_);
        out_.usedInside.insert(elements.used.begin(), elements.used.end());
        for (const Field& field : elements.fields) out_.usedInside.insert(field.variable);
        if (!elements.unknown.empty()) return values_.forget(assignment.name, elements.unknown + at);
        Value list{Value::Kind::List, {}, {}, {}};
        if (assignment.append && before.kind == Value::Kind::List) list.items = before.items;
        if (assignment.append && before.kind != Value::Kind::List) {
            return values_.forget(assignment.name, "what it held before its += is not known" + at);
        }
        for (const Field& field : elements.fields) {
            if (field.text.starts_with("[")) return values_.forget(assignment.name, "its elements have places" + at);
            list.items.push_back(field.text);
        }
        return values_.set(assignment.name, std::move(list));
    }
    const Expansion value = expandAssigned(assignment.value, values_);
    out_.usedInside.insert(value.used.begin(), value.used.end());
    if (!value.unknown.empty()) return values_.forget(assignment.name, value.unknown + at);
    std::string text = value.fields.empty() ? std::string() : value.fields[0].text;
    if (assignment.append) {
        out_.assigned[assignment.name] += 2;
        if (before.kind != Value::Kind::Known && before.kind != Value::Kind::Unset) {
            return values_.forget(assignment.name, "what it held before its += is not known" + at);
        }
        text.insert(0, before.text);
    } else if (before.kind == Value::Kind::List) {
        return values_.forget(assignment.name, "it is an array and assigned as one value" + at);
    }
    values_.setText(assignment.name, std::move(text));
}

Ending Walker::builtin(const Node& node, const std::string& name, bool& known) {
    const std::string at = fmt::format("line {}", node.line);
    if (name == ":" || name == "true") return ended(true);
    if (name == "false") return ended(false);
    if (name == "exit" || name == "return" || name == "break" || name == "continue") return leave(node, name);
    if (name == "set") return setOptions(node);
    if (isDeclaration(name)) return declare(node, name);
    if (name == "shift") {
        shift(node);
        return ended(true);
    }
    static const std::vector<std::string> kAssigning{"read", "mapfile", "readarray", "getopts", "let", "unset"};
    const bool printsInto = name == "printf" && node.words.size() > 1 && bareText(node.words[1]) == "-v";
    if (printsInto || std::find(kAssigning.begin(), kAssigning.end(), name) != kAssigning.end()) {
        const Effects effects = effectsOf(node);
        apply(effects, fmt::format("`{}` assigns it at {}", name, at));
        if (name == "unset" && (node.words.size() < 2 || bareText(node.words[1]) != "-f")) {
            for (const std::string& variable : effects.names) values_.set(variable, {Value::Kind::Unset, {}, {}, {}});
        }
        if (name == "unset") {
            for (const std::string& variable : effects.names) functions_.erase(variable);
        }
        return {};
    }
    if (name == "eval" || name == "source" || name == ".") {
        apply(effectsOf(node), fmt::format("`{}` at {} may assign it", name, at));
        if (mentionsDialect(node)) {
            unread(node, whyNotThrough(name, {name}));
        } else if (options_.listsOthers) {
            unread(node, name == "eval" ? "runs what its words become" : "runs another file, which is not read");
        }
        return {};
    }
    if (name == "alias") {
        for (std::size_t i = 1; i < node.words.size(); ++i) {
            const std::string& source = node.words[i].source;
            if (source.find('=') != std::string::npos) aliases_.insert(source.substr(0, source.find('=')));
        }
        return ended(true);
    }
    if (name == "trap") {
        if (mentionsDialect(node)) unread(node, whyNotThrough(name, {name}));
        return ended(true);
    }
    if (name == "shopt" || name == "umask" || name == "ulimit" || name == "hash") return ended(true);
    known = false;
    return {};
}

Ending Walker::leave(const Node& node, const std::string& name) {
    Ending outcome;
    if (options_.isSession && (name == "exit" || locals_.empty())) return outcome;
    const std::string given = node.words.size() > 1 ? literalText(node.words[1]).value_or("?") : std::string();
    outcome.flow = Ending::Flow::Ended;
    outcome.why = fmt::format("never runs: it stands behind the `{}` at line {}", name, node.line);
    outcome.state = given == "0" || given.empty() ? Ending::State::Unknown : Ending::State::Failure;
    if (given == "0") outcome.state = Ending::State::Success;
    if (given == "?") outcome.state = Ending::State::Unknown;
    if (name == "exit") return outcome;
    if (name == "return") {
        outcome.scope = Ending::Scope::Function;
        if (!locals_.empty()) return outcome;
        outcome.flow = Ending::Flow::Unsure;
        outcome.scope = Ending::Scope::Script;
        outcome.why = fmt::format("may never run: the `return` at line {} ends a script that is sourced", node.line);
        return outcome;
    }
    outcome.scope = name == "break" ? Ending::Scope::Loop : Ending::Scope::Iteration;
    if (loops_ == 0) return ended(true);  // an error message, and no more
    if (given.empty() || given == "1") return outcome;
    outcome.flow = Ending::Flow::Unsure;
    outcome.scope = Ending::Scope::Script;
    outcome.why = fmt::format("may never run: how far the `{} {}` at line {} leaps is not read", name,
                              shownText(given, 10), node.line);
    return outcome;
}

Ending Walker::setOptions(const Node& node) {
    const Expansion words = expandWords({node.words.begin() + 1, node.words.end()}, values_);
    if (!words.unknown.empty()) {
        values_.forgetPositional();
        return ended(true);
    }
    std::vector<std::string> texts = textsOf(words.fields);
    std::size_t at = 0;
    for (; at < texts.size(); ++at) {
        const std::string& word = texts[at];
        if (word == "--" || word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
        const bool on = word[0] == '-';
        if (word.find('o') != std::string::npos) {
            if (at + 1 < texts.size() && texts[at + 1] == "errexit") errexit_ = on;
            ++at;
        }
        if (word.find('e') != std::string::npos) errexit_ = on;
        const bool noexec = word.find('n') != std::string::npos || (at < texts.size() && texts[at] == "noexec");
        if (!on || !noexec || options_.isSession) continue;
        Ending outcome;
        outcome.flow = Ending::Flow::Ended;
        outcome.why = fmt::format("never runs: `set -n` at line {} makes the shell read without running", node.line);
        return outcome;
    }
    if (at < texts.size()) {
        const std::size_t from = at + (texts[at] == "--" ? 1 : 0);
        for (const Field& field : words.fields) out_.usedInside.insert(field.variable);
        values_.setPositional({texts.begin() + static_cast<std::ptrdiff_t>(from), texts.end()});
    }
    return ended(true);
}

void Walker::shift(const Node& node) {
    const auto& positional = values_.positional();
    const std::string given = node.words.size() > 1 ? literalText(node.words[1]).value_or("?") : "1";
    const std::size_t count = isNumeral(given) ? std::stoul(given) : 99'999;
    if (!positional || (count > positional->size() && count == 99'999)) return values_.forgetPositional();
    if (count > positional->size()) return;  // the shell refuses and shifts nothing
    values_.setPositional({positional->begin() + static_cast<std::ptrdiff_t>(count), positional->end()});
}

/// export, readonly, declare, typeset, local: their words are assignments.
Ending Walker::declare(const Node& node, const std::string& name) {
    std::string options;
    const bool scoped = !locals_.empty() && name != "export" && name != "readonly";
    for (std::size_t i = 1; i < node.words.size(); ++i) {
        const Word& word = node.words[i];
        if (const auto bare = bareText(word); bare && bare->size() > 1 && (*bare)[0] == '-') {
            options += *bare;
            continue;
        }
        Assignment assignment;
        const bool assigns = assignmentOf(word, assignment);
        const std::string variable = assigns ? assignment.name : bareText(word).value_or(std::string());
        if (variable.empty() || !isNameStart(variable[0])) {
            values_.forgetAll(fmt::format("`{}` at line {} may assign it", name, node.line));
            continue;
        }
        if (scoped && options.find('g') == std::string::npos) {
            const Value before = values_.lookup(variable);
            locals_.back().emplace(variable, before);
            values_.set(variable, {Value::Kind::Unset, {}, {}, {}});
        }
        if (assigns) assign(assignment, node.line);
        if (options.find_first_of("iAnlu") != std::string::npos && name != "export") {
            values_.forget(variable, fmt::format("`{} {}` changes what it holds", name, options));
        }
        if (name == "readonly" || options.find('r') != std::string::npos) values_.freeze(variable);
    }
    return ended(true);
}

}  // namespace tributary::runbooks::shell
