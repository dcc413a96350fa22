// CopyTable and DiffTables as commands, of binary and of JSON tables (maprdb.md section 1.8).
#include <fmt/format.h>

#include "engine/admin/difftables.h"
#include "engine/admin/difftablesfiles.h"
#include "engine/admin/tableadmintools.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"

namespace tributary::engine::maprdb::admin {
namespace {

struct Ends {
    std::string src;
    std::string dst;
};

Result<Ends> endsOf(const Command& command) {
    const Result<std::string> src = command.path("src");
    if (!src) return src.error();
    const Result<std::string> dst = command.path("dst");
    if (!dst) return dst.error();
    return Ends{*src, *dst};
}

Result<DiffMaster> masterOf(const Command& command, const Ends& ends) {
    if (!command.op.has("master")) return DiffMaster::None;
    const Result<std::string> master = command.path("master");
    if (!master) return master.error();
    if (*master == ends.src) return DiffMaster::A;
    if (*master == ends.dst) return DiffMaster::B;
    return Error{ErrorCode::InvalidInput, fmt::format("{} is neither -src nor -dst", *master), "-master",
                 fmt::format("-master {}", shellWord(ends.src))};
}

// The shipped runbooks name one tool for tables of every kind; the real system has two.
std::string otherTool(const char* tool, const Ends& ends) {
    return fmt::format("a real cluster has another tool for JSON tables: mapr {} -src {} -dst {}", tool,
                       shellWord(ends.src), shellWord(ends.dst));
}

std::vector<std::string> report(const DiffResult& diff, const Ends& ends, const std::string& outDir) {
    std::vector<std::string> lines{
        fmt::format("rows in {}: {}", ends.src, diff.rowsSource),
        fmt::format("rows in {}: {}", ends.dst, diff.rowsReplica),
        fmt::format("rows that differ: {}{}", diff.rowsDifferent, diff.complete ? "" : " (stopped at the first)"),
        fmt::format("opsForDst: {}", diff.opsForDst),
        fmt::format("opsForSrc: {}", diff.opsForSrc),
    };
    if (diff.rowsChanging > 0) {
        lines.push_back(fmt::format("rows that still change: {} (after {} looks)", diff.rowsChanging, diff.looks));
    }
    if (diff.rowsOnlyDeletes > 0) {
        lines.push_back(fmt::format("rows that differ in deletes only: {}", diff.rowsOnlyDeletes));
    }
    for (const std::string& line : diff.metadata) lines.push_back("metadata: " + line);
    lines.push_back(fmt::format("operations written to: {}", outDir));
    const bool untold = !diff.identical && diff.rowsDifferent == 0 && diff.metadata.empty();
    lines.emplace_back(untold                     ? "the tables still change: whether they differ cannot be told"
                       : !diff.identical          ? "the tables differ"
                       : diff.rowsOnlyDeletes > 0 ? "the tables show the same and differ in deletes"
                                                  : "the tables are identical");
    return lines;
}

}  // namespace

Status checkMapReduce(const Operation& op, std::vector<std::string>& warnings) {
    if (op.flag("mapreduce")) {
        return Error{ErrorCode::Unsupported, "there is no YARN here to run a MapReduce job", "-mapreduce",
                     "-mapreduce false"};
    }
    if (!op.has("mapreduce")) {
        warnings.emplace_back(
            "ran without MapReduce; a real cluster would start a job for this line, add -mapreduce false to mean this");
    }
    return okStatus();
}

Status requireJson(const Command& command, const std::string& path, std::string_view where, bool json) {
    const Result<TableDescription> table = command.calls.describe(path, where);
    if (!table) return table.error();
    if (isJsonTable(table->record) == json) return okStatus();
    return Error{ErrorCode::InvalidInput, fmt::format("{} is a {} table", path, table->record.kind), std::string(where),
                 "JSON tables: mapr copytable, difftables, importJSON, exportJSON; binary ones: hbase ...CopyTable, "
                 "...DiffTables, tributary load"};
}

Result<Outcome> copyTableTool(const Command& command) {
    const Operation& op = command.op;
    Outcome outcome;
    if (Status status = checkMapReduce(op, outcome.warnings); !status) return status.error();
    const Result<Ends> ends = endsOf(command);
    if (!ends) return ends.error();
    CopyRequest request;
    request.src = ends->src;
    request.dst = ends->dst;
    request.columns = op.text("columns");
    request.maxVersions = static_cast<std::uint32_t>(op.integer("maxversions"));
    request.startMs = op.integer("starttime");
    request.endMs = op.integer("endtime");
    request.bulkload = op.flag("bulkload", true);
    const bool json = op.verb == Verb::JsonCopyTable;
    if (json) {
        if (Status fits = requireJson(command, ends->src, "-src", true); !fits) return fits.error();
        for (const auto& [option, key] : {std::pair{"fromid", &request.from}, {"toid", &request.to}}) {
            if (!op.has(option)) continue;
            const auto id = keyOfId(json::Value::string(op.text(option)));
            if (!id) return withWhere(id.error(), std::string("-") + option);
            *key = *id;
        }
    }
    Result<CopyResult> copied = copyTable(command.calls, request, command.options.onCopyProgress);
    if (!copied) return copied.error();
    if (!json && copied->kind == "json") outcome.warnings.push_back(otherTool("copytable", *ends));
    outcome.lines.push_back(fmt::format("rows copied: {}", copied->rows));
    outcome.lines.push_back(fmt::format("seconds: {:.3f}", static_cast<double>(copied->elapsedMs) / 1000.0));
    for (std::string& warning : copied->warnings) outcome.warnings.push_back(std::move(warning));
    return outcome;
}

Result<Outcome> diffTablesTool(const Command& command) {
    const Operation& op = command.op;
    Outcome outcome;
    if (Status status = checkMapReduce(op, outcome.warnings); !status) return status.error();
    const Result<Ends> ends = endsOf(command);
    if (!ends) return ends.error();
    const Result<DiffMaster> master = masterOf(command, *ends);
    if (!master) return master.error();
    if (command.options.files == nullptr) {
        return Error{ErrorCode::Unsupported, "this place of execution writes no files", "-outdir",
                     fmt::format("tributary diff {} {}", shellWord(ends->src), shellWord(ends->dst))};
    }
    DiffRequest request;
    request.a = ends->src;
    request.b = ends->dst;
    request.columns = op.text("columns");
    request.maxVersions = static_cast<std::uint32_t>(op.integer("maxversions"));
    request.startMs = op.integer("starttime");
    request.endMs = op.integer("endtime");
    request.firstExit = op.flag("first_exit");
    request.compareMeta = op.flag("cmpmeta");
    request.master = *master;
    for (const std::string& path : {ends->src, ends->dst}) {  // before a directory is made for nothing
        const Result<TableDescription> table = command.calls.describe(path, path == ends->src ? "-src" : "-dst");
        if (!table) return table.error();
        const bool json = isJsonTable(table->record);
        if (op.verb == Verb::JsonDiffTables || op.verb == Verb::JsonDiffTablesWithCrc) {
            if (Status fits = requireJson(command, path, path == ends->src ? "-src" : "-dst", true); !fits) {
                return fits.error();
            }
        } else if (json && path == ends->src) {
            outcome.warnings.push_back(otherTool("difftables", *ends));
        }
    }
    const std::string outDir = op.text("outdir");
    Result<std::unique_ptr<ChangeFiles>> files = ChangeFiles::create(*command.options.files, outDir, *master);
    if (!files) return files.error();
    const Result<DiffResult> diff =
        diffTables(command.calls, request, [&](const CellChange& change) { return (*files)->write(change); });
    if (!diff) return diff.error();
    if (Status status = (*files)->finish(); !status) return withWhere(status.error(), "-outdir");
    outcome.lines = report(*diff, *ends, outDir);
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
