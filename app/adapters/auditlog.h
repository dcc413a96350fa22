// One line per operation that changes something: who, what, for which runbook, and how it ended.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/operations/operation.h"
#include "runbooks/port/forwardedport.h"

namespace tributary::app {

/// One audited operation.
struct AuditEntry {
    Millis atMs = 0;          ///< UTC
    std::string osUser;       ///< who typed it
    std::string user;         ///< whom the clusters saw
    std::string line;         ///< the command
    std::string runbook;      ///< empty: by hand
    std::string runbookHash;  ///< of the text that the run is bound to
    bool ok = false;
    std::string error;
};

/// Whether an operation can change a cluster; lists, infos and comparisons cannot.
[[nodiscard]] bool changesSomething(const Operation& op);

/// `.tributary/audit.log` of a workspace, JSON lines, readable by the owner alone. At 10 MB it becomes audit.log.1
/// (the one before .2, at most 4 of them). A log that cannot be written never stops the operation: it is said once on
/// stderr.
class AuditLog {
public:
    explicit AuditLog(std::string path) : path_(std::move(path)) {}
    void append(const AuditEntry& entry);
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
    bool complained_ = false;
};

/// Passes everything on and audits what a run executes.
class AuditedPort final : public runbooks::ForwardedPort {
public:
    /// `port` and `log` outlive this; `entry` has everything but the line and its end.
    AuditedPort(runbooks::SystemPort& port, AuditLog& log, AuditEntry entry, std::function<Millis()> nowMs)
        : ForwardedPort(port), log_(log), entry_(std::move(entry)), nowMs_(std::move(nowMs)) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override;

private:
    AuditLog& log_;
    AuditEntry entry_;
    std::function<Millis()> nowMs_;
};

}  // namespace tributary::app
