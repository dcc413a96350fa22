// Placing again, message by message.
#include "tests/streams/streamsmodel.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::streams {

using namespace engine;
using namespace engine::maprdb;
using simtest::ShownRow;

std::string placeText(BytesView topic, std::uint32_t partition) {
    return fmt::format("{}/{:04}", topic, partition);
}

std::string offsetText(std::uint64_t offset) {
    return fmt::format("{:08}", offset);
}

std::vector<int> StreamsModel::take(const simtest::TakenEntry& taken) {
    std::vector<int> ops;
    const auto parts = partsOfBody(taken.view.body);
    if (!parts) {
        violate_("offsets: a logged body does not read");
        return ops;
    }
    for (const PartView& part : parts.value()) {
        if (part.part == StreamPart::Placed) {
            const auto batch = parseBatch(part.content);
            if (batch) place(taken, batch.value(), ops);
            if (!batch) violate_("offsets: a logged batch does not read");
        } else if (part.part == StreamPart::Cursor) {
            const CursorChange change = parseCursor(part.content).value();
            auto& known = streams_[taken.record.id]
                              .cursors[fmt::format("{}/{}", change.group, placeText(change.topic, change.partition))];
            known = std::max(known, std::pair(change.stamp, change.offset.value_or(0)));
            if (change.stamp == 0) violate_("offsets: a logged cursor has no time");
        } else if (part.part == StreamPart::Produce) {
            violate_("offsets: messages were logged without offsets");
        }
    }
    return ops;
}

void StreamsModel::place(const simtest::TakenEntry& taken, const BatchView& batch, std::vector<int>& ops) {
    Partition& partition = streams_[taken.record.id].partitions[placeText(batch.topic, batch.partition)];
    const std::uint64_t next = partition.messages.empty() ? 0 : partition.messages.rbegin()->first + 1;
    if (taken.local && (batch.first != next || batch.origin != taken.record.uuid)) {
        violate_(fmt::format("offsets: {} of {} is given where {} is due", batch.first, taken.record.path, next));
    }
    bool meets = partition.strangers.count(batch.origin) != 0;
    for (std::uint64_t offset = batch.first; offset < batch.end(); ++offset) {
        const auto there = partition.messages.find(offset);
        meets = meets || (there != partition.messages.end() && there->second.origin != batch.origin);
    }
    if (meets) partition.strangers.insert(batch.origin);
    if (!meets && batch.first > next && next > 0 && partition.strangers.empty()) {
        violate_(fmt::format("offsets: {} of {} is taken, and {} is missing", batch.first, taken.record.path, next));
    }
    ByteReader reader(batch.messages);
    for (std::uint64_t offset = batch.first; offset < batch.end(); ++offset) {
        const std::string text(readMessage(reader).value);
        ops.push_back(simtest::opOf(text));
        const Message message{batch.origin, text, batch.end() - 1};
        if (meets) {
            partition.apart[{batch.end() - 1, batch.origin, offset}] = message;
        } else if (!partition.messages.emplace(offset, message).second) {
            violate_(fmt::format("offsets: {} of {} is taken twice", offset, taken.record.path));
        }
    }
}

std::vector<ShownRow> StreamsModel::shown(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    const auto stream = streams_.find(record.id);
    if (stream == streams_.end()) return out;
    for (const auto& [place, partition] : stream->second.partitions) {
        for (const auto& [at, message] : partition.apart) {
            const auto& [last, origin, offset] = at;
            out.push_back({fmt::format("c/{}/{}/{}/{}", place, offsetText(last), origin.text(), offsetText(offset)),
                           message.text});
        }
    }
    for (const auto& [place, cursor] : stream->second.cursors) {
        out.push_back({"g/" + place, offsetText(cursor.second)});
    }
    for (const auto& [place, partition] : stream->second.partitions) {
        for (const auto& [offset, message] : partition.messages) {
            out.push_back({fmt::format("m/{}/{}", place, offsetText(offset)), message.origin.text() + message.text});
        }
    }
    return out;
}

/// Which of two origins has an offset is each node's own; what either wrote is everywhere.
std::vector<ShownRow> StreamsModel::shownEverywhere(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    const auto stream = streams_.find(record.id);
    if (stream == streams_.end()) return out;
    const auto add = [&](const std::string& place, std::uint64_t offset, const Message& message) {
        out.push_back({fmt::format("{}/{}/{}", message.origin.text(), place, offsetText(offset)), message.text});
    };
    for (const auto& [place, partition] : stream->second.partitions) {
        for (const auto& [at, message] : partition.apart) add(place, std::get<2>(at), message);
        for (const auto& [offset, message] : partition.messages) add(place, offset, message);
    }
    for (const auto& [place, cursor] : stream->second.cursors) {
        out.push_back({"cursor " + place, offsetText(cursor.second)});
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace tributary::streams
