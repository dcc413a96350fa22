// Messages of a topic, by partition or of all of them by time.
#include <fmt/format.h>

#include <algorithm>

#include "app/adapters/streamdata.h"
#include "app/browse/browsers.h"
#include "app/browse/messagepages.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"
#include "core/base/escape.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

std::optional<std::uint32_t> partitionNamed(const std::string& section) {
    const auto number = parseWhole(section);
    if (!number || *number > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

class StreamBrowser final : public DataBrowser {
public:
    [[nodiscard]] BrowseWords words() const override {
        return {"Messages", "Topic", "Partition", "From offset", "Consumer groups", "Produce", "No topic is there yet",
                true};
    }

    [[nodiscard]] Result<std::vector<BrowsePart>> parts(Session& session, const std::string& dataset) const override {
        StreamData data(session.directory(), wallNowMs);
        const auto topics = data.topics(dataset);
        if (!topics) return topics.error();
        std::vector<BrowsePart> out;
        out.reserve(topics->size());
        for (const TopicShown& topic : topics.value()) {
            BrowsePart& part = out.emplace_back();
            part.name = topic.topic;
            std::uint64_t messages = 0;
            for (const PartitionShown& each : topic.partitions) {
                part.sections.push_back(std::to_string(each.partition));
                messages += each.end - each.low;
            }
            part.note = countText(messages, "message") + " in " + countText(topic.partitions.size(), "partition");
        }
        return out;
    }

    [[nodiscard]] Result<BrowsePage> read(Session& session, const BrowseRequest& request) const override {
        StreamData data(session.directory(), wallNowMs);
        const TopicName topic{request.dataset, request.part};
        auto partitions = data.partitions(topic);
        if (!partitions) return partitions.error();
        if (!request.section.empty()) {
            const auto wanted = partitionNamed(request.section);
            std::erase_if(partitions.value(), [&](const PartitionShown& each) { return each.partition != wanted; });
            if (partitions->empty()) {
                return Error{ErrorCode::NotFound, "the topic has no partition " + request.section, "Partition",
                             "read the topic again (F5)"};
            }
        }
        return readMessagePage(partitions.value(), request,
                               [&](std::uint32_t partition, std::uint64_t offset, std::uint64_t messages) {
                                   ReadRequest ask;
                                   ask.topic = topic;
                                   ask.partition = partition;
                                   ask.offset = offset;
                                   ask.messages = messages;
                                   return data.read(ask);
                               });
    }

    [[nodiscard]] Result<std::vector<BrowseReader>> readers(Session& session, const std::string& dataset,
                                                            const std::string& part) const override {
        StreamData data(session.directory(), wallNowMs);
        const auto cursors = data.cursors(dataset);
        if (!cursors) return cursors.error();
        std::vector<BrowseReader> out;
        out.reserve(cursors->size());
        for (const CursorShown& each : cursors.value()) {
            if (!part.empty() && each.topic != part) continue;
            out.push_back(
                {each.group, each.topic, std::to_string(each.partition), each.offset, each.end, each.committedMs});
        }
        return out;
    }

    [[nodiscard]] Result<std::vector<BrowseEnd>> ends(Session& session, const std::string& dataset) const override {
        StreamData data(session.directory(), wallNowMs);
        const auto topics = data.topics(dataset);
        if (!topics) return topics.error();
        std::vector<BrowseEnd> out;
        for (const TopicShown& topic : topics.value()) {
            for (const PartitionShown& each : topic.partitions) {
                out.push_back({topic.topic, std::to_string(each.partition), each.low, each.end});
            }
        }
        return out;
    }

    [[nodiscard]] Result<std::string> write(Session& session, const BrowseWrite& write) const override {
        std::optional<std::uint32_t> partition;
        if (!write.section.empty()) {
            partition = partitionNamed(write.section);
            if (!partition) {
                return Error{ErrorCode::InvalidInput, "'" + escapedBytes(write.section) + "' is no partition",
                             "Partition", "choose one of the list"};
            }
        }
        MessageWrite message;
        if (write.key) message.key = bytesOfEscaped(*write.key);
        message.value = bytesOfEscaped(write.value);
        StreamData data(session.directory(), wallNowMs);
        const auto placed = data.produce({write.dataset, write.part}, {message}, partition);
        audit(session, fmt::format("tributary produce {}:{} # 1 message", write.dataset, write.part),
              placed ? std::string() : auditError(Status(placed.error())));
        if (!placed) return placed.error();
        if (placed->empty()) return Error{ErrorCode::Corrupt, "the cluster does not say where it put it", {}, {}};
        return fmt::format("partition {}, offset {}", placed->front().partition, placed->front().first);
    }
};

}  // namespace

const DataBrowser& streamBrowser() {
    static const StreamBrowser browser;
    return browser;
}

}  // namespace tributary::app
