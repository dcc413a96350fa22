// Lines in the workspace's audit log, of the terminal's verbs and of the desktop's panels.
#pragma once

#include <string>

#include "app/adapters/auditlog.h"
#include "app/daemon/session.h"

namespace tributary::app {

/// Appends one line: who did `line`, and how it ended. `line` names what was done, never rows or their keys; `error` is
/// empty when it went well, and has no texts of rows either. A log that cannot be written is said on stderr.
void audit(const Session& session, const std::string& line, const std::string& error);

/// Where the workspace keeps its audit log.
[[nodiscard]] std::string auditPath(const Session& session);

/// An entry with who acts, for what a runbook executes (empty id and hash: by hand); line and end are still to come.
[[nodiscard]] AuditEntry auditEntry(const Session& session, const std::string& runbook = {},
                                    const std::string& runbookHash = {});

/// The error of a verb on rows as the audit log may know it: its code.
[[nodiscard]] std::string auditError(const Status& done);

}  // namespace tributary::app
