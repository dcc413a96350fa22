// Commands of an imported text on their way to a runbook: parameters found, steps written.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/operations/operation.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/import/importscript.h"

namespace tributary::runbooks::detail {

/// What becomes a step.
struct ImportedStep {
    enum class Kind { Command, Wait, Guard };
    Kind kind = Kind::Command;
    Operation op;  ///< Command
    std::size_t line = 0;
    int scope = 0;  ///< sections with placeholders of their own
    std::optional<std::int64_t> timeoutMs;
    bool mayFail = false;
    std::int64_t waitMs = 0;  ///< Wait
    std::string text;         ///< Guard
    /// Options whose whole value is that of a variable: option -> variable.
    std::map<std::string, std::string> variables;
};

/// Whether a value is a parameter of a template as a whole: `<...>` or `{{...}}`.
[[nodiscard]] bool isWholePlaceholder(const std::string& value);
/// "<path to the source table>" -> "source-table".
[[nodiscard]] std::string parameterName(const std::string& placeholder);

/// Writes the runbook of steps. One use.
class RunbookWriter {
public:
    RunbookWriter(std::string name, std::string fileName, const Dialects& dialects, ImportedRunbook& out);

    /// Values for placeholders, by scope and placeholder: shown as examples.
    std::map<std::pair<int, std::string>, std::string> examples;
    /// Defaults by placeholder ("{{src}}"): what a script's variables hold.
    std::map<std::string, std::string> defaults;

    /// Fills in text, parameters and commands of the result; `steps` get their placeholders replaced.
    void write(std::vector<ImportedStep>& steps);

private:
    /// A parameter that the text asks for.
    struct Wanted {
        std::string name;
        std::string type;
        std::string title;
        std::string example;
        std::string fallback;  ///< its default; empty: required
    };

    void nameParameters(std::vector<ImportedStep>& steps);
    std::string named(const ImportedStep& step, const std::string& option, const std::string& value);
    Wanted& wanted(const ImportedStep& step, const std::string& option, const std::string& value);
    void swapDefault(std::size_t index);
    [[nodiscard]] std::string typeFor(const ImportedStep& step, const std::string& option) const;
    [[nodiscard]] StepShape shapeOf(const ImportedStep& step) const;
    [[nodiscard]] std::string systemOf(const std::vector<ImportedStep>& steps) const;
    void header(const std::string& system);
    void writeParameter(const Wanted& parameter);
    void writeStep(const ImportedStep& step);
    void writeCommand(const ImportedStep& step, const StepShape& shape);
    void writeArrival(const std::vector<ImportedStep>& steps);
    std::string uniqueId(const std::string& id);
    void key(const std::string& name, const std::string& value);
    void note(std::size_t line, std::string text);

    std::string name_;
    std::string fileName_;
    const Dialects& dialects_;
    ImportedRunbook& out_;
    std::map<std::pair<int, std::string>, Wanted> wanted_;
    std::vector<std::pair<int, std::string>> order_;
    std::map<std::string, int> ids_;
};

}  // namespace tributary::runbooks::detail
