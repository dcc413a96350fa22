// Marked lines, written and read.
#include "runbooks/export/carried.h"

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

constexpr std::string_view kFirst = "#: tributary-export 1";
constexpr std::string_view kLast = "#: end";

Error damaged(std::string what) {
    return Error{ErrorCode::Corrupt, "the export was damaged: " + std::move(what), {}, "export the runbook again"};
}

/// Takes one `#: KEY VALUE`.
Status takeKey(std::string_view line, Carried& carried, std::string& hash) {
    const std::size_t blank = line.find(' ', 3);
    const std::string_view key = line.substr(3, blank == std::string_view::npos ? blank : blank - 3);
    const std::string value(blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1));
    if (key == "hash") {
        hash = value;
    } else if (key == "version") {
        carried.version = value;
    } else if (key == "target") {
        const auto target = parseExportTarget(value);
        if (!target) return target.error();
        carried.target = *target;
    } else if (key == "set") {
        const std::size_t equals = value.find('=');
        if (equals == std::string::npos) return damaged("`" + value + "` gives a parameter no value");
        carried.values[value.substr(0, equals)] = value.substr(equals + 1);
    } else {
        return damaged("`" + std::string(key) + "` is not known");
    }
    return okStatus();
}

}  // namespace

std::string carriedLines(const Runbook& runbook, const ParameterValues& values, ExportTarget target,
                         std::string_view version) {
    std::string out = std::string(kFirst) + "\n#: version " + std::string(version) + "\n#: target " +
                      (target == ExportTarget::Bash ? "bash" : "markdown") + "\n#: hash " + runbook.hash + "\n";
    for (const auto& [name, value] : values) out += "#: set " + name + "=" + value + "\n";
    std::string text = runbook.text;
    if (text.ends_with('\n')) text.pop_back();
    for (const std::string& line : split(text, '\n')) out += line.empty() ? "#|\n" : "#| " + line + "\n";
    return out + std::string(kLast) + "\n";
}

bool carriesRunbook(std::string_view exported) {
    return exported.find("\n" + std::string(kFirst) + "\n") != std::string_view::npos;
}

Result<Carried> carriedRunbook(std::string_view exported) {
    Carried carried;
    std::string hash;
    bool inside = false;
    bool ended = false;
    for (const std::string& line : split(exported, '\n')) {
        if (line == kFirst) {
            inside = true;
        } else if (!inside || ended) {
            continue;
        } else if (line == kLast) {
            ended = true;
        } else if (line.starts_with("#: ")) {
            if (Status taken = takeKey(line, carried, hash); !taken) return taken.error();
        } else if (line == "#|" || line.starts_with("#| ")) {
            carried.text += (line.size() > 3 ? line.substr(3) : std::string()) + "\n";
        } else {
            return damaged("`" + line + "` stands among the runbook's lines");
        }
    }
    if (!ended) return damaged("the runbook's last lines are missing");
    // A text without a last line break is not what a file holds, but what was given may have been one.
    if (contentHash(carried.text) != hash && !carried.text.empty()) {
        carried.text.pop_back();
        if (contentHash(carried.text) != hash) return damaged("the runbook in it is not the one that was exported");
    }
    return carried;
}

}  // namespace tributary::runbooks
