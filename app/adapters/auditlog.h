// One line per operation that changes something: who, what, for which runbook, and how it ended.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "core/operations/operation.h"
#include "runbooks/port/systemport.h"

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
class AuditedPort final : public runbooks::SystemPort {
public:
    /// `port` and `log` outlive this; `entry` has everything but the line and its end.
    AuditedPort(runbooks::SystemPort& port, AuditLog& log, AuditEntry entry, std::function<Millis()> nowMs)
        : port_(port), log_(log), entry_(std::move(entry)), nowMs_(std::move(nowMs)) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override { return port_.validate(line); }
    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override {
        return port_.check(name, arguments);
    }
    std::vector<runbooks::LinkObservation> links() override { return port_.links(); }
    std::string fingerprint() override { return port_.fingerprint(); }
    std::vector<std::string> describe() override { return port_.describe(); }
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override {
        return port_.effectOf(line, around);
    }

private:
    runbooks::SystemPort& port_;
    AuditLog& log_;
    AuditEntry entry_;
    std::function<Millis()> nowMs_;
};

}  // namespace tributary::app
