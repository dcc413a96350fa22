// A row of the dialect with its arguments in place.
#include "runbooks/export/lookups.h"

#include <string_view>

#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

std::string filled(std::string_view pattern, const std::vector<std::string>& arguments, bool quote) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool slot = i + 2 < pattern.size() && pattern[i] == '{' && pattern[i + 2] == '}';
        const auto index = static_cast<std::size_t>(slot ? pattern[i + 1] - '0' : 0);
        if (slot && index < arguments.size()) {
            out += quote ? quoteTemplateWord(arguments[index]) : arguments[index];
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

}  // namespace

Lookup lookupOf(const Check& rendered, const Dialects& dialects) {
    for (const Dialect* dialect : dialects.all()) {
        for (const CheckLookup& row : dialect->words().exports.lookups) {
            if (row.check != rendered.name) continue;
            return {filled(row.command, rendered.arguments, true), filled(row.shows, rendered.arguments, false)};
        }
    }
    return {};
}

}  // namespace tributary::runbooks
