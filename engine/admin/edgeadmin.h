// Private to administration: what `replica ...` and `upstream ...` do alike for tables and for streams.
#pragma once

#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb::admin {

/// The words and requests of one kind of edge.
struct EdgeWords {
    std::string_view noun;  ///< "table": of its commands, and the field of rows that holds the other end's path
    std::string_view left;  ///< what stays at the replica when the source forgets it: "the replica's table"
    Method pauseReplica;
    Method removeReplica;
    Method listUpstreams;
    Method removeUpstream;
};
[[nodiscard]] const EdgeWords& tableEdges();
[[nodiscard]] const EdgeWords& streamEdges();

/// The full paths of -path and of another option.
struct EdgePaths {
    std::string path;
    std::string other;
};
[[nodiscard]] Result<EdgePaths> edgePaths(const Command& command, const char* otherOption);

/// "maprcli table replica list -path P", and of upstreams.
[[nodiscard]] std::string listReplicasCommand(const EdgeWords& edges, const std::string& path);
[[nodiscard]] std::string listUpstreamsCommand(const EdgeWords& edges, const std::string& path);
/// An error of a request for one replica, with the command that lists them.
[[nodiscard]] Error notListed(const EdgeWords& edges, const Error& error, const std::string& path);

/// Of a replica's row the fields from replicaState to bucketsPending, in the vendor's order; then those of the end.
void addLinkFields(Json& row, const Json& replica);
void addCopyFields(Json& row, const Json& replica);
/// Into an AlterReplica body what the options of `replica edit` say that both kinds have.
void addEdited(Json& body, const Operation& op);

Result<Outcome> pauseReplica(const Command& command, const EdgeWords& edges, bool paused);
Result<Outcome> removeReplica(const Command& command, const EdgeWords& edges);
Result<Outcome> listUpstreams(const Command& command, const EdgeWords& edges);
Result<Outcome> removeUpstream(const Command& command, const EdgeWords& edges);

}  // namespace tributary::engine::maprdb::admin
