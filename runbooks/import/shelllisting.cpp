// What is listed instead of carried, and what a node that may run does to the values behind it.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/import/commandwords.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/shellwalker.h"

namespace tributary::runbooks::shell {
namespace {

constexpr int kDeepestListing = 80;

template <typename Visit>
void eachSubstitution(const std::vector<WordPart>& parts, const Visit& visit) {
    for (const WordPart& part : parts) {
        if (part.kind == WordPart::Kind::Command && part.command) visit(*part.command);
        if (part.kind == WordPart::Kind::Opaque && part.command) {
            for (const Word& word : part.command->words) eachSubstitution(word.parts, visit);
        }
        eachSubstitution(part.argument, visit);
    }
}

/// Every substitution of a node's own words.
template <typename Visit>
void eachSubstitutionOf(const Node& node, const Visit& visit) {
    for (const Word& word : node.words) eachSubstitution(word.parts, visit);
    for (const Assignment& assignment : node.assignments) eachSubstitution(assignment.value.parts, visit);
    for (const Redirect& redirect : node.redirects) eachSubstitution(redirect.target.parts, visit);
}

void addIdentifiers(const std::string& text, std::set<std::string>& names) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && isNameChar(text[end])) ++end;
        if (end > at && isNameStart(text[at])) names.insert(text.substr(at, end - at));
        at = std::max(end, at + 1);
    }
}

void addDefaults(const std::vector<WordPart>& parts, std::set<std::string>& names) {
    for (const WordPart& part : parts) {
        if (part.op == "=" || part.op == ":=") names.insert(part.name);
        addDefaults(part.argument, names);
    }
}

std::string mentionText(const Word& word) {
    std::string text;
    for (const WordPart& part : word.parts) text += part.kind == WordPart::Kind::Literal ? part.text : " ";
    return text;
}

}  // namespace

std::string quoted(const Node& node) {
    std::string_view text = std::string_view(node.source).substr(0, node.source.find('\n'));
    while (text.ends_with(";") || text.ends_with(" ")) text.remove_suffix(1);
    return "`" + shownText(text) + "`";
}

void Walker::cover(const Node& node) {
    if (out_.covered.size() <= node.lastLine) out_.covered.resize(node.lastLine + 1);
    const bool whole =
        node.kind == Node::Kind::Simple || node.kind == Node::Kind::Test || node.kind == Node::Kind::Arithmetic;
    const std::size_t last = whole ? node.lastLine : node.line;
    for (std::size_t line = node.line; line <= last; ++line) out_.covered[line] = true;
}

void Walker::unread(const Node& node, const std::string& reason) {
    cover(node);
    std::string text = fmt::format("{}: {}", quoted(node), reason);
    if (listed_.insert({node.line, text}).second) out_.unread.push_back({node.line, std::move(text)});
}

std::string Walker::nameOf(const Node& node) {
    if (node.words.empty()) return {};
    if (const auto literal = literalText(node.words[0])) return *literal;
    Values copy = values_;
    const Expansion program = expandWords({node.words[0]}, copy);
    return program.unknown.empty() && !program.fields.empty() ? program.fields[0].text : std::string();
}

bool Walker::mentionsDialect(const Node& node) {
    if (askDepth_ == 0) askedBodies_.clear();
    if (++askDepth_ > kDeepestListing) {
        --askDepth_;
        return true;
    }
    bool found = false;
    if (node.kind == Node::Kind::Simple) {
        const std::string name = nameOf(node);
        const bool asks = name == "which" || name == "type" || name == "hash" ||
                          (name == "command" && node.words.size() > 1 && node.words[1].source.starts_with("-"));
        found = isProgram(name) || (!asks && !isPrinter(name) && textMentions(node));
        if (const auto function = functions_.find(name); !found && function != functions_.end()) {
            const Node* body = function->second.get();
            found = body == nullptr || (askedBodies_.insert(body).second && mentionsDialect(*body));
        }
    } else if (node.kind == Node::Kind::Test || node.kind == Node::Kind::Arithmetic) {
        found = mentions(node.source);
    }
    eachSubstitutionOf(node, [&](const Node& inner) { found = found || mentionsDialect(inner); });
    for (const NodePtr& child : node.children) found = found || mentionsDialect(*child);
    --askDepth_;
    return found;
}

bool Walker::isProgram(const std::string& word) const {
    return isDialectProgram(word, options_.dialects);
}

bool Walker::mentions(const std::string& text) const {
    return dialectMention(text, options_.dialects) != std::string::npos;
}

bool Walker::textMentions(const Node& node) const {
    std::string line;
    for (const Word& word : node.words) line += mentionText(word) + " ";
    return mentions(line);
}

void Walker::listSubstitutions(const Node& node) {
    const std::string reason = fmt::format("its output becomes a value at line {}", node.line);
    eachSubstitutionOf(node, [&](const Node& inner) {
        if (mentionsDialect(inner)) listRegion(inner, reason);
    });
}

void Walker::listRegion(const Node& node, const std::string& reason) {
    if (++listDepth_ > kDeepestListing) {
        --listDepth_;
        return unread(node, reason);
    }
    cover(node);
    if (node.kind == Node::Kind::Function) {
        functions_[node.name] = nullptr;
        listRegion(*node.children[0], fmt::format("is in the function `{}`, which is defined where {}", node.name,
                                                  "its definition may not be reached"));
        --listDepth_;
        return;
    }
    if (node.kind == Node::Kind::Simple) listSimple(node, reason);
    eachSubstitutionOf(node, [&](const Node& inner) {
        if (mentionsDialect(inner)) listRegion(inner, reason);
    });
    for (const NodePtr& child : node.children) listRegion(*child, reason);
    --listDepth_;
}

void Walker::listSimple(const Node& node, const std::string& reason) {
    const std::string name = nameOf(node);
    if (const auto function = functions_.find(name); function != functions_.end() && function->second) {
        const NodePtr body = function->second;
        seenBodies_.insert(body.get());
        if (listedBodies_.insert({body.get(), reason}).second) listRegion(*body, reason);
        return;
    }
    static const std::vector<std::string> kPlain{"exit",   "return", "break", "continue", "set",      "shift",
                                                 "export", "read",   "local", "unset",    "readonly", "declare",
                                                 ":",      "shopt",  "alias", "trap",     "typeset",  "let"};
    const bool plain = std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end();
    const bool mentions = mentionsDialect(node);
    const bool acts = options_.isScript && !node.words.empty() && !plain && !onlyLooks(name);
    if (mentions || acts) unread(node, reason);
}

void Walker::listUncalled() {
    for (const auto& [name, body] : functions_) {
        if (!body || seenBodies_.contains(body.get()) || !mentionsDialect(*body)) continue;
        listRegion(*body, fmt::format("is in the function `{}`, which is never called", name));
    }
}

void Walker::listHereDocs() {
    for (const HereDoc& doc : script_.hereDocs) {
        std::size_t line = doc.firstLine;
        for (const std::string& text : split(doc.body, '\n')) {
            if (mentions(text)) {
                out_.unread.push_back({line, fmt::format("`{}`: stands in a here-document: text that is given to "
                                                         "another program",
                                                         shownText(trim(text)))});
            }
            ++line;
        }
        if (doc.lastLine < doc.firstLine) continue;
        if (out_.covered.size() <= doc.lastLine) out_.covered.resize(doc.lastLine + 1);
        for (line = doc.firstLine; line <= doc.lastLine; ++line) out_.covered[line] = true;
    }
}

Effects Walker::effectsOf(const Node& node) {
    Effects effects;
    collect(node, effects, 0);
    return effects;
}

void Walker::collect(const Node& node, Effects& effects, int depth) {
    if (depth > kDeepestListing) {
        effects.everything = true;
        effects.mayExit = true;
        return;
    }
    if (node.kind == Node::Kind::Subshell) return;
    if (node.kind == Node::Kind::Pipeline && node.children.size() > 1) return;  // each is a process of its own
    if (node.kind == Node::Kind::Function) {
        effects.functions.insert(node.name);
        return;
    }
    if (node.kind == Node::Kind::Arithmetic) addIdentifiers(node.source, effects.names);
    if (!node.name.empty()) effects.names.insert(node.name);
    for (const Word& word : node.words) addDefaults(word.parts, effects.names);
    if (node.kind == Node::Kind::Simple) collectSimple(node, effects, depth);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        const bool background = node.kind == Node::Kind::List && node.operators[i] == "&";
        if (!background) collect(*node.children[i], effects, depth + 1);
    }
}

void Walker::collectSimple(const Node& node, Effects& effects, int depth) {
    for (const Assignment& assignment : node.assignments) {
        addDefaults(assignment.value.parts, effects.names);
        if (node.words.empty()) effects.names.insert(assignment.name);
    }
    const std::string name = nameOf(node);
    if (const auto function = functions_.find(name); function != functions_.end()) {
        if (function->second) {
            if (!effects.bodies.insert(function->second.get()).second) return;
            return collect(*function->second, effects, depth + 1);
        }
        effects.everything = true;
        effects.mayExit = true;
        return;
    }
    static const std::vector<std::string> kAssigning{"read",   "mapfile", "readarray", "getopts", "let",     "unset",
                                                     "export", "local",   "declare",   "typeset", "readonly"};
    const bool assigns = std::find(kAssigning.begin(), kAssigning.end(), name) != kAssigning.end() ||
                         (name == "printf" && node.words.size() > 1 && bareText(node.words[1]) == "-v");
    for (std::size_t i = 1; assigns && i < node.words.size(); ++i) {
        const auto literal = literalText(node.words[i]);
        const std::string text = literal.value_or(node.words[i].source);
        if (name == "let") {
            addIdentifiers(text, effects.names);
            continue;
        }
        std::size_t end = 0;
        while (end < text.size() && isNameChar(text[end])) ++end;
        if (end > 0 && isNameStart(text[0])) effects.names.insert(text.substr(0, end));
        if (text.starts_with("$")) effects.everything = true;
    }
    if (name == "read") effects.names.insert("REPLY");
    if (name == "getopts") effects.names.insert({"OPTARG", "OPTIND"});
    if (name == "eval" || name == "source" || name == ".") effects.everything = true;
    if (name == "exit" || name == "exec") effects.mayExit = true;
    if (name == "return") effects.mayReturn = true;
    if (name == "break" || name == "continue") effects.mayBreak = true;
    if (name == "shift" || name == "set") effects.positional = true;
}

void Walker::apply(const Effects& effects, const std::string& reason) {
    if (effects.everything) values_.forgetAll(reason);
    for (const std::string& name : effects.names) {
        values_.forget(name, reason);
        out_.assigned[name] += 2;
    }
    for (const std::string& name : effects.functions) functions_[name] = nullptr;
    if (effects.positional) values_.forgetPositional();
}

/// Whether it does no more than print.
bool Walker::onlyPrints(const Node& node) {
    if (node.kind == Node::Kind::Simple) {
        const std::string name = nameOf(node);
        return !node.words.empty() && !functions_.contains(name) && alwaysSucceeds(name) && !mentionsDialect(node) &&
               name != "sleep";
    }
    const bool wraps = node.kind == Node::Kind::Group || node.kind == Node::Kind::List;
    return wraps && std::all_of(node.children.begin(), node.children.end(),
                                [this](const NodePtr& child) { return onlyPrints(*child); });
}

/// Whether it prints and then ends the script as failed. `afterFailure`: a bare `exit` gives the failure on.
bool Walker::endsScript(const Node& node, bool afterFailure) {
    if (askDepth_ > 20) return false;  // functions that call each other
    ++askDepth_;
    const bool ends = endsScriptHere(node, afterFailure);
    --askDepth_;
    return ends;
}

bool Walker::endsScriptHere(const Node& node, bool afterFailure) {
    if (node.kind == Node::Kind::Group) return endsScript(*node.children[0], afterFailure);
    if (node.kind == Node::Kind::List) {
        for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
            if (node.operators[i] == "&" || !onlyPrints(*node.children[i])) return false;
        }
        const bool any = !node.children.empty() && node.operators.back() != "&";
        return any && endsScript(*node.children.back(), afterFailure && node.children.size() == 1);
    }
    if (node.kind != Node::Kind::Simple || node.words.empty()) return false;
    const std::string name = nameOf(node);
    if (const auto function = functions_.find(name); function != functions_.end()) {
        return function->second && function->second->kind == Node::Kind::Group && endsScript(*function->second, false);
    }
    if (name != "exit") return false;
    if (node.words.size() == 1) return afterFailure;
    const std::string code = node.words.size() == 2 ? literalText(node.words[1]).value_or("") : "";
    return !code.empty() && code.size() < 4 && code.find_first_not_of("0123456789") == std::string::npos &&
           code.find_first_not_of('0') != std::string::npos;
}

}  // namespace tributary::runbooks::shell
