// What a word is by its looks alone: bare, literal, an assignment.
#include <algorithm>

#include "runbooks/import/shellparser.h"

namespace tributary::runbooks::shell {

bool isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isNameChar(char c) {
    return isNameStart(c) || (c >= '0' && c <= '9');
}

void addLiteral(std::vector<WordPart>& parts, std::string_view text, bool quoted) {
    const bool joins = !parts.empty() && parts.back().kind == WordPart::Kind::Literal && parts.back().quoted == quoted;
    if (!joins) {
        parts.emplace_back();
        parts.back().quoted = quoted;
    }
    parts.back().text += text;
}

std::optional<std::string> bareText(const Word& word) {
    const bool bare = word.parts.size() == 1 && word.parts[0].kind == WordPart::Kind::Literal && !word.parts[0].quoted;
    return bare ? std::optional(word.parts[0].text) : std::nullopt;
}

std::optional<std::string> literalText(const Word& word) {
    std::string text;
    for (const WordPart& part : word.parts) {
        if (part.kind != WordPart::Kind::Literal) return {};
        text += part.text;
    }
    return text;
}

bool assignmentOf(const Word& word, Assignment& out) {
    if (word.parts.empty() || word.parts[0].kind != WordPart::Kind::Literal || word.parts[0].quoted) return false;
    const std::string& text = word.parts[0].text;
    if (text.empty() || !isNameStart(text[0])) return false;
    std::size_t at = 0;
    while (at < text.size() && isNameChar(text[at])) ++at;
    out.name = text.substr(0, at);
    if (at < text.size() && text[at] == '[') {
        const std::size_t close = text.find(']', at);
        if (close == std::string::npos) return false;
        out.index = text.substr(at + 1, close - at - 1);
        at = close + 1;
    }
    if (at < text.size() && text[at] == '+') {
        out.append = true;
        ++at;
    }
    if (at >= text.size() || text[at] != '=') return false;
    out.value = word;
    out.value.parts[0].text.erase(0, at + 1);
    if (out.value.parts[0].text.empty()) out.value.parts.erase(out.value.parts.begin());
    const bool array = out.value.parts.size() == 1 && out.value.parts[0].text == "an array";
    if (array && out.value.parts[0].kind == WordPart::Kind::Opaque && out.value.parts[0].command) {
        out.isArray = true;
        out.elements = out.value.parts[0].command->words;
    }
    return true;
}

}  // namespace tributary::runbooks::shell
