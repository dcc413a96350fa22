// Private to administration: the verbs of streams, one function each, and what they share.
#pragma once

#include "engine/admin/tableadminparts.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb::admin {

/// Carries out `stream ...` and `copystream`.
Result<Outcome> dispatchStream(const Command& command);

// streamadmin.cpp
Result<Outcome> streamCreate(const Command& command);
Result<Outcome> streamEdit(const Command& command);
Result<Outcome> streamInfo(const Command& command);
Result<Outcome> streamDelete(const Command& command);
// streamadmintopics.cpp
Result<Outcome> topicChange(const Command& command, TopicChange::Mode mode);
Result<Outcome> topicInfo(const Command& command);
Result<Outcome> topicList(const Command& command);
Result<Outcome> cursorList(const Command& command);
Result<Outcome> cursorDelete(const Command& command);
// streamadminedges.cpp
Result<Outcome> streamReplicaAdd(const Command& command);
Result<Outcome> streamReplicaEdit(const Command& command);
Result<Outcome> streamReplicaList(const Command& command);
Result<Outcome> streamUpstreamAdd(const Command& command);
// streamadminautosetup.cpp
Result<Outcome> streamReplicaAutosetup(const Command& command);
// streamtools.cpp
Result<Outcome> diffStreamsTool(const Command& command);
Result<Outcome> perfProducerTool(const Command& command);
Result<Outcome> perfConsumerTool(const Command& command);
Result<Outcome> streamAnalyzerTool(const Command& command);
Result<Outcome> assignList(const Command& command);
// copystream.cpp
Result<Outcome> copyStream(const Command& command);
/// Topics, messages with their offsets, cursors, into a stream that is there; twice changes nothing.
Status copyWholeStream(const Command& command, const std::string& src, const std::string& dst, Outcome& outcome);

/// The stream at a full path as StreamMethod::Describe shows it; nullopt when its cluster answered that there is none.
Result<std::optional<Json>> findStream(ClusterCalls& calls, const std::string& path);
/// The same, and NotFound with `where` (an option) and a fix when there is none.
Result<Json> describeStreamAt(ClusterCalls& calls, const std::string& path, std::string_view where);
/// A write; the answer as JSON.
Result<Json> putParts(ClusterCalls& calls, const std::string& path, const Bytes& parts, bool copy);
/// The body of an AddReplica request, as the operation's options say; `source` and `replica` as described.
[[nodiscard]] Json replicaBodyOf(const Operation& op, const std::string& from, const Json& source,
                                 const std::string& to, const Json& replica, bool paused);
/// The body of a Create request: another stream with attributes and permissions of `model`.
[[nodiscard]] Json createStreamLike(const Json& model, const std::string& path);

}  // namespace tributary::engine::maprdb::admin
