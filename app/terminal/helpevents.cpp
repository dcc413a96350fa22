// The text of `help events`.
#include <fmt/format.h>

#include <algorithm>

#include "app/terminal/helprunbooks.h"
#include "app/terminal/helptopics.h"
#include "core/base/text.h"
#include "runbooks/runner/eventfields.h"

namespace tributary::app {
namespace {

constexpr std::size_t kExampleColumns = 76;

/// A line of JSON broken behind commas, so that it fits; the rest of it is indented further.
std::string foldedJson(const std::string& line) {
    std::string out = "  ";
    std::size_t used = 0;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::size_t comma = line.find(",\"", at);
        const std::size_t end = comma == std::string::npos ? line.size() : comma + 1;
        if (used > 0 && used + (end - at) > kExampleColumns) {
            out += "\n   ";
            used = 1;
        }
        out += line.substr(at, end - at);
        used += end - at;
        at = end;
    }
    return out + "\n";
}

std::string keysOf(const std::vector<std::string_view>& keys) {
    std::string out;
    for (const std::string_view key : keys) out += (out.empty() ? "" : ", ") + std::string(key);
    return out;
}

std::string fieldLines(const std::vector<runbooks::EventField>& fields) {
    std::string out;
    for (const runbooks::EventField& field : fields) {
        out += fmt::format("- {} ({}): {}.\n", field.key, field.type, field.meaning);
    }
    return out;
}

}  // namespace

std::string eventsText(int columns) {
    std::string out = flowing(
        "`tributary run NAME --events FILE` (or - for stdout) writes what happens as JSON lines: one object per line, "
        "written when it happens. Version 1 of the schema: later versions only add members and kinds, so pass over "
        "what you do not know.\n"
        "\n"
        "  tributary run multi-master-setup --params setup.yaml --events events.jsonl\n"
        "\n"
        "Every event has: " +
            keysOf(runbooks::commonEventKeys()) +
            ". The examples are broken here to fit; in the file each is one line.\n",
        columns);
    for (const runbooks::EventKind& kind : runbooks::eventKinds()) {
        std::string text =
            fmt::format("\n{}: {}. Has: {}.", runbooks::eventTypeName(kind.type), kind.meaning, keysOf(kind.always));
        if (!kind.perhaps.empty()) text += fmt::format(" May have: {}.", keysOf(kind.perhaps));
        out += flowing(text + "\n\n", columns) + foldedJson(runbooks::eventExample(kind.type));
    }
    return out + flowing("\nMembers\n" + fieldLines(runbooks::eventFields()) + "\nMembers of each of links\n" +
                             fieldLines(runbooks::eventLinkFields()),
                         columns);
}

}  // namespace tributary::app
