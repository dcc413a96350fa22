// The command table of a program: one row per command words, and rows for what is understood but refused.
#pragma once

#include <string>
#include <vector>

#include "core/operations/schema.h"

namespace tributary::runbooks {

/// One way to spell a verb. Options are those of the core schema; parser, printer, help and completion read this row.
struct CommandRow {
    Verb verb = Verb::TableInfo;
    std::vector<std::string> words;  ///< {"table", "replica", "add"}
    bool canonical = true;           ///< the spelling that is printed; others are only read
    std::string example;             ///< the options of an example, for help
    std::string remark;              ///< of a spelling that is only read: "is the name of release 5.0"
};

/// Commands that the real system has and this one does not carry.
struct RefusedRow {
    std::vector<std::string> words;  ///< a prefix: everything below is refused too
    std::string what;                ///< a full sentence
    std::string fix;
};

/// Where a list of command words leads.
struct CommandMatch {
    const CommandRow* row = nullptr;      ///< set when the words begin with a complete command
    const RefusedRow* refused = nullptr;  ///< set when they begin with a refused one
    std::size_t used = 0;                 ///< words that were understood, also when neither is set
};

/// All commands of one program.
struct CommandTable {
    std::vector<CommandRow> rows;
    std::vector<RefusedRow> refused;

    /// The canonical row of a verb, or nullptr.
    [[nodiscard]] const CommandRow* rowOf(Verb verb) const;
    /// Matches command words (lower case).
    [[nodiscard]] CommandMatch match(const std::vector<std::string>& words) const;
    /// The words that may follow `prefix`, in table order, refused commands left out.
    [[nodiscard]] std::vector<std::string> nextWords(const std::vector<std::string>& prefix) const;
};

}  // namespace tributary::runbooks
