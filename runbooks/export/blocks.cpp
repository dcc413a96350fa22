// Putting the machinery of a script together out of its own text and the words of dialects.
#include "core/base/text.h"
#include "runbooks/export/machinery.h"

namespace tributary::runbooks::bash {
namespace {

constexpr std::string_view kMark = "#@ ";

/// The lines between `#@ NAME` and the next mark; nothing when there is no such block.
std::string blockOf(std::string_view text, std::string_view name) {
    std::string out;
    bool wanted = false;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n') + 1);  // every text ends in a line break
        if (line.empty()) break;
        text.remove_prefix(line.size());
        if (line.starts_with(kMark)) {
            wanted = trim(line.substr(kMark.size())) == name;
        } else if (wanted) {
            out += line;
        }
    }
    return out;
}

}  // namespace

std::string scriptBlock(std::string_view name, const Dialects& dialects) {
    for (const Dialect* dialect : dialects.all()) {
        if (std::string text = blockOf(dialect->words().exports.script, name); !text.empty()) return text;
    }
    return blockOf(plainBlocks(), name);
}

std::string machineryText(const Dialects& dialects) {
    std::string out;
    std::string_view text = machinerySource();
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
        text.remove_prefix(line.size());
        if (line.starts_with(kMark)) {
            out += scriptBlock(trim(line.substr(kMark.size())), dialects);
        } else {
            out += line;
        }
    }
    return out;
}

}  // namespace tributary::runbooks::bash
