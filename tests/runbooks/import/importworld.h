// What the tests of import share: imported texts, their commands and remarks.
#pragma once

#include <QtGlobal>
#include <algorithm>
#include <string>
#include <vector>

#include "runbooks/import/importscript.h"
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"
#include "spokenrunbooks.h"

namespace tributary::test {

inline runbooks::ImportedRunbook imported(const std::string& text, const std::string& fileName = "setup.sh") {
    const auto result = runbooks::importScript(text, "imported", fileName);
    if (!result.ok()) qFatal("%s\n%s", result.error().full().c_str(), text.c_str());
    return *result;
}

/// The runbook of an import, with the defaults of its parameters filled in.
inline runbooks::Runbook renderedBook(const runbooks::ImportedRunbook& imported) {
    const auto book = runbooks::parseRunbook(imported.text, "imported.yaml");
    if (!book.ok()) qFatal("%s", book.error().full().c_str());
    const auto values = runbooks::resolveParameters(*book, {});
    if (!values.ok()) return *book;
    const auto rendered = runbooks::renderRunbook(*book, *values);
    if (!rendered.ok()) qFatal("%s", rendered.error().full().c_str());
    return *rendered;
}

/// The command lines of the steps, in order; a wait or a step for a person as "wait" and "human".
inline std::vector<std::string> commandsOf(const runbooks::ImportedRunbook& imported) {
    std::vector<std::string> lines;
    for (const runbooks::Step& step : renderedBook(imported).steps) {
        if (step.kind == runbooks::StepKind::Human) lines.emplace_back("human");
        if (step.kind == runbooks::StepKind::Wait) lines.emplace_back("wait");
        for (const runbooks::CommandLine& line : step.commands) lines.push_back(line.text);
    }
    return lines;
}

inline bool noted(const std::vector<runbooks::ImportNote>& notes, std::size_t line, const std::string& text) {
    return std::any_of(notes.begin(), notes.end(), [&](const runbooks::ImportNote& note) {
        return note.line == line && note.text.find(text) != std::string::npos;
    });
}

inline std::string allNotes(const std::vector<runbooks::ImportNote>& notes) {
    std::string out;
    for (const runbooks::ImportNote& note : notes) out += std::to_string(note.line) + ": " + note.text + "\n";
    return out;
}

}  // namespace tributary::test
