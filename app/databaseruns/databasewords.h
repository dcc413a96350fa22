// What voltdb, voltadmin and sqlcmd do: the same for runs, the console and the shell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/databaseruns/databaseworld.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "runbooks/dialects/sqlcmd/statements.h"
#include "runbooks/dialects/sqlcmd/tabletext.h"

namespace tributary::app {

/// Does one operation of these dialects; the outcome's lines are what the real program prints. Errors: of the world,
/// and the real program's words; Unsupported for what is not carried; Timeout.
[[nodiscard]] Result<Outcome> executeOnDatabases(DatabaseWorld& world, const Operation& op, Millis timeoutMs);

using LinesTold = std::function<void(const std::vector<std::string>&)>;
/// The statements of a sqlcmd, one after the other; the lines of each are told as soon as it has answered. Errors: of
/// the first one that fails; those before it have been told, and count.
[[nodiscard]] Status runSql(DatabaseWorld& world, const Operation& op, const LinesTold& told);

/// One statement of sqlcmd at a cluster: its lines. Errors: as above.
[[nodiscard]] Result<std::vector<std::string>> runStatement(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                                            const runbooks::SqlStatement& statement,
                                                            const runbooks::TableStyle& style);

/// A table of an answer, ready to be written.
[[nodiscard]] runbooks::ShownTable shownTable(const engine::voltdb::ResultTable& table);

}  // namespace tributary::app
