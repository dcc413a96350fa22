// A line in the workspace's audit log for what a verb did itself.
#pragma once

#include <string>

#include "app/daemon/session.h"

namespace tributary::app {

/// Appends one line: who did `line`, and how it ended. `line` names what was done, never rows or their keys; `error` is
/// empty when it went well, and has no texts of rows either. A log that cannot be written is said on stderr.
void audit(const Session& session, const std::string& line, const std::string& error);

/// The error of a verb on rows as the audit log may know it: its code.
[[nodiscard]] std::string auditError(const Status& done);

}  // namespace tributary::app
