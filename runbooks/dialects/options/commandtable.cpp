// Matching against a command table.
#include "runbooks/dialects/options/commandtable.h"

#include <algorithm>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

bool startsWith(const std::vector<std::string>& words, const std::vector<std::string>& prefix) {
    return prefix.size() <= words.size() && std::equal(prefix.begin(), prefix.end(), words.begin(),
                                                       [](const auto& a, const auto& b) { return toLower(a) == b; });
}

std::size_t commonPrefix(const std::vector<std::string>& row, const std::vector<std::string>& words) {
    std::size_t common = 0;
    while (common < row.size() && common < words.size() && toLower(row[common]) == words[common]) ++common;
    return common;
}

}  // namespace

const CommandRow* CommandTable::rowOf(Verb verb) const {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [verb](const CommandRow& row) { return row.canonical && row.verb == verb; });
    return found == rows.end() ? nullptr : &*found;
}

CommandMatch CommandTable::match(const std::vector<std::string>& words) const {
    CommandMatch match;
    for (const RefusedRow& row : refused) {
        if (startsWith(words, row.words)) {
            match.refused = &row;
            match.used = row.words.size();
            return match;
        }
    }
    for (const CommandRow& row : rows) {
        const std::size_t common = commonPrefix(row.words, words);
        match.used = std::max(match.used, common);
        if (common == row.words.size()) match.row = &row;
    }
    if (match.row != nullptr) match.used = match.row->words.size();
    return match;
}

std::vector<std::string> CommandTable::nextWords(const std::vector<std::string>& prefix) const {
    std::vector<std::string> next;
    for (const CommandRow& row : rows) {
        if (!row.canonical || row.words.size() <= prefix.size()) continue;
        if (commonPrefix(row.words, prefix) != prefix.size()) continue;
        const std::string& word = row.words[prefix.size()];
        if (std::find(next.begin(), next.end(), word) == next.end()) next.push_back(word);
    }
    return next;
}

}  // namespace tributary::runbooks
