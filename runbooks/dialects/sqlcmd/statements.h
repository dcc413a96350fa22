// What stands in a script of sqlcmd: statements, apart, and which of them change something.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::runbooks {

/// One form, for help.
struct StatementKind {
    std::string_view form;
    std::string_view summary;
};

[[nodiscard]] const std::vector<StatementKind>& statementKinds();

/// What sqlcmd does with a statement.
enum class StatementUse {
    Sql,       ///< sent as it is: DDL, DML, queries
    Exec,      ///< exec[ute] PROCEDURE ARGUMENTS
    Show,      ///< show|list tables|procedures|classes|config
    Describe,  ///< describe TABLE
    Help,
    Exit
};

struct SqlStatement {
    StatementUse use = StatementUse::Sql;
    std::string text;                ///< without the semicolon, comments and blanks around it
    std::vector<std::string> words;  ///< of exec: the procedure and its arguments, without quotes; of show: what
};

/// The statements of a text: apart at semicolons outside of quotes, comments and BEGIN ... END; exec, show, describe,
/// help and exit end with their line, too. Errors: InvalidInput for a quote that is not closed, and for a text without
/// a statement.
[[nodiscard]] Result<std::vector<SqlStatement>> splitStatements(std::string_view text);

/// Nothing of it waits for more lines: each statement is ended, each quote and comment closed. A text without a
/// statement is whole, too.
[[nodiscard]] bool isWholeText(std::string_view text);

/// Whether any of its statements can change something: everything but select, explain, show, describe, and the system
/// procedures that only ask. What cannot be read can.
[[nodiscard]] bool changesSomething(std::string_view text);

}  // namespace tributary::runbooks
