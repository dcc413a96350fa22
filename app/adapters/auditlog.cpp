// Lines of the audit log, and its rotation.
#include "app/adapters/auditlog.h"
#include "app/systems/dialects.h"
#include "runbooks/dialects/tt/instances.h"
#include "runbooks/dialects/voltdb/clusters.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/workspace/logrotation.h"

namespace tributary::app {
bool changesSomething(const Operation& op) {
    using Verb = tributary::Verb;
    if (op.verb >= Verb::VoltInit) return runbooks::changesDatabase(op);
    if (op.verb >= Verb::InstanceStart) return runbooks::changesInstances(op);
    switch (op.verb) {
        case Verb::TableInfo:
        case Verb::TableListRecent:
        case Verb::TableRegionList:
        case Verb::CfList:
        case Verb::ColumnPermGet:
        case Verb::ReplicaList:
        case Verb::UpstreamList:
        case Verb::GatewayGet:
        case Verb::GatewayList:
        case Verb::GatewayLocal:
        case Verb::GatewayResolve:
        case Verb::AlarmList:
        case Verb::AlarmNames:
        case Verb::StreamInfo:
        case Verb::StreamTopicInfo:
        case Verb::StreamTopicList:
        case Verb::StreamCursorList:
        case Verb::StreamAssignList:
        case Verb::DiffStreams:
        case Verb::DiffStreamsWithCrc:
        case Verb::PerfConsumer:
        case Verb::StreamAnalyzer:
        case Verb::StreamReplicaList:
        case Verb::StreamUpstreamList:
        case Verb::DiffTables:
        case Verb::DiffTablesWithCrc:
        case Verb::JsonDiffTables:
        case Verb::JsonDiffTablesWithCrc:
        case Verb::JsonExport: return false;
        default: return true;
    }
}

void AuditLog::append(const AuditEntry& entry) {
    nlohmann::ordered_json line{
        {"at", isoTime(entry.atMs)}, {"by", entry.osUser}, {"as", entry.user}, {"line", entry.line}, {"ok", entry.ok}};
    if (!entry.error.empty()) line["error"] = entry.error;
    if (!entry.runbook.empty()) {
        line["runbook"] = entry.runbook;
        line["hash"] = entry.runbookHash;
    }
    const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    // What was refused in a workspace that nobody has brought up yet is audited too.
    if (const Status made = makePrivateFolders(std::filesystem::path(path_).parent_path().string()); made)
        rotateLog(path_);
    // O_APPEND and one write: lines of several processes do not mix.
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool written = file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (file >= 0) ::close(file);
    if (written || complained_) return;
    complained_ = true;
    fmt::print(stderr, "warning: {} cannot be written; operations are not audited\n", path_);
}

runbooks::CommandOutcome AuditedPort::execute(const std::string& line, Millis timeoutMs) {
    runbooks::CommandOutcome outcome = ForwardedPort::execute(line, timeoutMs);
    const auto parsed = dialects().parseLine(line);
    if (parsed && !changesSomething(parsed->op)) return outcome;
    AuditEntry entry = entry_;
    entry.atMs = nowMs_();
    entry.line = line;
    entry.ok = outcome.ok;
    entry.error = outcome.error;
    log_.append(entry);
    return outcome;
}

}  // namespace tributary::app
