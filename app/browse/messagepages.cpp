// Partitions merged by time.
#include "app/browse/messagepages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/bytes.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

/// Where reading stands: of each partition the offset to go on from; backwards, the one before which to go on.
using Positions = std::map<std::uint32_t, std::uint64_t>;

Bytes encoded(const Positions& positions) {
    Bytes out;
    appendFixed(out, static_cast<std::uint32_t>(positions.size()));
    for (const auto& [partition, offset] : positions) {
        appendFixed(out, partition);
        appendFixed(out, offset);
    }
    return out;
}

Result<Positions> decoded(BytesView bytes) {
    ByteReader reader(bytes);
    Positions out;
    const auto count = reader.fixed<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        const auto partition = reader.fixed<std::uint32_t>();
        out[partition] = reader.fixed<std::uint64_t>();
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "what continues this page is damaged", {}, "read again (F5)"};
    return out;
}

Result<Positions> beginning(const std::vector<PartitionShown>& partitions, const BrowseRequest& request) {
    Positions earlier;
    if (!request.after.empty()) {
        auto read = decoded(request.after);
        if (!read) return read.error();
        earlier = std::move(read).value();
    }
    std::optional<std::uint64_t> typed;
    if (request.after.empty() && !request.from.empty()) {
        typed = parseWhole(request.from);
        if (!typed) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("'{}' is no offset", escapedBytes(bounded(request.from, 40))), "From offset",
                         "type a whole number, such as 0"};
        }
    }
    Positions out;
    for (const PartitionShown& each : partitions) {
        std::uint64_t at = request.newestFirst ? each.end : each.low;
        // Backwards, the typed message is the first that is shown.
        if (typed) at = request.newestFirst && *typed < UINT64_MAX ? *typed + 1 : *typed;
        if (const auto known = earlier.find(each.partition); known != earlier.end()) at = known->second;
        out[each.partition] = std::clamp(at, std::min(each.low, each.end), each.end);
    }
    return out;
}

/// A partition's messages in the order in which they are shown.
struct Lane {
    std::uint32_t partition = 0;
    std::vector<MessageRead> messages;
    std::size_t taken = 0;

    [[nodiscard]] const MessageRead* head() const { return taken < messages.size() ? &messages[taken] : nullptr; }
};

/// The messages of [from, to); a read gives as many as fit into an answer.
Result<std::vector<MessageRead>> readRange(const ReadMessages& read, std::uint32_t partition, std::uint64_t from,
                                           std::uint64_t to) {
    std::vector<MessageRead> out;
    while (from < to) {
        auto page = read(partition, from, to - from);
        if (!page) return page.error();
        for (MessageRead& each : page->messages) {
            if (each.offset < to) out.push_back(std::move(each));
        }
        if (page->next <= from) break;
        from = page->next;
    }
    return out;
}

Result<std::vector<Lane>> readLanes(const std::vector<PartitionShown>& partitions, const BrowseRequest& request,
                                    const Positions& positions, const ReadMessages& read) {
    std::vector<Lane> lanes;
    lanes.reserve(partitions.size());
    for (const PartitionShown& each : partitions) {
        const std::uint64_t at = positions.at(each.partition);
        const std::uint64_t back = std::min<std::uint64_t>(at - std::min(at, each.low), request.rowsMost);
        const std::uint64_t ahead = std::min<std::uint64_t>(each.end - at, request.rowsMost);
        auto messages = request.newestFirst ? readRange(read, each.partition, at - back, at)
                                            : readRange(read, each.partition, at, at + ahead);
        if (!messages) return messages.error();
        if (request.newestFirst) std::reverse(messages->begin(), messages->end());
        lanes.push_back({each.partition, std::move(messages).value(), 0});
    }
    return lanes;
}

/// The lane whose next message is shown next; nullptr at the end.
Lane* nextLane(std::vector<Lane>& lanes, bool newestFirst) {
    Lane* best = nullptr;
    for (Lane& lane : lanes) {
        if (lane.head() == nullptr) continue;
        const bool isBetter = best == nullptr || (newestFirst ? lane.head()->timestampMs > best->head()->timestampMs
                                                              : lane.head()->timestampMs < best->head()->timestampMs);
        if (isBetter) best = &lane;
    }
    return best;
}

std::string wholeMessage(const MessageRead& message) {
    std::string out =
        fmt::format("partition {}, offset {}, {}\n", message.partition, message.offset, isoTime(message.timestampMs));
    for (const auto& [name, value] : message.headers) {
        out += fmt::format("header {}: {}\n", escapedBytes(name), escapedBytes(value));
    }
    out += message.key ? "key " + escapedBytes(*message.key) + '\n' : std::string("no key\n");
    return out + escapedBytes(message.value);
}

void addMessage(const MessageRead& message, BrowsePage& page) {
    page.rows.push_back({{std::to_string(message.partition), true},
                         {std::to_string(message.offset), true},
                         {isoTime(message.timestampMs), true},
                         {message.key ? escapedBytes(*message.key) : std::string(), message.key.has_value()},
                         {escapedBytes(message.value), true}});
    page.details.push_back(wholeMessage(message));
}

std::string noteOf(const std::vector<PartitionShown>& partitions) {
    std::uint64_t messages = 0;
    for (const PartitionShown& each : partitions) messages += each.end - std::min(each.low, each.end);
    if (partitions.size() != 1) {
        return countText(messages, "message") + " in " + countText(partitions.size(), "partition");
    }
    if (messages == 0) return fmt::format("no message; the next gets offset {}", partitions.front().end);
    return fmt::format("{}, offsets {} to {}", countText(messages, "message"), partitions.front().low,
                       partitions.front().end - 1);
}

}  // namespace

std::optional<std::uint64_t> parseWhole(const std::string& text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || at != end) return std::nullopt;
    return value;
}

Result<BrowsePage> readMessagePage(const std::vector<PartitionShown>& partitions, const BrowseRequest& request,
                                   const ReadMessages& read) {
    const auto begun = beginning(partitions, request);
    if (!begun) return begun.error();
    Positions positions = begun.value();
    auto lanes = readLanes(partitions, request, positions, read);
    if (!lanes) return lanes.error();
    BrowsePage page;
    page.columns = {{"Partition", true}, {"Offset", true}, {"Time (UTC)", false}, {"Key", false}, {"Value", false}};
    while (page.rows.size() < request.rowsMost) {
        Lane* lane = nextLane(lanes.value(), request.newestFirst);
        if (lane == nullptr) break;
        const MessageRead& message = *lane->head();
        addMessage(message, page);
        positions[lane->partition] = request.newestFirst ? message.offset : message.offset + 1;
        ++lane->taken;
    }
    for (const Lane& lane : lanes.value()) {
        // Read to its end, and nothing came: those offsets hold no message any more.
        if (lane.messages.empty() && page.rows.size() < request.rowsMost) {
            const auto shown = std::find_if(partitions.begin(), partitions.end(), [&](const PartitionShown& each) {
                return each.partition == lane.partition;
            });
            positions[lane.partition] = request.newestFirst ? shown->low : shown->end;
        }
    }
    const bool isMore = std::any_of(partitions.begin(), partitions.end(), [&](const PartitionShown& each) {
        const std::uint64_t at = positions.at(each.partition);
        return request.newestFirst ? at > each.low : at < each.end;
    });
    if (isMore && !page.rows.empty()) page.next = encoded(positions);
    page.note = noteOf(partitions);
    return page;
}

}  // namespace tributary::app
