// Operations to lines, and the names that errors give them.
#include <cassert>

#include "core/base/text.h"
#include "runbooks/dialects/options/optiondialect.h"
#include "runbooks/dialects/words.h"

namespace tributary::runbooks {
namespace {

void printOption(std::string& line, const ParamSpec& spec, const std::string& value) {
    line += " -" + spec.name;
    if (spec.bare && value == "true") return;
    // A text may look like a placeholder and be none; every other type knows the difference by itself.
    const bool isTemplate = spec.type != ParamType::Text && isPlaceholder(value);
    line += " " + (isTemplate ? value : quoteWord(value));
}

}  // namespace

std::string OptionDialect::print(const Operation& op) const {
    const CommandRow* row = table_.rowOf(op.verb);
    assert(row != nullptr && "asked only for what it speaks");
    std::string line = std::string(words().program) + " " + join(row->words, " ");
    for (const ParamSpec& spec : specOf(op.verb).params) {
        const auto found = op.params.find(spec.name);
        if (found != op.params.end()) printOption(line, spec, found->second);
    }
    if (!op.cluster.empty()) line += " -cluster " + quoteWord(op.cluster);
    if (op.json) line += " -json";
    return line;
}

std::string OptionDialect::commandName(const std::vector<std::string>& words) const {
    std::vector<std::string> named;
    for (std::size_t at = 1; at < words.size() && !words[at].starts_with('-'); ++at) named.push_back(words[at]);
    if (!named.empty()) return join(named, " ");
    return words.empty() ? std::string(this->words().program) : words.front();
}

}  // namespace tributary::runbooks
