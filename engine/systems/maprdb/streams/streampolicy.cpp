// Deciding, part by part; what parts before it in the same body did, a part sees.
#include "engine/systems/maprdb/streams/streampolicy.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamrows.h"
#include "engine/systems/maprdb/streams/streamschema.h"

namespace tributary::engine::maprdb {
namespace {

/// What becomes of offsets that are given already.
struct Fit {
    bool known = false;  ///< all of it is here
    std::optional<OffsetClash> clash;
    std::uint64_t skip = 0;  ///< messages at the front that are here
};

Fit fitOf(const PartitionState& state, const BatchView& batch) {
    Fit fit;
    std::uint64_t at = batch.first;
    for (const OffsetSpan& span : state.spans) {
        if (span.to <= batch.first || span.from >= batch.end()) continue;
        if (span.origin != batch.origin && !span.origin.isNil()) {
            fit.clash = OffsetClash{batch.origin, span.origin, std::max(span.from, batch.first), batch.count};
            return fit;
        }
        if (span.from <= at) at = std::min(span.to, batch.end());
    }
    fit.skip = at - batch.first;
    fit.known = fit.skip == batch.count;
    return fit;
}

void addSpan(PartitionState& state, const OffsetSpan& fresh) {
    std::vector<OffsetSpan> spans = state.spans;
    spans.push_back(fresh);
    std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    state.spans.clear();
    for (const OffsetSpan& span : spans) {
        OffsetSpan* last = state.spans.empty() ? nullptr : &state.spans.back();
        if (last != nullptr && last->to >= span.from && last->origin == span.origin) {
            last->to = std::max(last->to, span.to);
        } else {
            state.spans.push_back(span);
        }
    }
    // Whoever gave the oldest ones is forgotten first: what comes there again counts as known.
    while (state.spans.size() > kSpansMax) {
        state.spans[1].from = state.spans[0].from;
        state.spans[1].origin = Uuid{};
        state.spans.erase(state.spans.begin());
    }
}

/// Messages of a batch behind the first `skip`.
BatchView tailOf(BatchView batch, std::uint64_t skip) {
    ByteReader reader(batch.messages);
    for (std::uint64_t i = 0; i < skip; ++i) (void)readMessage(reader);
    batch.messages = BytesView(reader.position(), reader.remaining());
    batch.first += skip;
    batch.count -= skip;
    return batch;
}

Decision stop(ErrorCode code, std::string what, std::string where, std::string fix) {
    Decision decision;
    decision.verdict = Verdict::Stop;
    decision.reason = Error{code, std::move(what), std::move(where), std::move(fix)};
    return decision;
}

/// One decision.
class Placing {
public:
    Placing(const Proposal& proposal, PendingView& view)
        : proposal_(proposal), stream_(streamOf(proposal.schema)), view_(view) {}

    Result<Decision> run() {
        const auto parts = partsOfBody(proposal_.body);
        if (!parts) return parts.error();
        for (const PartView& part : parts.value()) {
            Status taken = take(part);
            if (refusal_) return *refusal_;
            if (!taken) return taken.error();
        }
        return finish();
    }

private:
    Status take(const PartView& part);
    Status produce(const ProduceView& produce);
    Status place(BytesView content);
    Status changeTopic(const TopicChange& change);
    Status moveCursor(CursorChange change);
    Result<Decision> finish();

    Result<TopicState*> topic(BytesView name);
    Result<PartitionState*> partition(const PartitionKey& at);
    Status makeTopic(BytesView name, std::uint32_t partitions);
    Result<bool> isSame(const PartitionKey& at, const BatchView& batch);
    Status keepApart(const PartitionKey& at, PartitionState& state, const OffsetClash& clash, const BatchView& batch,
                     BytesView content);
    Status assign(BytesView topicName, std::uint32_t number, const Bytes& messages, std::uint64_t count);
    void keep(const PartitionKey& at, PartitionState& state, const BatchView& batch, BytesView content, bool whole);

    /// A row of the effect; a batch stands in the body that is logged, or is a record of its own.
    struct Row {
        Bytes key;
        Bytes record;
        std::size_t at = 0;
        std::size_t size = 0;
    };

    const Proposal& proposal_;
    const StreamSchema& stream_;
    PendingView& view_;
    std::optional<Decision> refusal_;
    Bytes body_;  ///< of a local write: what is logged
    std::vector<Row> rows_;
    std::map<std::string, TopicState> topics_;
    std::map<std::string, std::uint64_t> changedTopics_;  ///< by name, their version before
    struct Cursor {
        CursorState state;
        bool known = false;    ///< there is one
        bool changed = false;  ///< by this body
    };
    std::map<Bytes, Cursor> cursors_;
    std::set<Bytes> apart_;  ///< keys of batches that this body has put apart
    std::map<PartitionKey, PartitionState> partitions_;
    std::map<PartitionKey, std::uint64_t> changedPartitions_;
    nlohmann::ordered_json reply_ = nlohmann::ordered_json::array();
};

Status Placing::take(const PartView& part) {
    switch (part.part) {
        case StreamPart::Produce: {
            const auto parsed = parseProduce(part.content);
            return parsed ? produce(parsed.value()) : Status(parsed.error());
        }
        case StreamPart::Placed: return place(part.content);
        case StreamPart::Topic: {
            const auto change = parseTopic(part.content);
            return change ? changeTopic(change.value()) : Status(change.error());
        }
        case StreamPart::Cursor: {
            const auto change = parseCursor(part.content);
            return change ? moveCursor(change.value()) : Status(change.error());
        }
    }
    return okStatus();
}

Result<TopicState*> Placing::topic(BytesView name) {
    const std::string key(name);
    if (const auto at = topics_.find(key); at != topics_.end()) return &at->second;
    const auto record = view_.get(topicKey(name));
    if (!record) return record.error();
    TopicState state;
    if (record.value()) {
        const auto read = topicFrom(*record.value());
        if (!read) return read.error();
        state = read.value();
    }
    return &topics_.emplace(key, state).first->second;
}

Result<PartitionState*> Placing::partition(const PartitionKey& at) {
    if (const auto found = partitions_.find(at); found != partitions_.end()) return &found->second;
    const auto record = view_.get(partitionKey(at));
    if (!record) return record.error();
    PartitionState state;
    if (record.value()) {
        const auto read = partitionFrom(*record.value());
        if (!read) return read.error();
        state = read.value();
    }
    return &partitions_.emplace(at, std::move(state)).first->second;
}

/// The topic is there, with at least so many partitions.
Status Placing::makeTopic(BytesView name, std::uint32_t partitions) {
    const auto state = topic(name);
    if (!state) return state.error();
    if (state.value()->live && state.value()->partitions >= partitions) return okStatus();
    state.value()->live = true;
    state.value()->partitions = std::max(state.value()->partitions, partitions);
    changedTopics_.emplace(name, state.value()->version);
    return okStatus();
}

Status Placing::produce(const ProduceView& produce) {
    const auto known = topic(produce.topic);
    if (!known) return known.error();
    if (!known.value()->live) {
        if (!stream_.autoCreate()) {
            refusal_ = stop(ErrorCode::NotFound, fmt::format("the stream has no topic {}", produce.topic), "-topic",
                            fmt::format("maprcli stream topic create -path <stream> -topic {}", produce.topic));
            return okStatus();
        }
        const std::uint32_t partitions = stream_.defaultPartitions();
        if (Status made = makeTopic(produce.topic, partitions); !made) return made;
        appendTopic(body_, {produce.topic, partitions, TopicChange::Mode::Create});
    }
    const std::uint32_t partitions = known.value()->partitions;
    if (produce.partition && *produce.partition >= partitions) {
        refusal_ =
            stop(ErrorCode::NotFound,
                 fmt::format("topic {} has no partition {}: it has {}", produce.topic, *produce.partition, partitions),
                 "-partition", fmt::format("name a partition from 0 to {}", partitions - 1));
        return okStatus();
    }
    struct Share {
        Bytes messages;
        std::uint64_t count = 0;
    };
    std::map<std::uint32_t, Share> shares;
    ByteReader reader(produce.messages);
    const auto keyless = static_cast<std::uint32_t>((proposal_.stamp * 0x9E3779B97F4A7C15ULL >> 32U) % partitions);
    for (std::uint64_t i = 0; i < produce.count; ++i) {
        const MessageView message = readMessage(reader);
        const std::uint32_t number = produce.partition ? *produce.partition
                                     : message.key     ? partitionOfKey(*message.key, partitions)
                                                       : keyless;
        Share& share = shares[number];
        appendMessage(share.messages, message);
        ++share.count;
    }
    for (const auto& [number, share] : shares) {
        if (Status given = assign(produce.topic, number, share.messages, share.count); !given) return given;
    }
    return okStatus();
}

Status Placing::assign(BytesView topicName, std::uint32_t number, const Bytes& messages, std::uint64_t count) {
    const TopicState& owner = *topic(topicName).value();
    const PartitionKey at{std::string(topicName), owner.epoch, number};
    const auto state = partition(at);
    if (!state) return state.error();
    BatchView batch{proposal_.stamp,  stream_.uuid,        topicName, number,
                    owner.partitions, state.value()->next, count,     messages};
    reply_.push_back({{"topic", topicName}, {"partition", number}, {"first", batch.first}, {"count", count}});
    keep(at, *state.value(), batch, encodeBatch(batch), true);
    return okStatus();
}

/// Puts a batch into its partition, and into the body that is logged.
void Placing::keep(const PartitionKey& at, PartitionState& state, const BatchView& batch, BytesView content,
                   bool whole) {
    changedPartitions_.emplace(at, state.version);
    addSpan(state, {batch.first, batch.end(), batch.origin});
    state.next = std::max(state.next, batch.end());
    state.bytes += batch.messages.size();
    state.newest = std::max(state.newest, batch.stamp);
    Row row{batchKey(at, batch.end() - 1), {}, 0, 0};
    if (!whole) {
        row.record = batchRecord(encodeBatch(batch));
    } else if (proposal_.local) {
        appendPart(body_, StreamPart::Placed, content);
        row.at = body_.size() - content.size();
        row.size = content.size();
    } else {
        row.at = static_cast<std::size_t>(content.data() - proposal_.body.data());
        row.size = content.size();
    }
    rows_.push_back(std::move(row));
}

Status Placing::place(BytesView content) {
    const auto parsed = parseBatch(content);
    if (!parsed) return parsed.error();
    const BatchView& batch = parsed.value();
    if (Status made = makeTopic(batch.topic, batch.partitions); !made) return made;
    const PartitionKey at{std::string(batch.topic), topic(batch.topic).value()->epoch, batch.partition};
    const auto found = partition(at);
    if (!found) return found.error();
    PartitionState& state = *found.value();
    Fit fit = fitOf(state, batch);
    if (fit.known) {
        const auto same = isSame(at, batch);
        if (!same || same.value()) return same ? okStatus() : Status(same.error());
        fit.clash = OffsetClash{batch.origin, batch.origin, batch.first, batch.count};
    }
    const auto told = std::find_if(state.clashes.begin(), state.clashes.end(),
                                   [&](const OffsetClash& clash) { return clash.origin == batch.origin; });
    if (told != state.clashes.end()) fit.clash = *told;  // what comes after it belongs to it
    if (fit.clash) return keepApart(at, state, *fit.clash, batch, content);
    // Where origins met, what fills the hole lies apart.
    if (!proposal_.local && state.next > 0 && batch.first > state.next && state.clashes.empty()) {
        refusal_ = stop(ErrorCode::Conflict,
                        fmt::format("messages {} to {} of topic {}, partition {}, are missing", state.next,
                                    batch.first - 1, batch.topic, batch.partition),
                        "ErrOffsetGap", "copy the messages that were written while the link was gone");
        return okStatus();
    }
    if (fit.skip == 0) {
        keep(at, state, batch, content, true);
        return okStatus();
    }
    keep(at, state, tailOf(batch, fit.skip), content, false);
    if (proposal_.local) appendPart(body_, StreamPart::Placed, content);
    return okStatus();
}

/// What is here under these offsets is this very batch, or was and its time is over. It is another one when the volume
/// of the origin was put back and gave its offsets anew.
Result<bool> Placing::isSame(const PartitionKey& at, const BatchView& batch) {
    const auto record = view_.get(batchKey(at, batch.end() - 1));
    if (!record) return record.error();
    if (!record.value()) return true;
    const auto content = batchFrom(*record.value());
    if (!content) return content.error();
    const auto there = parseBatchHead(content.value());
    if (!there) return there.error();
    return there.value().stamp == batch.stamp;
}

/// Another origin's messages have its offsets: nothing of it is lost, and nothing of theirs.
Status Placing::keepApart(const PartitionKey& at, PartitionState& state, const OffsetClash& clash,
                          const BatchView& batch, BytesView content) {
    const Bytes key = clashKey(at, batch.end() - 1, batch.origin);
    const auto before = view_.get(key);
    if (!before) return before.error();
    if (before.value() || !apart_.insert(key).second) return okStatus();
    changedPartitions_.emplace(at, state.version);
    const auto told = std::find_if(state.clashes.begin(), state.clashes.end(),
                                   [&](const OffsetClash& each) { return each.origin == batch.origin; });
    if (told == state.clashes.end()) {
        state.clashes.push_back(clash);
    } else {
        told->first = std::min(told->first, batch.first);
        told->messages += batch.count;
    }
    rows_.push_back({key, batchRecord(content), 0, 0});
    if (proposal_.local) appendPart(body_, StreamPart::Placed, content);
    return okStatus();
}

Status Placing::changeTopic(const TopicChange& change) {
    const auto found = topic(change.topic);
    if (!found) return found.error();
    TopicState& state = *found.value();
    const bool create = change.mode == TopicChange::Mode::Create;
    if (proposal_.local && create == state.live) {
        refusal_ = create ? stop(ErrorCode::AlreadyExists, fmt::format("topic {}: File exists", change.topic), "-topic",
                                 "maprcli stream topic list -path <stream>")
                          : stop(ErrorCode::NotFound, fmt::format("the stream has no topic {}", change.topic), "-topic",
                                 "maprcli stream topic list -path <stream>");
        return okStatus();
    }
    if (proposal_.local && change.mode == TopicChange::Mode::Grow && change.partitions < state.partitions) {
        refusal_ =
            stop(ErrorCode::InvalidInput,
                 fmt::format("topic {} has {} partitions: they may only become more", change.topic, state.partitions),
                 "-partitions", "name a larger number");
        return okStatus();
    }
    if (proposal_.local) appendTopic(body_, change);
    if (change.mode != TopicChange::Mode::Drop) return makeTopic(change.topic, change.partitions);
    if (!state.live) return okStatus();
    changedTopics_.emplace(change.topic, state.version);
    state.live = false;
    state.partitions = 0;
    ++state.epoch;
    return okStatus();
}

Status Placing::moveCursor(CursorChange change) {
    const bool here = change.stamp == 0;
    if (here) change.stamp = proposal_.stamp;
    const Bytes key = cursorKey(change.group, change.topic, change.partition);
    auto known = cursors_.find(key);
    if (known == cursors_.end()) {
        const auto record = view_.get(key);
        if (!record) return record.error();
        Cursor cursor;
        if (record.value()) {
            const auto read = cursorFrom(*record.value());
            if (!read) return read.error();
            cursor.state = read.value();
            cursor.known = true;
        }
        known = cursors_.emplace(key, cursor).first;
    }
    if (proposal_.local) appendCursor(body_, change);
    // The later word holds, whichever way it came; of two at one instant the one that is further.
    Cursor& cursor = known->second;
    const bool later = std::pair(change.stamp, change.offset) > std::pair(cursor.state.stamp, cursor.state.offset);
    if (cursor.known && !later) return okStatus();
    if (!cursor.changed) ++cursor.state.version;
    cursor.state.stamp = change.stamp;
    cursor.state.offset = change.offset;
    cursor.known = cursor.changed = true;
    return okStatus();
}

Result<Decision> Placing::finish() {
    Decision decision;
    if (proposal_.local) decision.body = body_;
    const std::size_t bodyBytes = proposal_.local ? body_.size() : proposal_.body.size();
    for (const Row& row : rows_) {
        if (row.record.empty()) {
            appendBatchRow(decision.effect, row.key, bodyBytes - row.at, row.size);
        } else {
            appendRow(decision.effect, row.key, row.record);
        }
    }
    for (const auto& [name, version] : changedTopics_) {
        TopicState state = topics_.at(name);
        state.version = version + 1;
        appendRow(decision.effect, topicKey(name), encodeRecord(state));
    }
    for (const auto& [at, version] : changedPartitions_) {
        PartitionState state = partitions_.at(at);
        state.version = version + 1;
        appendRow(decision.effect, partitionKey(at), encodeRecord(state));
    }
    for (const auto& [key, cursor] : cursors_) {
        if (cursor.changed) appendRow(decision.effect, key, encodeRecord(cursor.state));
    }
    if (decision.effect.empty() && !proposal_.local) decision.verdict = Verdict::Skip;
    decision.reply = reply_.dump();
    return decision;
}

class PlacingPolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        return Placing(proposal, view).run();
    }
};

}  // namespace

const Policy& placingPolicy() {
    static const PlacingPolicy kPolicy;
    return kPolicy;
}

std::uint32_t partitionOfKey(BytesView key, std::uint32_t partitions) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a: short, and the same for ever
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return static_cast<std::uint32_t>((hash ^ (hash >> 32U)) % partitions);
}

}  // namespace tributary::engine::maprdb
