// Requests about messages: put, read, topics with their offsets, cursors.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/exceptions.h"
#include "core/base/limits.h"
#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamchecks.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamrows.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kRowsAtOnce = 4'096;
constexpr std::size_t kBytesAtOnce = 4U << 20U;
constexpr std::size_t kBytesAtLeast = 64U << 10U;

/// What a read asks for, and how long it still waits.
struct Reading {
    std::string path;
    std::string topic;
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    std::uint64_t messages = 0;
    std::size_t bytes = 0;
    Micros untilUs = 0;
    bool apart = false;
    FoldContext context;
    std::unique_ptr<StateView> view;
    std::function<void(Result<Bytes>)> reply;
    Result<Bytes> answer = Bytes();
    bool nothing = false;  ///< there was no message
    Lsn seen = 0;          ///< how far the stream had got when it was looked at
};

void put(const ControlCall& call) {
    ByteReader reader(call.body);
    PutRequest request;
    request.user = call.user;
    request.path = std::string(reader.blob());
    request.copy = (reader.fixed<std::uint8_t>() & 1U) != 0;
    if (!reader.ok()) {
        call.reply(Error{ErrorCode::InvalidInput, "malformed put", {}, {}});
        return;
    }
    request.body = Bytes(reader.position(), reader.remaining());
    request.asked = &streamsOf(call.node);
    if (call.caller) request.source = call.caller->hello.fromUuid;
    call.node.put(std::move(request), call.reply);
}

Result<TopicState> topicIn(StateView& view, const std::string& name) {
    const auto record = view.get(topicKey(name));
    if (!record) return record.error();
    const auto state = record.value() ? topicFrom(*record.value()) : Result<TopicState>(TopicState{});
    if (!state || state.value().live) return state;
    return Error{ErrorCode::NotFound, fmt::format("the stream has no topic {}", name), "-topic",
                 "maprcli stream topic list -path <stream>"};
}

Result<PartitionState> partitionIn(StateView& view, const PartitionKey& at) {
    const auto record = view.get(partitionKey(at));
    if (!record) return record.error();
    return record.value() ? partitionFrom(*record.value()) : Result<PartitionState>(PartitionState{});
}

/// Batches from the one that holds `offset` on.
Result<Bytes> readBatches(Reading& reading) {
    const auto topic = topicIn(*reading.view, reading.topic);
    if (!topic) return topic.error();
    if (reading.partition >= topic.value().partitions) {
        return Error{ErrorCode::NotFound,
                     fmt::format("topic {} has no partition {}: it has {}", reading.topic, reading.partition,
                                 topic.value().partitions),
                     "-partition", fmt::format("name a partition from 0 to {}", topic.value().partitions - 1)};
    }
    const PartitionKey at{reading.topic, topic.value().epoch, reading.partition};
    const auto state = partitionIn(*reading.view, at);
    if (!state) return state.error();
    const Uuid none;
    Bytes from = reading.apart ? clashKey(at, reading.offset, none) : batchKey(at, reading.offset);
    Bytes end = reading.apart ? clashKey(at, UINT64_MAX, none) : batchKey(at, UINT64_MAX);
    Bytes batches;
    std::uint32_t count = 0;
    std::uint64_t next = reading.offset;
    std::uint64_t messages = 0;
    bool full = false;
    for (bool more = true; more;) {
        // A row holds one message at least: no more are needed, and no more are fetched.
        const std::uint64_t wanted =
            std::max<std::uint64_t>(1, reading.messages - std::min(messages, reading.messages));
        const auto chunk = reading.view->scan(from, end, std::min<std::uint64_t>(wanted, kRowsAtOnce),
                                              std::min(kBytesAtOnce, std::max(reading.bytes, kBytesAtLeast)));
        if (!chunk) return chunk.error();
        for (const StoredRow& row : chunk.value().rows) {
            from = row.key + '\0';
            const auto content = batchFrom(row.record);
            const auto batch = content ? parseBatchHead(content.value()) : Result<BatchView>(content.error());
            if (!batch) return batch.error();
            if (!reading.apart && isExpired(batch.value().stamp, reading.context)) continue;
            full = full || (count > 0 && batches.size() + content.value().size() > reading.bytes);
            // Who reads on says an offset: what lies apart and ends at one offset comes together.
            const bool together = reading.apart && count > 0 && batch.value().end() == next;
            if (full && !together) {
                more = false;
                break;
            }
            appendBlob(batches, content.value());
            ++count;
            messages += batch.value().end() - std::max(next, batch.value().first);
            next = batch.value().end();
            full = full || messages >= reading.messages;
        }
        more = more && !(full && !reading.apart) && !chunk.value().atEnd && !chunk.value().rows.empty();
    }
    reading.nothing = count == 0;
    Bytes out;
    out.reserve(batches.size() + 24);
    appendFixed<std::uint64_t>(out, next);
    appendFixed<std::uint64_t>(out, state.value().next);
    appendFixed<std::uint32_t>(out, count);
    out.append(batches);
    return out;
}

void lookLater(Node& node, const std::shared_ptr<Reading>& reading);

/// Looks now, and again as long as there is nothing and time is left.
void look(Node& node, const std::shared_ptr<Reading>& reading) {
    const auto record = streamRecordOf(node, reading->path);
    auto view = record ? node.view(record.value()->id, false) : Result<std::unique_ptr<StateView>>(record.error());
    if (!view) {
        reading->reply(view.error());
        return;
    }
    reading->view = std::move(view).value();
    reading->seen = node.dataset(record.value()->id)->state->appliedLsn();
    reading->context = node.foldContext(*record.value());
    Node* raw = &node;
    node.seams().workers.run(
        WorkKind::Read, node.seams().executor,
        [reading] {
            const Status done = orError([&]() -> Status {
                reading->answer = readBatches(*reading);
                return okStatus();
            });
            if (!done) reading->answer = done.error();
        },
        [raw, reading, alive = node.alive()] {
            reading->view.reset();
            if (!*alive) return;
            const bool waits = reading->answer && reading->nothing &&
                               raw->seams().clock.monotonicUs() < reading->untilUs && !raw->failed();
            if (!waits) {
                reading->reply(std::move(reading->answer));
                return;
            }
            lookLater(*raw, reading);
        });
}

/// A stream that has got no further has nothing new: only its position is asked.
void lookLater(Node& node, const std::shared_ptr<Reading>& reading) {
    Node* raw = &node;
    node.seams().timers.after(kReadAgainMs, [raw, reading, alive = node.alive()] {
        if (!*alive) return;
        const auto record = streamRecordOf(*raw, reading->path);
        DatasetRuntime* stream = record ? raw->dataset(record.value()->id) : nullptr;
        const bool idle = stream != nullptr && stream->state && stream->state->appliedLsn() == reading->seen &&
                          raw->seams().clock.monotonicUs() < reading->untilUs && !raw->failed();
        if (idle) {
            lookLater(*raw, reading);
        } else {
            look(*raw, reading);
        }
    });
}

Status mayConsume(Node& node, const std::string& path, const std::string& user) {
    const auto record = streamRecordOf(node, path);
    if (!record) return record.error();
    if (Status there = node.checkAvailable(*record.value()); !there) return there;
    return requireAnyOf(streamsOf(node).access(), *record.value(), {"consumeperm", "copyperm"}, user);
}

void read(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto reading = std::make_shared<Reading>();
    reading->path = body.at("path");
    reading->topic = body.at("topic");
    reading->partition = body.value("partition", std::uint32_t{0});
    reading->offset = std::min<std::uint64_t>(body.value("offset", std::uint64_t{0}), INT64_MAX);
    reading->messages = std::max<std::uint64_t>(1, body.value("messages", std::uint64_t{500}));
    reading->bytes = std::min(body.value("bytes", limits::kAnswerChunkBytes), limits::kRequestBytesMax);
    reading->apart = body.value("apart", false);
    const Millis waitMs = std::clamp<Millis>(body.value("waitms", Millis{0}), 0, kReadWaitMsMax);
    reading->untilUs = call.node.seams().clock.monotonicUs() + waitMs * 1000;
    reading->reply = call.reply;
    if (Status allowed = mayConsume(call.node, reading->path, call.user); !allowed) {
        call.reply(allowed.error());
        return;
    }
    look(call.node, reading);
}

/// Answers JSON made of a view, on a worker.
void answerFrom(const ControlCall& call, const std::string& path,
                std::function<Result<Json>(StateView&, const FoldContext&)> work) {
    struct Job {
        std::unique_ptr<StateView> view;
        FoldContext context;
        Result<Bytes> answer = Bytes();
    };
    if (Status allowed = mayConsume(call.node, path, call.user); !allowed) {
        call.reply(allowed.error());
        return;
    }
    const DatasetRecord& record = *streamRecordOf(call.node, path).value();
    auto view = call.node.view(record.id, false);
    if (!view) {
        call.reply(view.error());
        return;
    }
    const auto job = std::make_shared<Job>();
    job->view = std::move(view).value();
    job->context = call.node.foldContext(record);
    call.node.seams().workers.run(
        WorkKind::Read, call.node.seams().executor,
        [job, work = std::move(work)] {
            const Status done = orError([&]() -> Status {
                const Result<Json> json = work(*job->view, job->context);
                job->answer = json ? Result<Bytes>(json.value().dump()) : Result<Bytes>(json.error());
                return okStatus();
            });
            if (!done) job->answer = done.error();
        },
        [job, reply = call.reply] {
            job->view.reset();
            reply(std::move(job->answer));
        });
}

/// Offset and arrival of the oldest message that is still there; nothing when none is.
Result<std::optional<BatchView>> oldestOf(StateView& view, const PartitionKey& at, const FoldContext& context,
                                          Bytes& hold) {
    Bytes from = batchKey(at, 0);
    const Bytes end = batchKey(at, UINT64_MAX);
    while (true) {
        auto chunk = view.scan(from, end, 16, kBytesAtOnce);
        if (!chunk) return chunk.error();
        for (StoredRow& row : chunk.value().rows) {
            from = row.key + '\0';
            hold = std::move(row.record);
            const auto content = batchFrom(hold);
            const auto batch = content ? parseBatchHead(content.value()) : Result<BatchView>(content.error());
            if (!batch) return batch.error();
            if (!isExpired(batch.value().stamp, context)) return std::optional(batch.value());
        }
        if (chunk.value().atEnd || chunk.value().rows.empty()) return std::optional<BatchView>();
    }
}

Result<Json> partitionJson(StateView& view, const PartitionKey& at, const FoldContext& context) {
    const auto state = partitionIn(view, at);
    if (!state) return state.error();
    Bytes hold;
    const auto oldest = oldestOf(view, at, context, hold);
    if (!oldest) return oldest.error();
    const auto& first = oldest.value();
    Json json{{"partition", at.partition},
              {"next", state.value().next},
              {"low", first ? first->first : state.value().next},
              {"bytes", state.value().bytes},
              {"newestms", stampMs(state.value().newest)},
              {"oldestms", first ? stampMs(first->stamp) : 0},
              {"origins", Json::array()},
              {"conflicts", Json::array()}};
    std::set<std::string> origins;
    for (const OffsetSpan& span : state.value().spans) origins.insert(span.origin.text());
    for (const std::string& origin : origins) json["origins"].push_back(origin);
    for (const OffsetClash& clash : state.value().clashes) {
        json["conflicts"].push_back(Json{{"origin", clash.origin.text()},
                                         {"holder", clash.holder.text()},
                                         {"first", clash.first},
                                         {"messages", clash.messages}});
    }
    return json;
}

Result<Json> topicsJson(StateView& view, const FoldContext& context, const std::string& only) {
    Json json{{"topics", Json::array()}};
    const auto rows = view.scan(only.empty() ? Bytes("t") : topicKey(only),
                                only.empty() ? Bytes("u") : topicKey(only) + '\0', SIZE_MAX >> 1U, SIZE_MAX >> 1U);
    if (!rows) return rows.error();
    for (const StoredRow& row : rows.value().rows) {
        const auto topic = topicFrom(row.record);
        if (!topic) return topic.error();
        if (!topic.value().live) continue;
        const std::string name = topicOfKey(row.key);
        Json shown{{"topic", name}, {"partitions", Json::array()}};
        for (std::uint32_t i = 0; i < topic.value().partitions; ++i) {
            auto partition = partitionJson(view, {name, topic.value().epoch, i}, context);
            if (!partition) return partition.error();
            shown["partitions"].push_back(std::move(partition).value());
        }
        json["topics"].push_back(std::move(shown));
    }
    if (only.empty() || !json["topics"].empty()) return json;
    return topicIn(view, only).error();
}

Result<Json> cursorsJson(StateView& view) {
    Json json{{"cursors", Json::array()}};
    const auto rows = view.scan("g", "h", SIZE_MAX >> 1U, SIZE_MAX >> 1U);
    if (!rows) return rows.error();
    for (const StoredRow& row : rows.value().rows) {
        const auto place = cursorPlaceOf(row.key);
        const auto cursor = cursorFrom(row.record);
        if (!place || !cursor) return place ? cursor.error() : place.error();
        if (!cursor.value().offset) continue;
        const auto record = view.get(topicKey(place.value().topic));
        const auto topic = record && record.value() ? topicFrom(*record.value()) : Result<TopicState>(TopicState{});
        if (!topic) return topic.error();
        const auto state = partitionIn(view, {place.value().topic, topic.value().epoch, place.value().partition});
        if (!state) return state.error();
        json["cursors"].push_back(Json{{"group", place.value().group},
                                       {"topic", place.value().topic},
                                       {"partition", place.value().partition},
                                       {"offset", *cursor.value().offset},
                                       {"committedms", stampMs(cursor.value().stamp)},
                                       {"stamp", cursor.value().stamp},
                                       {"next", state.value().next},
                                       {"newestms", stampMs(state.value().newest)}});
    }
    return json;
}

}  // namespace

void addStreamDataRequests(ControlRequests& requests) {
    requests.add(StreamMethod::Put, put, ControlRequests::Body::Binary);
    requests.openToSetups({StreamMethod::Put});
    requests.add(StreamMethod::Read, read);
    requests.add(StreamMethod::Topics, [](const ControlCall& call) {
        const Json body = Json::parse(call.body);
        answerFrom(call, body.at("path"),
                   [only = body.value("topic", std::string())](StateView& view, const FoldContext& context) {
                       return topicsJson(view, context, only);
                   });
    });
    requests.add(StreamMethod::Cursors, [](const ControlCall& call) {
        answerFrom(call, Json::parse(call.body).at("path"),
                   [](StateView& view, const FoldContext&) { return cursorsJson(view); });
    });
}

}  // namespace tributary::engine::maprdb
