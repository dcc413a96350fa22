// `table replica autosetup`: the documented steps in one command (maprdb.md sections 1.4 and 2.7).
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "core/topology/ace.h"
#include "engine/admin/edgeadmin.h"
#include "engine/admin/tableadmincopymeta.h"

namespace tributary::engine::maprdb::admin {
namespace {

class Autosetup {
public:
    explicit Autosetup(const Command& command)
        : command_(command), calls_(command.calls), direct_(command.op.flag("directcopy", true)) {}

    Result<Outcome> run() {
        if (Status status = checkOptions(); !status) return status.error();
        if (Status status = checkTables(); !status) return status.error();
        if (direct_) return ask();
        if (Status status = build(); !status) {
            takeBack();
            return orphaned(status.error());
        }
        return std::move(outcome_);
    }

private:
    // Everything that can be refused is refused here, before anything is changed.
    Status checkOptions() {
        const Operation& op = command_.op;
        if (op.flag("useexistingreplica") && !direct_) {
            return Error{ErrorCode::InvalidInput, "-useexistingreplica works only with -directcopy true",
                         "-useexistingreplica", "leave -directcopy out, or create the edge with replica add"};
        }
        if (op.flag("useexistingreplica") && op.flag("multimaster")) {
            return Error{ErrorCode::InvalidInput, "-multimaster cannot be used with a replica that exists already",
                         "-multimaster", "leave -multimaster out and add the way back with replica add"};
        }
        return okStatus();
    }

    Status checkTables() {
        const auto ends = edgePaths(command_, "replica");
        if (!ends) return ends.error();
        path_ = ends->path;
        replicaPath_ = ends->other;
        Result<TableDescription> source = calls_.describe(path_, "-path");
        if (!source) return source.error();
        source_ = std::move(*source);
        Result<std::optional<TableDescription>> found = calls_.find(replicaPath_);
        if (!found) return withWhere(found.error(), "-replica");
        if (Status status = checkReplica(*found); !status) return status;
        if (source_.record.replicaByPath(replicaPath_) != nullptr) {
            return Error{ErrorCode::AlreadyExists, fmt::format("{} is a replica of {} already", replicaPath_, path_),
                         "-replica", fmt::format("maprcli table replica list -path {}", shellWord(path_))};
        }
        if (Status status = checkRights(); !status) return status;
        return checkColumns(source_, command_.op.text("columns"));
    }

    // What the source would refuse once the replica is made. Groups and roles are the cluster's to tell.
    Status checkRights() const {
        for (const char* name : {"replperm", "defaultreadperm"}) {
            const auto at = source_.record.perms.find(name);
            if (at == source_.record.perms.end()) continue;
            const Result<Ace> ace = parseAce(at->second);
            if (!ace || evaluate(*ace, command_.user) || !ace->groups().empty() || !ace->roles().empty()) continue;
            return Error{ErrorCode::PermissionDenied,
                         fmt::format("user {} lacks {} on {} (it is \"{}\")", command_.user, name, path_, at->second),
                         "-path",
                         fmt::format("maprcli table edit -path {} -{} \"{}u:{}\"", shellWord(path_), name,
                                     at->second.empty() ? "" : at->second + " | ", command_.user)};
        }
        return okStatus();
    }

    Status checkReplica(std::optional<TableDescription>& found) {
        const bool reuse = command_.op.flag("useexistingreplica");
        if (replicaPath_ == path_) {
            return Error{ErrorCode::InvalidInput, fmt::format("{} cannot be its own replica", path_), "-replica",
                         "name a table of another path"};
        }
        if (found.has_value() && !reuse) {
            return Error{
                ErrorCode::AlreadyExists, fmt::format("the replica {} already exists", replicaPath_), "-replica",
                fmt::format("maprcli table delete -path {}, or add -useexistingreplica true", shellWord(replicaPath_))};
        }
        if (!found.has_value() && reuse) {
            return Error{ErrorCode::NotFound, fmt::format("the replica {} does not exist", replicaPath_), "-replica",
                         "leave -useexistingreplica out: autosetup creates the replica"};
        }
        if (found.has_value()) {
            replica_ = std::move(*found);
            if (Status status = checkEnds(source_, replica_, direct_); !status) return status;
            return checkFamilies();
        }
        TableDescription planned = source_;  // as it will be; identity apart
        planned.record.path = replicaPath_;
        planned.record.uuid = Uuid{};
        planned.record.attributes.erase("bulkload");
        return checkEnds(source_, planned, direct_);
    }

    // The copy would be refused at its first row, and so would each try after it.
    Status checkFamilies() const {
        const auto missing = missingFamilies(source_.record, replica_.record, command_.op.text("columns"));
        if (missing.empty()) return okStatus();
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the replica {} has no column family {}", replicaPath_, join(missing, ", ")),
                     "-replica", createFamilyCommand(replicaPath_, missing.front())};
    }

    /// With directcopy the source does it all, and says at once that it will.
    Result<Outcome> ask() {
        TableRecord to = replica_.record;
        to.path = replicaPath_;
        Json body = replicaBody(command_.op, source_.record, to);
        body["paused"] = false;
        const bool existing = command_.op.flag("useexistingreplica");
        if (!existing) body.erase("uuid");
        body["autosetup"] = Json{{"multimaster", command_.op.flag("multimaster")}, {"existing", existing}};
        const Result<Json> added = calls_.callAt(path_, TableMethod::AddReplica, body);
        if (!added) return added.error();
        if (source_.record.bulkload()) {
            outcome_.warnings.push_back(fmt::format(
                "{} is in bulk-load mode, for the end of which the set-up waits: maprcli table edit -path {} -bulkload "
                "false",
                path_, shellWord(path_)));
        }
        return std::move(outcome_);
    }

    Status build() {
        if (Status status = createReplica(); !status) return status;
        if (Status status = registerForward(); !status) return status;
        if (Status status = load(); !status) return status;
        return command_.op.flag("multimaster") ? registerBack() : okStatus();
    }

    Status createReplica() {
        if (!replica_.record.path.empty()) return okStatus();
        const Result<Json> created =
            calls_.callAt(replicaPath_, TableMethod::CreateTable, createBodyLike(source_.record, replicaPath_));
        if (!created) return withWhere(created.error(), "-replica");
        created_ = true;
        Result<TableDescription> replica = calls_.describe(replicaPath_, "-replica");
        if (!replica) return replica.error();
        replica_ = std::move(*replica);
        return okStatus();
    }

    // A client's copy pauses the edge, as the manual's steps do.
    Status registerForward() {
        Json body = replicaBody(command_.op, source_.record, replica_.record);
        body["paused"] = true;
        const Result<Json> added = calls_.callAt(path_, TableMethod::AddReplica, body);
        if (!added) return added.error();
        registered_ = true;
        if (Status status = registerUpstream(calls_, replica_.record, source_.record, true); !status) return status;
        accepted_ = true;
        return okStatus();
    }

    Status load() {
        CopyRequest request;
        request.src = path_;
        request.dst = replicaPath_;
        request.columns = command_.op.text("columns");
        request.bulkload = false;
        request.createMissing = false;
        Result<CopyResult> copied = copyTable(calls_, request, command_.options.onCopyProgress);
        if (!copied) return copied.error();
        for (std::string& warning : copied->warnings) outcome_.warnings.push_back(std::move(warning));
        loaded_ = true;
        const Json body{{"path", path_}, {"replica", replicaPath_}, {"paused", false}};
        const Result<Json> resumed = calls_.callAt(path_, TableMethod::PauseReplica, body);
        if (!resumed) return resumed.error();
        return okStatus();
    }

    Status registerBack() {
        Json body = replicaBody(command_.op, replica_.record, source_.record);
        body["paused"] = false;
        const Result<Json> added = calls_.callAt(replicaPath_, TableMethod::AddReplica, body);
        if (!added && added.error().code != ErrorCode::AlreadyExists) return added.error();
        return registerUpstream(calls_, source_.record, replica_.record, true);
    }

    // Refused before both ends agreed, nothing was shipped: what was made for it goes again. What cannot be taken back
    // stays marked as made, so that orphaned() names it.
    void takeBack() {
        if (accepted_) return;
        if (registered_) {
            const Json edge{{"path", path_}, {"replica", replicaPath_}};
            if (!calls_.callAt(path_, TableMethod::RemoveReplica, edge)) return;
            registered_ = false;
        }
        if (!created_) return;
        if (calls_.callAt(replicaPath_, TableMethod::DropTable, Json{{"path", replicaPath_}})) created_ = false;
    }

    // What a failure leaves behind is named, with the commands that go on or clean up (maprdb.md section 2.7).
    [[nodiscard]] Error orphaned(Error error) const {
        const std::string remove =
            fmt::format("maprcli table replica remove -path {} -replica {}", shellWord(path_), shellWord(replicaPath_));
        const std::string drop = fmt::format("maprcli table delete -path {}", shellWord(replicaPath_));
        if (registered_ && !accepted_) {
            error.what += "; the edge stays registered, and the replica does not accept it";
            error.fix = fmt::format("before trying again: {}{}", remove, created_ ? "; " + drop : std::string());
        } else if (registered_ && !loaded_) {
            error.what += "; the edge stays registered and paused, the replica is half loaded";
            error.fix = fmt::format("before trying again: {}{}", remove, created_ ? "; " + drop : std::string());
        } else if (registered_) {
            error.what += "; the data is copied, but not every edge is in place";
            error.fix = fmt::format("maprcli table replica list -path {}", shellWord(path_));
        } else if (created_) {
            error.what += "; the replica was created and is empty";
            error.fix = "before trying again: " + drop;
        }
        return error;
    }

    const Command& command_;
    ClusterCalls& calls_;
    bool direct_;
    std::string path_;
    std::string replicaPath_;
    TableDescription source_;
    TableDescription replica_;
    Outcome outcome_;
    bool created_ = false;
    bool registered_ = false;
    bool accepted_ = false;  // the replica has recorded its upstream
    bool loaded_ = false;
};

}  // namespace

Result<Outcome> replicaAutosetup(const Command& command) {
    return Autosetup(command).run();
}

}  // namespace tributary::engine::maprdb::admin
