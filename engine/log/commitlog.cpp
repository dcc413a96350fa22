// Opening and closing a commit log.
#include "engine/log/commitlog.h"

#include "engine/log/recovery.h"
#include "engine/log/segmentedlog.h"

namespace tributary::engine {

namespace {

/// The first segment of a new log.
Status createFirst(Seams& seams, const LogOptions& options, RecoveredSegments& found) {
    const logformat::SegmentHeader header{seams.random.next(), 1, 0};
    segmentfiles::Made made = segmentfiles::createSegment(seams.files, {header, options.dir, {}, options.names});
    if (!made.status) return made.status;
    SegmentInfo info;
    info.path = options.dir + "/" + logformat::segmentName(header.firstLsn, options.names);
    info.header = header;
    info.end = logformat::kSegmentHeaderBytes;
    info.totalsKnown = true;
    found.segments.push_back(std::move(info));
    found.lastFile = std::move(made.file);
    return okStatus();
}

}  // namespace

Result<RecoveredLog> openCommitLog(Seams& seams, const LogOptions& options, Lsn replayFrom,
                                   const std::function<Status(const LogEntry&)>& replay) {
    if (Status step = seams.files.makeDirs(options.dir); !step) return step.error();
    RecentRing ring(options.ringBytes);
    auto found = recoverSegments(seams.files, {options.dir, options.names}, replayFrom, [&](LogEntry&& entry) {
        Status step = replay(entry);
        if (step.ok()) ring.push(std::move(entry));
        return step;
    });
    if (!found) return found.error();
    if (found->segments.empty()) {
        if (Status step = createFirst(seams, options, *found); !step) return step.error();
    }
    RecoveredLog out;
    out.cleanShutdown = found->cleanShutdown;
    out.tornBytes = found->tornBytes;
    out.note = std::move(found->note);
    out.log = std::make_unique<SegmentedLog>(seams, options, std::move(found->segments), std::move(found->lastFile),
                                             std::move(ring));
    return out;
}

Result<Lsn> firstStoredLsn(FileOps& files, const std::string& dir, const SegmentNames& named) {
    if (!files.exists(dir)) return Lsn{0};
    const auto names = files.list(dir);
    if (!names) return names.error();
    for (const std::string& name : names.value()) {
        if (const auto first = logformat::firstLsnOfName(name, named)) return *first;  // names are sorted as lsns are
    }
    return Lsn{0};
}

Result<std::optional<std::uint64_t>> segmentIdAt(FileOps& files, const std::string& dir, Lsn first,
                                                 const SegmentNames& names) {
    std::optional<std::uint64_t> id;
    const std::string path = dir + "/" + logformat::segmentName(first, names);
    if (!files.exists(path)) return id;
    auto file = files.open(path, FileOps::Open::Existing);
    if (!file) return file.error();
    const auto raw = (*file)->read(0, logformat::kSegmentHeaderBytes);
    if (!raw) return raw.error();
    if (const auto header = logformat::decodeSegmentHeader(*raw)) id = header->id;
    return id;
}

Status closeCleanly(CommitLog& log) {
    auto* segmented = dynamic_cast<SegmentedLog*>(&log);
    if (segmented == nullptr) return Error{ErrorCode::Internal, "not a log that openCommitLog made", {}, {}};
    return segmented->close();
}

}  // namespace tributary::engine
