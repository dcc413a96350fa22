// `stream replica autosetup`: asked of the source, or with -directcopy false the documented steps, driven by the client
// (maprdb.md sections 1.6, 2.7).
#include <fmt/format.h>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"
#include "engine/admin/streamadmin.h"

namespace tributary::engine::maprdb::admin {
namespace {

class StreamAutosetup {
public:
    explicit StreamAutosetup(const Command& command) : command_(command), calls_(command.calls) {}

    Result<Outcome> run() {
        if (Status status = check(); !status) return status.error();
        if (command_.op.flag("directcopy", true)) return ask();
        if (Status status = build(); !status) return orphaned(status.error());
        return std::move(outcome_);
    }

private:
    // Everything that can be refused is refused here, before anything is changed.
    Status check() {
        const Operation& op = command_.op;
        const auto ends = edgePaths(command_, "replica");
        if (!ends) return ends.error();
        path_ = ends->path;
        replicaPath_ = ends->other;
        if (op.flag("networkencryption")) {
            return Error{ErrorCode::Unsupported, "a set-up by the client makes no encrypted link", "-networkencryption",
                         "leave out -directcopy false, or use stream replica add"};
        }
        if (path_ == replicaPath_) {
            return Error{ErrorCode::InvalidInput, fmt::format("stream {} cannot be its own replica", path_), "-replica",
                         "name another path"};
        }
        Result<Json> source = describeStreamAt(calls_, path_, "-path");
        if (!source) return source.error();
        source_ = std::move(source).value();
        const auto found = findStream(calls_, replicaPath_);
        if (!found) return withWhere(found.error(), "-replica");
        if (!found->has_value()) return okStatus();
        return Error{ErrorCode::AlreadyExists, fmt::format("the replica {} already exists", replicaPath_), "-replica",
                     fmt::format("maprcli stream delete -path {}, or register it: maprcli stream replica add -path {} "
                                 "-replica {} -paused true",
                                 shellWord(replicaPath_), shellWord(path_), shellWord(replicaPath_))};
    }

    /// With directcopy the source does it all, and says at once that it will.
    Result<Outcome> ask() {
        Json body = replicaBodyOf(command_.op, path_, source_, replicaPath_, Json::object(), false);
        body.erase("uuid");
        body["autosetup"] = Json{{"multimaster", command_.op.flag("multimaster")}};
        const auto added = calls_.callAt(path_, StreamMethod::AddReplica, body);
        if (added) return Outcome{};
        if (added.error().code != ErrorCode::AlreadyExists) return added.error();
        return withFix(withWhere(added.error(), "-replica"), listReplicasCommand(streamEdges(), path_));
    }

    Status build() {
        if (const auto made =
                calls_.callAt(replicaPath_, StreamMethod::Create, createStreamLike(source_, replicaPath_));
            !made) {
            return withWhere(made.error(), "-replica");
        }
        done_ = "the replica was created and is empty";
        Result<Json> replica = describeStreamAt(calls_, replicaPath_, "-replica");
        if (!replica) return replica.error();
        replica_ = std::move(replica).value();
        if (Status made = agree(path_, source_, replicaPath_, replica_, true); !made) return made;
        done_ = "the link stays registered and paused, the replica is half loaded";
        registered_ = true;
        if (Status loaded = copyWholeStream(command_, path_, replicaPath_, outcome_); !loaded) return loaded;
        if (command_.op.flag("multimaster")) {
            if (Status made = agree(replicaPath_, replica_, path_, source_, false); !made) return made;
        }
        const Json body{{"path", path_}, {"replica", replicaPath_}, {"paused", false}};
        const auto resumed = calls_.callAt(path_, StreamMethod::PauseReplica, body);
        return resumed ? okStatus() : Status(resumed.error());
    }

    /// Both halves of a link. The replica's first: a source that is not paused finds it agreed at once.
    Status agree(const std::string& from, const Json& source, const std::string& to, const Json& replica, bool paused) {
        const Json body{
            {"path", to}, {"upstream", from}, {"cluster", clusterOf(from)}, {"uuid", textOf(source, "uuid")}};
        if (const auto accepted = calls_.callAt(to, StreamMethod::AddUpstream, body); !accepted)
            return accepted.error();
        const auto added = calls_.callAt(from, StreamMethod::AddReplica,
                                         replicaBodyOf(command_.op, from, source, to, replica, paused));
        return added ? okStatus() : Status(added.error());
    }

    // What a failure leaves behind is named, with the commands that clean up before another try.
    [[nodiscard]] Error orphaned(Error error) const {
        if (done_.empty()) return error;
        error.what += "; " + done_;
        const std::string remove = fmt::format("maprcli stream replica remove -path {} -replica {}; ", shellWord(path_),
                                               shellWord(replicaPath_));
        error.fix = fmt::format("before trying again: {}maprcli stream delete -path {}", registered_ ? remove : "",
                                shellWord(replicaPath_));
        return error;
    }

    const Command& command_;
    ClusterCalls& calls_;
    std::string path_;
    std::string replicaPath_;
    Json source_;
    Json replica_;
    Outcome outcome_;
    std::string done_;  ///< what is there by now, for who reads of a failure
    bool registered_ = false;
};

}  // namespace

Result<Outcome> streamReplicaAutosetup(const Command& command) {
    return StreamAutosetup(command).run();
}

}  // namespace tributary::engine::maprdb::admin
