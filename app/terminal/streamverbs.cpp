// produce, consume: messages of streams from the command line.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <istream>
#include <map>
#include <set>

#include "app/adapters/streamdata.h"
#include "app/observe/audit.h"
#include "app/rows/displaytext.h"
#include "app/rows/inputstream.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/standardstreams.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/topology/measures.h"
#include "engine/systems/maprdb/streams/defaults.h"

namespace tributary::app {
namespace {

using engine::Json;

constexpr std::size_t kLinesAtOnce = 1'000;
constexpr std::size_t kBytesAtOnce = 1U << 20U;
constexpr std::uint64_t kPageMessages = 500;
constexpr Millis kWaitAtOnceMs = 5'000;

struct ProduceOptions {
    std::string topic;
    std::vector<std::string> values;
    std::string key;
    bool keyed = false;
    int partition = -1;
    std::vector<std::string> headers;
    bool raw = false;
};

Result<MessageWrite> messageOf(const ProduceOptions& options, const std::string& value) {
    MessageWrite message;
    message.value = options.raw ? Bytes(value) : bytesOfEscaped(value);
    if (options.keyed) message.key = bytesOfEscaped(options.key);
    for (const std::string& header : options.headers) {
        const std::size_t equals = header.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no header", shownLine(header)), "--header",
                         "write it as name=value"};
        }
        message.headers.emplace_back(header.substr(0, equals), bytesOfEscaped(header.substr(equals + 1)));
    }
    return message;
}

void showPlaced(const VerbContext& context, const std::vector<Placed>& placed, Json& all) {
    for (const Placed& each : placed) {
        if (context.json) {
            all.push_back(Json{{"partition", each.partition}, {"first", each.first}, {"count", each.count}});
        } else if (each.count == 1) {
            fmt::print("{}\t{}\n", each.partition, each.first);
        } else {
            fmt::print("{}\t{}-{}\n", each.partition, each.first, each.first + each.count - 1);
        }
    }
}

int produceMessages(const VerbContext& context, const ProduceOptions& options) {
    const auto topic = parseTopicName(options.topic);
    if (!topic) return context.fail(topic.error());
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    StreamData data(session.value()->directory(), wallNowMs);
    const auto partition =
        options.partition < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(options.partition));
    Json all = Json::array();
    std::uint64_t count = 0;
    const auto send = [&](const std::vector<std::string>& values) -> Status {
        std::vector<MessageWrite> messages;
        for (const std::string& value : values) {
            auto message = messageOf(options, value);
            if (!message) return message.error();
            messages.push_back(std::move(message).value());
        }
        const auto placed = data.produce(topic.value(), messages, partition);
        if (!placed) return placed.error();
        count += values.size();
        showPlaced(context, placed.value(), all);
        return okStatus();
    };
    Status done = okStatus();
    if (!options.values.empty()) {
        done = send(options.values);
    } else {
        auto input = InputStream::open("-");
        if (!input) return context.fail(input.error());
        std::vector<std::string> lines;
        std::size_t bytes = 0;
        std::string line;
        while (done && std::getline(**input, line)) {
            bytes += line.size();
            lines.push_back(std::move(line));
            line.clear();
            // What waits is taken along; when nothing does, what is here is not kept waiting for more.
            const bool more = (**input).rdbuf()->in_avail() > 0;
            if (more && lines.size() < kLinesAtOnce && bytes < kBytesAtOnce) continue;
            done = send(lines);
            lines.clear();
            bytes = 0;
        }
        if (done) done = input.value()->problem();
        if (done && !lines.empty()) done = send(lines);
    }
    audit(**session, fmt::format("tributary produce {} # {} messages", options.topic, count), auditError(done));
    if (!done) return context.fail(done.error());
    if (context.json) printJson(Json{{"topic", options.topic}, {"placed", std::move(all)}});
    return 0;
}

struct ConsumeOptions {
    std::string topic;
    int partition = -1;
    std::string from = "beginning";
    std::string group;
    std::uint64_t messages = 0;
    std::string wait;
    bool timestamps = false;
    bool apart = false;
};

Json messageJson(const MessageRead& message) {
    Json json{{"partition", message.partition}, {"offset", message.offset}, {"timestamp_ms", message.timestampMs}};
    if (message.key) addBytes(json, "key", *message.key);
    addBytes(json, "value", message.value);
    if (!message.headers.empty()) {
        json["headers"] = Json::object();
        std::set<std::string_view> names;
        for (const auto& [name, value] : message.headers) {
            if (names.insert(name).second) {
                addBytes(json["headers"], name.c_str(), value);
                continue;
            }
            // A member stands once in an object.
            Json again{{"name", name}};
            addBytes(again, "value", value);
            json["repeated_headers"].push_back(std::move(again));
        }
    }
    json["origin"] = message.origin;
    return json;
}

void showMessage(const ConsumeOptions& options, const MessageRead& message) {
    fmt::print("{}\t{}\t", message.partition, message.offset);
    if (options.timestamps) fmt::print("{}\t", isoTime(message.timestampMs));
    if (message.key) fmt::print("{}\t", escapedBytes(*message.key));
    fmt::print("{}\n", escapedBytes(message.value));
}

/// Where a partition is read from.
Result<std::uint64_t> startOf(StreamData& data, const ConsumeOptions& options, const TopicName& topic,
                              const PartitionShown& partition) {
    if (!options.group.empty()) {
        const auto committed = data.committed(topic, partition.partition, options.group);
        if (!committed) return committed.error();
        if (committed.value()) return *committed.value();
    }
    if (options.from == "beginning") return options.apart ? 0 : partition.low;
    if (options.from == "end") return partition.end;
    std::uint64_t offset = 0;
    const auto end = std::from_chars(options.from.data(), options.from.data() + options.from.size(), offset);
    if (end.ec == std::errc() && end.ptr == options.from.data() + options.from.size()) {
        if (options.apart || (offset >= partition.low && offset <= partition.end)) return offset;
        const std::string held = partition.low < partition.end
                                     ? fmt::format("messages {} to {}", partition.low, partition.end - 1)
                                     : std::string("no messages");
        return Error{ErrorCode::InvalidInput,
                     fmt::format("partition {} has no offset {}: it holds {}, and the next one gets {}",
                                 partition.partition, offset, held, partition.end),
                     "--from", "beginning, end, or an offset that is there; --partition names one partition"};
    }
    return Error{ErrorCode::InvalidInput, fmt::format("--from cannot be '{}'", shownLine(options.from)), "--from",
                 "beginning, end, or an offset"};
}

/// This consumer's place in its group: what it reads follows from who else is in it.
class GroupMember {
public:
    GroupMember(StreamData& data, const ConsumeOptions& options, const TopicName& topic)
        : data_(data), options_(options), topic_(topic) {}
    GroupMember(const GroupMember&) = delete;
    GroupMember& operator=(const GroupMember&) = delete;
    ~GroupMember() {
        if (!share_.member.empty()) data_.leave(topic_, options_.group, share_.member);
    }

    /// One partition by name, and what lies apart, is nobody's share.
    [[nodiscard]] bool inGroup() const { return !options_.group.empty() && options_.partition < 0 && !options_.apart; }
    [[nodiscard]] Millis heartbeatMs() const { return share_.heartbeatMs; }
    /// Others have yet to let go of what is to be read here.
    [[nodiscard]] bool waitsForShare() const { return inGroup() && share_.coming; }
    /// Asks when it is time, and leaves in `reads` what is this consumer's; true: that is not what it was. What is new
    /// begins where the group has committed. All that was read must have been committed: it may be another's now.
    Result<bool> follow(std::vector<ReadRequest>& reads) {
        if (!inGroup() || steadyNowUs() < askAgainUs_) return false;
        const auto share = data_.join(topic_, options_.group, share_.member);
        if (!share) return share.error();
        // A cluster that was started anew counts its generations anew.
        const bool changed =
            share.value().generation != share_.generation || share.value().partitions != share_.partitions;
        share_ = share.value();
        askAgainUs_ = steadyNowUs() + share_.heartbeatMs * 1000;
        if (!changed) return false;
        const auto partitions = data_.partitions(topic_);
        if (!partitions) return partitions.error();
        std::vector<ReadRequest> mine;
        for (const PartitionShown& partition : partitions.value()) {
            const auto& all = share_.partitions;
            if (std::find(all.begin(), all.end(), partition.partition) == all.end()) continue;
            const auto start = startOf(data_, options_, topic_, partition);
            if (!start) return start.error();
            mine.push_back({topic_, partition.partition, start.value(), kPageMessages, 0, false});
        }
        reads = std::move(mine);
        return true;
    }
    /// Another one reads all partitions: until the next heartbeat there is nothing to do.
    void waitWithout(Millis ms) const {
        // A read behind the end waits at the cluster, and not here.
        (void)data_.read({topic_, 0, INT64_MAX, 1, ms, false});
    }

private:
    StreamData& data_;
    const ConsumeOptions& options_;
    const TopicName& topic_;
    GroupShare share_;
    Micros askAgainUs_ = 0;
};

/// Reads partitions until their end, and again when there is more.
class Consumer {
public:
    Consumer(StreamData& data, const VerbContext& context, const ConsumeOptions& options, const TopicName& topic)
        : data_(data),
          context_(context),
          options_(options),
          topic_(topic),
          member_(data, options, topic),
          left_(options.messages == 0 ? UINT64_MAX : options.messages) {}

    /// Finds out where to begin.
    Status open() {
        const auto partitions = data_.partitions(topic_);
        if (!partitions) return partitions.error();
        for (const PartitionShown& partition : partitions.value()) {
            if (options_.partition >= 0 && partition.partition != static_cast<std::uint32_t>(options_.partition)) {
                continue;
            }
            const auto start = startOf(data_, options_, topic_, partition);
            if (!start) return start.error();
            reads_.push_back({topic_, partition.partition, start.value(), kPageMessages, 0, options_.apart});
        }
        if (!reads_.empty()) return okStatus();
        return Error{ErrorCode::NotFound,
                     fmt::format("topic {} has no partition {}", options_.topic, options_.partition), "--partition",
                     fmt::format("name one from 0 to {}", partitions.value().size() - 1)};
    }
    /// Until all is shown and `untilUs` (steady) is over.
    Status run(Micros untilUs) {
        while (true) {
            if (Status done = round(); !done) return done;
            std::fflush(stdout);
            Millis leftMs = (untilUs - steadyNowUs()) / 1000;
            if (left_ == 0 || outputIsLost()) return okStatus();
            if (leftMs <= 0 && !member_.waitsForShare()) return okStatus();
            // The next round's first read waits; with several partitions it comes back to the others soon.
            const Millis atOnceMs = member_.inGroup() ? member_.heartbeatMs() : kWaitAtOnceMs;
            if (leftMs <= 0) leftMs = atOnceMs;
            if (reads_.empty()) {
                member_.waitWithout(std::min(leftMs, atOnceMs));
            } else {
                reads_.front().waitMs = std::min<Millis>(leftMs, reads_.size() == 1 ? atOnceMs : 200);
            }
        }
    }
    [[nodiscard]] Json takeShown() { return std::move(all_); }
    /// Commits what was shown, for a group. What a full or closed output lost was not: the group's next consumer gets
    /// it.
    Status commitShown() {
        std::fflush(stdout);
        if (outputIsLost()) return okStatus();
        for (const ReadRequest& at : reads_) {
            const auto shown = shown_.find(at.partition);
            if (shown == shown_.end()) continue;
            if (Status done = data_.commit(at.topic, at.partition, options_.group, shown->second); !done) return done;
            shown_.erase(shown);
        }
        return okStatus();
    }

private:
    /// Every partition to its end, as far as they stay this consumer's.
    Status round() {
        // What is shown and not committed yet stays this consumer's until it is.
        const auto changed = shown_.empty() ? member_.follow(reads_) : Result<bool>(false);
        if (!changed) return changed.error();
        for (std::size_t i = 0; i < reads_.size(); ++i) {
            const auto others = readOn(i);
            if (!others) return others.error();
            if (*others) i = SIZE_MAX;  // from the first of them
        }
        return okStatus();
    }
    /// Reads a partition until its end, or until enough is shown; true: what is to be read is another share now.
    Result<bool> readOn(std::size_t index) {
        while (left_ > 0 && !outputIsLost()) {
            ReadRequest& at = reads_[index];
            at.messages = std::min(left_, kPageMessages);
            const auto page = data_.read(at);
            if (!page) return page.error();
            at.offset = page.value().next;
            if (page.value().messages.empty()) return false;
            for (const MessageRead& message : page.value().messages) {
                if (context_.json) {
                    all_.push_back(messageJson(message));
                } else {
                    showMessage(options_, message);
                }
            }
            left_ -= std::min<std::uint64_t>(left_, page.value().messages.size());
            if (options_.group.empty()) continue;
            shown_[at.partition] = at.offset;
            // One document is shown as a whole, after everything was read.
            if (!context_.json) {
                if (Status done = commitShown(); !done) return done.error();
            }
            if (context_.json) continue;
            const auto changed = member_.follow(reads_);
            if (!changed || *changed) return changed;
        }
        return false;
    }

    StreamData& data_;
    const VerbContext& context_;
    const ConsumeOptions& options_;
    const TopicName& topic_;
    std::vector<ReadRequest> reads_;
    GroupMember member_;
    std::uint64_t left_;
    Json all_ = Json::array();
    std::map<std::uint32_t, std::uint64_t> shown_;  ///< by partition: the offset behind what is not committed yet
};

/// What a cursor takes as the name of a group; before anything is shown.
Status checkGroup(const std::string& group) {
    const bool isPlain = std::all_of(group.begin(), group.end(),
                                     [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
    if (isPlain && group.size() <= engine::maprdb::kGroupNameBytesMax) return okStatus();
    return Error{
        ErrorCode::InvalidInput, fmt::format("a group cannot be called '{}'", shownLine(group)), "--group",
        fmt::format("1 to {} bytes without blanks and control characters", engine::maprdb::kGroupNameBytesMax)};
}

int consumeMessages(const VerbContext& context, const ConsumeOptions& options) {
    const auto topic = parseTopicName(options.topic);
    if (!topic) return context.fail(topic.error());
    if (Status named = checkGroup(options.group); !named) return context.fail(named.error());
    Millis waitMs = 0;
    if (!options.wait.empty()) {
        const auto wait = parseDuration(options.wait);
        if (!wait) return context.fail(wait.error());
        waitMs = wait.value() / 1000;
    }
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    StreamData data(session.value()->directory(), wallNowMs);
    Consumer consumer(data, context, options, topic.value());
    if (Status opened = consumer.open(); !opened) return context.fail(opened.error());
    if (Status done = consumer.run(steadyNowUs() + waitMs * 1000); !done) return context.fail(done.error());
    if (!context.json) return 0;
    printJson(Json{{"topic", options.topic}, {"messages", consumer.takeShown()}});
    const Status committed = options.group.empty() ? okStatus() : consumer.commitShown();
    return committed ? 0 : context.fail(committed.error());
}

Verb produceVerb() {
    Verb verb{"produce",
              "data",
              "Write messages to a topic, and show their offsets",
              "tributary produce /mapr/sanfrancisco/activity:topic_1 hello world\n"
              "tail -f access.log | tributary produce --raw /mapr/sanfrancisco/activity:topic_1",
              {}};
    verb.describe = [](CLI::App& app) {
        auto options = std::make_shared<ProduceOptions>();
        app.add_option("TOPIC", options->topic, "/mapr/<cluster>/<stream>:<topic>")->required();
        app.add_option("MESSAGE", options->values, "One or more; \\xNN is a byte. Without any: the lines of stdin");
        CLI::Option* key = app.add_option("--key", options->key, "Messages of one key lie in one partition");
        app.add_flag("--raw", options->raw, "Take messages as they stand: a backslash is a backslash");
        app.add_option("--partition", options->partition, "This partition")->check(CLI::Range(0, 4095));
        app.add_option("--header", options->headers, "name=value, may be repeated")->allow_extra_args(false);
        return [options, key](VerbContext& context) {
            options->keyed = key->count() > 0;
            return produceMessages(context, *options);
        };
    };
    return verb;
}

Verb consumeVerb() {
    Verb verb{"consume",
              "data",
              "Show messages of a topic: partition, offset, key if any, value",
              "tributary consume /mapr/sanfrancisco/activity:topic_1\n"
              "tributary consume /mapr/newyork/activity:topic_1 --group reports --wait 1m",
              {}};
    verb.describe = [](CLI::App& app) {
        auto options = std::make_shared<ConsumeOptions>();
        app.add_option("TOPIC", options->topic, "/mapr/<cluster>/<stream>:<topic>")->required();
        app.add_option("--partition", options->partition, "This partition alone")->check(CLI::Range(0, 4095));
        app.add_option("--from", options->from, "beginning (default), end, or an offset");
        app.add_option("--group", options->group,
                       "Go on where this consumer group has committed, commit what was shown, and share the partitions "
                       "with the group's other consumers");
        app.add_option("--messages", options->messages, "Stop after so many; 0 = all (default)");
        app.add_option("--wait", options->wait, "Wait so long for more, as 30s or 5m");
        app.add_flag("--timestamps", options->timestamps, "Show the time of each message");
        app.add_flag("--apart", options->apart, "What came from another origin into offsets that were taken");
        return [options](VerbContext& context) { return consumeMessages(context, *options); };
    };
    return verb;
}

}  // namespace

std::vector<Verb> streamVerbs() {
    return {produceVerb(), consumeVerb()};
}

}  // namespace tributary::app
