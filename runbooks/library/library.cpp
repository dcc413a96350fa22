// Names to runbooks.
#include "runbooks/library/library.h"

#include <algorithm>
#include <filesystem>

#include "core/base/text.h"
#include "runbooks/library/builtin.h"
#include "runbooks/model/load.h"
#include "runbooks/model/loadparts.h"

namespace tributary::runbooks {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSkeleton = R"(# What this runbook is for, in a line.
runbook: @NAME@
title: Say what is true when it has run
why: Say why somebody would run it.
system: maprdb
parameters:
  source: {type: dataset, title: The table to look at, example: /mapr/sanfrancisco/customers}
requires:
  - dataset-exists {{source}}

steps:
  - id: look
    title: Look at the table's replicas
    why: A first step that changes nothing. `help checks` lists what done-when, requires and verify can ask.
    target: "{{source}}"
    do: maprcli table replica list -path {{source}} -refreshnow true
    verify: readable {{source}}
    undo: none
    repeatable: true
)";

LibraryEntry entryOf(const std::string& name, const Result<Runbook>& runbook, const std::string& origin) {
    LibraryEntry entry{name, {}, {}, {}, origin, {}};
    if (!runbook.ok()) {
        entry.problem = runbook.error().text();
        return entry;
    }
    const Runbook& known = *runbook;
    entry.title = known.title;
    entry.why = known.why;
    entry.system = known.system;
    return entry;
}

/// Names of the workspace's files, sorted.
std::vector<std::string> ownNames(const std::string& workspaceDir) {
    std::vector<std::string> out;
    if (workspaceDir.empty()) return out;
    std::error_code failure;
    for (fs::directory_iterator at(fs::path(workspaceDir) / "runbooks", failure), end; !failure && at != end;
         at.increment(failure)) {
        if (at->path().extension() == ".yaml") out.push_back(at->path().stem().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string ownPath(const std::string& workspaceDir, const std::string& name) {
    return (fs::path(workspaceDir) / "runbooks" / (name + ".yaml")).string();
}

}  // namespace

std::vector<LibraryEntry> listLibrary(const Dialects& dialects) {
    std::vector<LibraryEntry> out;
    for (const detail::BuiltinText& builtin : detail::builtinTexts()) {
        const std::string name(builtin.name);
        out.push_back(entryOf(name, parseRunbook(builtin.text, name + ".yaml", dialects), {}));
    }
    return out;
}

std::vector<LibraryEntry> listRunbooks(const std::string& workspaceDir, const Dialects& dialects) {
    std::vector<LibraryEntry> out;
    const std::vector<std::string> own = ownNames(workspaceDir);
    for (const std::string& name : own) {
        const std::string path = ownPath(workspaceDir, name);
        out.push_back(entryOf(name, loadRunbook(path, dialects), path));
    }
    for (LibraryEntry& entry : listLibrary(dialects)) {
        if (std::find(own.begin(), own.end(), entry.name) == own.end()) out.push_back(std::move(entry));
    }
    std::sort(out.begin(), out.end(), [](const LibraryEntry& a, const LibraryEntry& b) { return a.name < b.name; });
    return out;
}

Result<std::string> libraryText(const std::string& name) {
    std::vector<std::string> names;
    for (const detail::BuiltinText& builtin : detail::builtinTexts()) {
        if (builtin.name == name) return std::string(builtin.text);
        names.emplace_back(builtin.name);
    }
    const std::string near = nearest(name, names);
    return Error{ErrorCode::NotFound,
                 "there is no runbook `" + name + "`",
                 {},
                 near.empty() ? "one of: " + join(names, ", ") : "did you mean `" + near + "`?"};
}

Result<Runbook> findRunbook(const std::string& name, const std::string& workspaceDir, const Dialects& dialects) {
    if (name.size() > 5 && name.substr(name.size() - 5) == ".yaml") return loadRunbook(name, dialects);
    const std::vector<std::string> own = ownNames(workspaceDir);
    if (std::find(own.begin(), own.end(), name) != own.end()) return loadRunbook(ownPath(workspaceDir, name), dialects);
    const Result<std::string> text = libraryText(name);
    if (text.ok()) return parseRunbook(*text, name + ".yaml", dialects);
    Error error = text.error();
    const std::string near = nearest(name, own);
    if (!near.empty()) error.fix = "did you mean `" + near + "`?";
    return error;
}

Result<std::string> newRunbook(const std::string& name) {
    if (!detail::isIdentifier(name)) {
        return Error{
            ErrorCode::InvalidInput, "`" + name + "` is no runbook name", {}, "use lower case, digits and dashes"};
    }
    std::string text(kSkeleton);
    const std::string_view mark = "@NAME@";
    text.replace(text.find(mark), mark.size(), name);
    return text;
}

}  // namespace tributary::runbooks
