// Pieces of the loader, shared by its files only.
#pragma once

#include "core/workspace/strictyaml.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks::detail {

/// Reads the parts of one runbook. The first error stays in `reader`; what follows it is empty.
class RunbookReader {
public:
    RunbookReader(StrictReader& reader, Runbook& runbook) : reader_(reader), runbook_(runbook) {}

    void readParameters(const StrictNode& node);
    void readSteps(const StrictNode& node);
    std::vector<Check> checks(const StrictNode& node, std::string_view thing);
    /// Text in which placeholders must name declared parameters.
    std::string templated(const StrictNode& node, std::string_view thing);

private:
    void readParameter(const StrictNode& node);
    void readValues(const StrictNode& node, Parameter& parameter);
    void readDefault(const StrictNode& node, Parameter& parameter);
    Step step(const StrictNode& node);
    void readDeed(const StrictNode& node, Step& step);
    void readUndo(const StrictNode& node, Step& step);
    void readPolicy(const StrictNode& node, Step& step);
    void readApproval(const StrictNode& node, Step& step);
    void readRetry(const StrictNode& node, Step& step);
    /// Keys that would have no effect on a step of this kind.
    void refuseUseless(const StrictNode& node, const Step& step);
    /// A deletion of which the runbook says nothing wants its name typed all the same.
    void wantNamesOfDeletions(Step& step);
    void checkStep(const StrictNode& node, const Step& step);

    Check check(const StrictNode& node, std::string_view thing);
    std::vector<Condition> conditions(const StrictNode& node);
    std::vector<CommandLine> lines(const StrictNode& node, std::string_view thing);
    CommandLine line(const StrictNode& node, std::string_view thing);
    std::vector<VerifyClause> verifyClauses(const StrictNode& node);
    VerifyClause verifyClause(const StrictNode& node);
    Millis duration(const StrictNode& node, std::string_view thing);
    void notEmpty(const StrictNode& list, std::string_view thing);
    void knownPlaceholders(const StrictNode& node, std::string_view text);
    std::string word(const StrictNode& node, std::string_view thing, const std::vector<std::string>& allowed);

    StrictReader& reader_;
    Runbook& runbook_;
};

/// Stable names of runbooks, steps and parameters: lower case, digits and dashes, a letter first.
[[nodiscard]] bool isIdentifier(std::string_view text);

}  // namespace tributary::runbooks::detail
