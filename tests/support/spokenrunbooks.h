// Calls of runbooks with the dialects that tests speak.
#pragma once

#include "runbooks/import/importscript.h"
#include "runbooks/import/observed.h"
#include "runbooks/library/library.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/load.h"
#include "runbooks/runner/runner.h"
#include "runbooks/runner/runstore.h"
#include "runbooks/runner/undoplan.h"
#include "spokendialects.h"

namespace tributary::runbooks {

inline Result<Check> parseCheck(std::string_view text) {
    return parseCheck(text, spoken());
}
inline Result<Condition> parseCondition(std::string_view text) {
    return parseCondition(text, spoken());
}
inline Result<Runbook> parseRunbook(std::string_view text, const std::string& fileName) {
    return parseRunbook(text, fileName, spoken());
}
inline std::vector<LibraryEntry> listLibrary() {
    return listLibrary(spoken());
}
inline std::vector<LibraryEntry> listRunbooks(const std::string& workspaceDir) {
    return listRunbooks(workspaceDir, spoken());
}
inline Result<Runbook> findRunbook(const std::string& name, const std::string& workspaceDir) {
    return findRunbook(name, workspaceDir, spoken());
}
inline Result<Runbook> storedRunbook(const RunState& state) {
    return storedRunbook(state, spoken());
}
inline Result<UndoPlan> planUndo(const RunState& state, SystemPort& port, const std::string& downTo) {
    return planUndo(state, spoken(), port, downTo);
}
inline Result<ImportedRunbook> importScript(std::string_view bytes, const std::string& name,
                                            const std::string& fileName) {
    return importScript(bytes, name, fileName, spoken());
}
inline Result<ObservedDrawing> drawObserved(const std::vector<ObservedText>& texts,
                                            const ObservedOptions& options = {}) {
    return drawObserved(texts, spoken(), options);
}

}  // namespace tributary::runbooks
