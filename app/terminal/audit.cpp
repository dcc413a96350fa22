// Entries of verbs.
#include "app/terminal/audit.h"

#include "app/adapters/auditlog.h"
#include "app/observe/clocks.h"

namespace tributary::app {

void audit(const Session& session, const std::string& line, const std::string& error) {
    AuditLog log(session.engine().paths().state() + "/audit.log");
    log.append({wallNowMs(), systemUser(), session.user(), line, {}, {}, error.empty(), error});
}

std::string auditError(const Status& done) {
    return done ? std::string() : std::string(errorCodeName(done.error().code));
}

}  // namespace tributary::app
