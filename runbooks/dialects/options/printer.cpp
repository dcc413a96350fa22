// Operations to lines, and the names that errors give them.
#include <fmt/format.h>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli.h"
#include "runbooks/dialects/options/grammar.h"
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

std::string printLine(const Operation& op) {
    const CommandRow& row = rowOf(op.verb);
    std::string line = row.program + " " + join(row.words, " ");
    for (const ParamSpec& spec : specOf(op.verb).params) {
        const auto found = op.params.find(spec.name);
        if (found != op.params.end()) printOption(line, spec, found->second);
    }
    if (!op.cluster.empty()) line += " -cluster " + quoteWord(op.cluster);
    if (op.json) line += " -json";
    return line;
}

std::string commandName(const Operation& op) {
    return std::string(verbName(op.verb));
}

std::string commandName(const std::vector<std::string>& words) {
    std::vector<std::string> named;
    for (std::size_t at = 1; at < words.size() && !words[at].starts_with('-'); ++at) named.push_back(words[at]);
    if (named.empty()) return words.empty() ? std::string("maprcli") : words.front();
    // hbase takes a class name, of which only the last part says anything.
    if (words.front().ends_with("hbase")) return named.front().substr(named.front().find_last_of('.') + 1);
    return join(named, " ");
}

}  // namespace tributary::runbooks
