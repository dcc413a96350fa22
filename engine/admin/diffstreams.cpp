// Both sides of a partition read in step; what differs is looked at again before it counts.
#include "engine/admin/diffstreams.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "core/base/escape.h"
#include "engine/admin/streamread.h"
#include "engine/systems/maprdb/streams/streambody.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kLinesMax = 20;
constexpr std::uint64_t kLooksMax = 7;
constexpr int kSameStreamLooksEnough = 3;  // so often the same difference: it stays
constexpr Millis kLookAgainMs = 300;
constexpr std::size_t kShownBytes = 60;

std::string shownMessage(BytesView bytes) {
    ByteReader reader(bytes);
    const MessageView message = readMessage(reader);
    const std::string value = shownLine(std::string(message.value.substr(0, kShownBytes)));
    return message.key
               ? fmt::format("key {}, value {}", shownLine(std::string(message.key->substr(0, kShownBytes))), value)
               : "value " + value;
}

/// What was seen of a partition.
struct Seen {
    std::uint64_t from = 0;   // the first offset that differs; all before is equal
    std::uint64_t equal = 0;  // messages before it, at each side
    std::uint64_t messagesA = 0;
    std::uint64_t messagesB = 0;
    std::uint64_t onlyA = 0;
    std::uint64_t onlyB = 0;
    std::uint64_t different = 0;
    std::vector<std::string> lines;
    std::size_t print = 0;  // of all that differs
    int sameLooks = 0;

    [[nodiscard]] bool isEqual() const { return onlyA + onlyB + different == 0; }
    void mark(std::uint64_t offset, BytesView bytes) {
        for (const std::size_t part : {std::hash<std::uint64_t>{}(offset), std::hash<std::string_view>{}(bytes)}) {
            print = print * 1'099'511'628'211U + part;
        }
    }
    void tell(std::string line) {
        if (lines.size() < kLinesMax) lines.push_back(std::move(line));
    }
};

/// What both have of a topic; nullptr = it is missing.
struct TopicPair {
    const std::vector<CountedPartition>* a = nullptr;
    const std::vector<CountedPartition>* b = nullptr;

    [[nodiscard]] static std::size_t sizeOf(const std::vector<CountedPartition>* partitions) {
        return partitions == nullptr ? 0 : partitions->size();
    }
    [[nodiscard]] std::size_t partitions() const { return std::max(sizeOf(a), sizeOf(b)); }
    [[nodiscard]] bool alike() const { return a != nullptr && b != nullptr && a->size() == b->size(); }
};

class StreamComparison {
public:
    StreamComparison(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit)
        : calls_(calls), a_(a), b_(b), firstExit_(firstExit) {}

    Result<StreamDiffResult> run() {
        for (std::uint64_t looks = 1;; ++looks) {
            if (Status looked = look(); !looked) return looked.error();
            if (looks == kLooksMax || settled()) return sum(looks);
            calls_.pause(kLookAgainMs);
        }
    }

private:
    using Place = std::pair<std::string, std::uint32_t>;

    /// All that is not known to be equal.
    Status look() {
        const Result<CountedTopics> atA = countedTopics(calls_, a_);
        if (!atA) return atA.error();
        const Result<CountedTopics> atB = countedTopics(calls_, b_);
        if (!atB) return atB.error();
        std::map<std::string, TopicPair> topics;
        for (const auto& [name, partitions] : *atA) topics[name].a = &partitions;
        for (const auto& [name, partitions] : *atB) topics[name].b = &partitions;
        std::erase_if(seen_, [&](const auto& item) {
            const auto at = topics.find(item.first.first);
            return at == topics.end() || item.first.second >= at->second.partitions();
        });
        std::erase_if(shapes_, [&](const auto& item) { return !topics.contains(item.first); });
        topics_ = topics.size();
        complete_ = true;
        for (const auto& [name, pair] : topics) {
            noteShape(name, pair);
            if (stops(!pair.alike())) return okStatus();
            for (std::uint32_t i = 0; i < pair.partitions(); ++i) {
                Seen& seen = seen_[{name, i}];
                if (seen.sameLooks > 0 && seen.isEqual()) continue;
                if (Status done = compare(name, i, pair, seen); !done) return done;
                if (stops(!seen.isEqual())) return okStatus();
            }
        }
        return okStatus();
    }
    bool stops(bool differs) {
        if (!firstExit_ || !differs) return false;
        complete_ = false;
        return true;
    }

    void noteShape(const std::string& name, const TopicPair& pair) {
        if (pair.alike()) {
            shapes_.erase(name);
            return;
        }
        std::string line = pair.a == nullptr   ? fmt::format("topic {} is missing at {}", name, a_)
                           : pair.b == nullptr ? fmt::format("topic {} is missing at {}", name, b_)
                                               : fmt::format("topic {}: {} partitions at {}, {} at {}", name,
                                                             pair.a->size(), a_, pair.b->size(), b_);
        auto& [was, sameLooks] = shapes_[name];
        sameLooks = was == line ? sameLooks + 1 : 1;
        was = std::move(line);
    }

    // What one side lacks as a whole is told of the topic, and not message by message.
    Status compare(const std::string& topic, std::uint32_t number, const TopicPair& pair, Seen& seen) {
        const auto rangeOf = [&](const std::vector<CountedPartition>* partitions) {
            return number < TopicPair::sizeOf(partitions) ? (*partitions)[number] : CountedPartition{};
        };
        const CountedPartition rangeA = rangeOf(pair.a);
        const CountedPartition rangeB = rangeOf(pair.b);
        const bool tells = number < TopicPair::sizeOf(pair.a) && number < TopicPair::sizeOf(pair.b);
        const Seen before = std::exchange(seen, Seen{});
        if (rangeA.next >= before.from && rangeB.next >= before.from) {  // else the topic was made anew meanwhile
            seen.from = before.from;
            seen.messagesA = seen.messagesB = seen.equal = before.equal;
        }
        PartitionReader readA(calls_, a_, topic, number, std::max(rangeA.low, seen.from), rangeA.next);
        PartitionReader readB(calls_, b_, topic, number, std::max(rangeB.low, seen.from), rangeB.next);
        if (Status done = inStep(readA, readB, tells ? fmt::format("topic {}, partition {}", topic, number) : "", seen);
            !done) {
            return done;
        }
        const bool same = before.sameLooks > 0 && !before.isEqual() && before.print == seen.print;
        seen.sameLooks = same ? before.sameLooks + 1 : 1;
        return okStatus();
    }

    Status inStep(PartitionReader& readA, PartitionReader& readB, const std::string& place, Seen& seen) {
        auto messageA = readA.next();
        auto messageB = readB.next();
        while (messageA && messageB && (messageA->has_value() || messageB->has_value())) {
            const std::uint64_t offsetA = messageA->has_value() ? (*messageA)->offset : UINT64_MAX;
            const std::uint64_t offsetB = messageB->has_value() ? (*messageB)->offset : UINT64_MAX;
            const std::uint64_t offset = std::min(offsetA, offsetB);
            const bool wasEqual = seen.isEqual();
            judge(offsetA <= offsetB ? &**messageA : nullptr, offsetB <= offsetA ? &**messageB : nullptr, place, seen);
            if (seen.isEqual()) ++seen.equal;
            if (wasEqual && !seen.isEqual()) seen.from = offset;
            if (offsetA == offset) {
                ++seen.messagesA;
                messageA = readA.next();
            }
            if (offsetB == offset) {
                ++seen.messagesB;
                messageB = readB.next();
            }
            if (firstExit_ && !seen.isEqual()) break;
        }
        if (!messageA) return messageA.error();
        return messageB ? okStatus() : Status(messageB.error());
    }

    void judge(const ReadMessage* a, const ReadMessage* b, const std::string& place, Seen& seen) const {
        if (a != nullptr && b != nullptr && a->bytes == b->bytes) return;
        const std::uint64_t offset = a != nullptr ? a->offset : b->offset;
        ++(b == nullptr ? seen.onlyA : a == nullptr ? seen.onlyB : seen.different);
        seen.mark(offset, a == nullptr ? BytesView() : a->bytes);
        seen.mark(offset, b == nullptr ? BytesView() : b->bytes);
        if (place.empty()) return;
        const std::string where = fmt::format("{}, offset {}", place, offset);
        if (a != nullptr && b != nullptr) {
            seen.tell(
                fmt::format("{}: {} at {}, {} at {}", where, shownMessage(a->bytes), a_, shownMessage(b->bytes), b_));
        } else {
            seen.tell(fmt::format("{} is missing at {}", where, b == nullptr ? b_ : a_));
        }
    }

    /// Nothing differs, or it stays as it is.
    [[nodiscard]] bool settled() const {
        return std::all_of(seen_.begin(), seen_.end(),
                           [](const auto& item) {
                               return item.second.isEqual() || item.second.sameLooks >= kSameStreamLooksEnough;
                           }) &&
               std::all_of(shapes_.begin(), shapes_.end(),
                           [](const auto& item) { return item.second.second >= kSameStreamLooksEnough; });
    }

    [[nodiscard]] StreamDiffResult sum(std::uint64_t looks) const {
        StreamDiffResult result;
        result.topics = topics_;
        result.looks = looks;
        result.complete = complete_;
        result.topicsDifferent = shapes_.size();
        std::vector<std::string> lines;
        lines.reserve(shapes_.size());
        for (const auto& [name, shape] : shapes_) lines.push_back(shape.first);
        for (const auto& [place, seen] : seen_) {
            result.messagesA += seen.messagesA;
            result.messagesB += seen.messagesB;
            result.onlyA += seen.onlyA;
            result.onlyB += seen.onlyB;
            result.different += seen.different;
            lines.insert(lines.end(), seen.lines.begin(), seen.lines.end());
        }
        lines.resize(std::min(lines.size(), kLinesMax));
        result.lines = std::move(lines);
        return result;
    }

    ClusterCalls& calls_;
    const std::string& a_;
    const std::string& b_;
    bool firstExit_;
    bool complete_ = true;
    std::uint64_t topics_ = 0;
    std::map<Place, Seen> seen_;                                 // by topic and partition
    std::map<std::string, std::pair<std::string, int>> shapes_;  // topics that differ: how, and how often so
};

}  // namespace

Result<StreamDiffResult> diffStreams(ClusterCalls& calls, const std::string& a, const std::string& b, bool firstExit) {
    return StreamComparison(calls, a, b, firstExit).run();
}

}  // namespace tributary::engine::maprdb
