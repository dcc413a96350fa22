// `mapr copystream`: topics, messages with their offsets, cursors (maprdb.md section 1.8).
#include <fmt/format.h>

#include "core/base/limits.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/streamadmin.h"

namespace tributary::engine::maprdb::admin {
namespace {

constexpr std::size_t kCopyBytes = 4U << 20U;

/// What was copied.
struct CopiedStream {
    std::uint64_t topics = 0;
    std::uint64_t batches = 0;
};

Status copyPartition(const Command& command, const std::string& src, const std::string& dst, const Json& partition,
                     const std::string& topic, CopiedStream& copied) {
    auto client = command.calls.client(clusterOf(src));
    if (!client) return client.error();
    const auto end = static_cast<std::uint64_t>(numberOf(partition, "next"));
    std::uint64_t offset = static_cast<std::uint64_t>(numberOf(partition, "low"));
    while (offset < end) {
        const auto timeoutMs = command.calls.budget(kDataCallTimeoutMs);
        if (!timeoutMs) return timeoutMs.error();
        const Json ask{{"path", src},      {"topic", topic},        {"partition", numberOf(partition, "partition")},
                       {"offset", offset}, {"messages", INT64_MAX}, {"bytes", kCopyBytes}};
        const auto answer = (*client)->call(StreamMethod::Read, ask.dump(), *timeoutMs);
        if (!answer) return answer.error();
        ByteReader reader(*answer);
        const auto next = reader.fixed<std::uint64_t>();
        (void)reader.fixed<std::uint64_t>();
        const auto count = reader.fixed<std::uint32_t>();
        Bytes parts;
        for (std::uint32_t i = 0; i < count; ++i) appendPart(parts, StreamPart::Placed, reader.blob());
        if (!reader.ok()) return Error{ErrorCode::Corrupt, fmt::format("{} answers nothing that reads", src), {}, {}};
        if (count == 0) return okStatus();  // what was left has passed its time meanwhile
        if (const auto put = putParts(command.calls, dst, parts, true); !put) return put.error();
        copied.batches += count;
        offset = next;
    }
    return okStatus();
}

Status copyTopic(const Command& command, const std::string& src, const std::string& dst, const Json& topic,
                 CopiedStream& copied) {
    const std::string name = textOf(topic, "topic");
    const Json partitions = topic.value("partitions", Json::array());
    Bytes make;
    appendTopic(make, {name, static_cast<std::uint32_t>(partitions.size()), TopicChange::Mode::Create});
    const auto made = putParts(command.calls, dst, make, false);
    if (!made && made.error().code != ErrorCode::AlreadyExists) return made.error();
    for (const Json& partition : partitions) {
        if (Status done = copyPartition(command, src, dst, partition, name, copied); !done) return done;
    }
    ++copied.topics;
    return okStatus();
}

Status copyCursors(const Command& command, const std::string& src, const std::string& dst) {
    const Result<Json> answer = command.calls.callAt(src, StreamMethod::Cursors, Json{{"path", src}});
    if (!answer) return answer.error();
    Bytes parts;
    for (const Json& cursor : answer->value("cursors", Json::array())) {
        const std::string group = textOf(cursor, "group");
        const std::string topic = textOf(cursor, "topic");
        appendCursor(parts, {group, topic, static_cast<std::uint32_t>(numberOf(cursor, "partition")),
                             static_cast<std::uint64_t>(numberOf(cursor, "offset")),
                             static_cast<Stamp>(numberOf(cursor, "stamp"))});
    }
    if (parts.empty()) return okStatus();
    const auto put = putParts(command.calls, dst, parts, true);
    return put ? okStatus() : Status(put.error());
}

Error ofCopy(Error error, const std::string& src, const std::string& dst) {
    return withFix(std::move(error), fmt::format("copy again, nothing is doubled: mapr copystream -src {} -dst {}",
                                                 shellWord(src), shellWord(dst)));
}

}  // namespace

Status copyWholeStream(const Command& command, const std::string& src, const std::string& dst, Outcome& outcome) {
    const Result<Json> topics = command.calls.callAt(src, StreamMethod::Topics, Json{{"path", src}});
    if (!topics) return withWhere(topics.error(), "-src");
    CopiedStream copied;
    for (const Json& topic : topics->value("topics", Json::array())) {
        if (Status done = copyTopic(command, src, dst, topic, copied); !done) return done;
    }
    if (Status done = copyCursors(command, src, dst); !done) return done;
    outcome.lines.push_back(fmt::format("Copied {} topics, {} batches of messages", copied.topics, copied.batches));
    return okStatus();
}

Result<Outcome> copyStream(const Command& command) {
    if (command.op.has("mapreduce") && command.op.flag("mapreduce")) {
        return Error{ErrorCode::Unsupported, "copies run here and not as jobs of the cluster", "-mapreduce",
                     "-mapreduce false"};
    }
    const Result<std::string> src = command.path("src");
    if (!src) return src.error();
    const Result<std::string> dst = command.path("dst");
    if (!dst) return dst.error();
    if (*src == *dst)
        return Error{ErrorCode::InvalidInput, "a stream is not copied into itself", "-dst", "name another"};
    const Result<Json> source = describeStreamAt(command.calls, *src, "-src");
    if (!source) return source.error();
    const auto destination = findStream(command.calls, *dst);
    if (!destination) return withWhere(destination.error(), "-dst");
    if (!destination->has_value()) {
        const auto made = command.calls.callAt(*dst, StreamMethod::Create, createStreamLike(*source, *dst));
        if (!made) return withWhere(made.error(), "-dst");
    }
    Outcome outcome;
    if (Status copied = copyWholeStream(command, *src, *dst, outcome); !copied) {
        return ofCopy(copied.error(), *src, *dst);
    }
    if (!command.op.has("mapreduce")) {
        outcome.warnings.push_back("the real tool would start a job of the cluster here: -mapreduce false avoids it");
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
