// Entries of what was done without a runbook, and the frame of those with one.
#include "app/observe/audit.h"

#include "app/observe/clocks.h"

namespace tributary::app {

std::string auditPath(const Session& session) {
    return session.engine().paths().state() + "/audit.log";
}

AuditEntry auditEntry(const Session& session, const std::string& runbook, const std::string& runbookHash) {
    AuditEntry entry;
    entry.osUser = systemUser();
    entry.user = session.user();
    entry.runbook = runbook;
    entry.runbookHash = runbookHash;
    return entry;
}

void audit(const Session& session, const std::string& line, const std::string& error) {
    AuditEntry entry = auditEntry(session);
    entry.atMs = wallNowMs();
    entry.line = line;
    entry.ok = error.empty();
    entry.error = error;
    AuditLog(auditPath(session)).append(entry);
}

std::string auditError(const Status& done) {
    return done ? std::string() : std::string(errorCodeName(done.error().code));
}

}  // namespace tributary::app
