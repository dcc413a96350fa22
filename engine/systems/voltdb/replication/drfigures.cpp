// The figures of @Statistics, from the truth: what is not known is nothing, never 0.
#include <algorithm>
#include <charconv>

#include "engine/systems/voltdb/replication/drcluster.h"

namespace tributary::engine::voltdb {

namespace {

DrFigure number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

DrFigure text(std::string_view value) {
    return std::string(value);
}

DrFigure flag(bool value) {
    return text(value ? "true" : "false");
}

/// Times that never were read as the epoch of the system.
DrFigure timestamp(std::int64_t unixUs) {
    constexpr std::int64_t kMicrosPerMilli = 1'000;
    return unixUs == 0 ? kEpochMs * kMicrosPerMilli : unixUs;
}

DrFigure drId(int cluster, std::uint64_t next) {
    if (next == 0) return std::int64_t{-1};
    return static_cast<std::int64_t>(DrId::of(cluster, next - 1).bits());
}

void append(std::vector<DrFigure>& row, std::vector<DrFigure> cells) {
    for (DrFigure& each : cells) row.push_back(std::move(each));
}

}  // namespace

std::map<int, DrState> DrCluster::states() const {
    std::map<int, DrState> out;
    if (book_.role == DrRole::None) {
        out[-1] = DrState::Disabled;
        return out;
    }
    if (!broken_.empty()) {
        for (const auto& [cluster, talk] : book_.conversations) out[cluster] = DrState::Stopped;
        if (out.empty()) out[-1] = DrState::Stopped;
        return out;
    }
    const auto merge = [&out](int cluster, DrState state) {
        const auto made = out.try_emplace(cluster, state);
        made.first->second = worse(made.first->second, state);
    };
    if (book_.role != DrRole::Replica) {
        for (const auto& [cluster, talk] : producer_.talks()) merge(cluster, talk->state());
    }
    for (const auto& [cluster, consumer] : consumers_) merge(cluster, consumer->roleState());
    if (seed_ != nullptr && (out.empty() || seed_->roleState() == DrState::Stopped)) {
        merge(seed_->member() ? seed_->member()->cluster : -1, seed_->roleState());
    }
    if (out.empty()) out[-1] = DrState::Pending;
    return out;
}

std::map<int, std::string> DrCluster::failures() const {
    std::map<int, std::string> out;
    if (!broken_.empty()) out[-1] = broken_;
    for (const auto& [cluster, talk] : producer_.talks()) {
        if (!talk->failure().empty()) out[cluster] = talk->failure();
    }
    for (const auto& [cluster, consumer] : consumers_) {
        if (!consumer->failure().empty()) out[cluster] = consumer->failure();
    }
    if (seed_ != nullptr && !seed_->failure().empty()) {
        out[seed_->member() ? seed_->member()->cluster : -1] = seed_->failure();
    }
    return out;
}

bool DrCluster::isProducerDrained() const {
    return std::all_of(producer_.talks().begin(), producer_.talks().end(),
                       [](const auto& each) { return each.second->isDrained(); });
}

bool DrCluster::isConsumerDrained() const {
    return std::all_of(consumers_.begin(), consumers_.end(), [](const auto& each) { return each.second->isDrained(); });
}

std::vector<DrFigure> DrCluster::hostCells() const {
    return {store_.seams().clock.wallMs(), std::int64_t{0}, store_.settings().hostname};
}

DrFigure DrCluster::rate(int cluster, Micros overUs) const {
    constexpr double kMicrosPerSecond = 1e6;
    const auto at = samples_.find(cluster);
    if (at == samples_.end() || at->second.size() < 2) return {};
    const Sample& last = at->second.back();
    const auto first = std::find_if(at->second.begin(), at->second.end(),
                                    [&](const Sample& each) { return each.atUs >= last.atUs - overUs; });
    if (first->atUs == last.atUs) return {};
    const double seconds = static_cast<double>(last.atUs - first->atUs) / kMicrosPerSecond;
    return static_cast<std::int64_t>(static_cast<double>(last.bytes - first->bytes) / seconds);
}

DrCluster::Rows DrCluster::roleRows() const {
    Rows out;
    for (const auto& [cluster, state] : states()) {
        out.push_back({text(drRoleName(book_.role)), text(drStateName(state)), std::int64_t{cluster}});
    }
    return out;
}

DrCluster::Rows DrCluster::producerPartitionRows() const {
    Rows out;
    const int own = store_.settings().cluster;
    for (const auto& [cluster, talk] : producer_.talks()) {
        for (int i = 0; i <= store_.partitions(); ++i) {
            const int partition = i == store_.partitions() ? kMpPartition : i;
            const auto queue = producer_.queues().find(partition);
            const auto at = talk->cursors().find(partition);
            const bool isKnown = queue != producer_.queues().end();
            const std::uint64_t next = isKnown ? queue->second.next() : store_.nextSequence(partition);
            const std::uint64_t acked = at == talk->cursors().end() ? next : at->second.acked;
            const bool streams = talk->isStreaming();
            std::vector<DrFigure> row = hostCells();
            append(row,
                   {std::int64_t{own}, std::int64_t{cluster}, std::int64_t{partition},
                    text(book_.conversations.at(cluster).isSynced ? "TRANSACTIONS" : "SNAPSHOT_SYNC"),
                    number(isKnown ? queue->second.bytesFrom(acked) : 0),
                    number(isKnown ? queue->second.memoryBytesFrom(acked) : 0), number(next - std::min(next, acked)),
                    drId(own, next), drId(own, acked), timestamp(isKnown ? queue->second.lastTimestampUs() : 0),
                    timestamp(at == talk->cursors().end() ? 0 : at->second.ackedTimestampUs),
                    flag(book_.conversations.at(cluster).isSynced), text("NORMAL"), std::int64_t{0},
                    text(streams || talk->isSendingSnapshot() ? "UP" : "DOWN"),
                    at != talk->cursors().end() && at->second.available ? number(*at->second.available) : DrFigure{},
                    DrFigure{}, text("SIZE")});
            out.push_back(std::move(row));
        }
    }
    return out;
}

DrCluster::Rows DrCluster::producerNodeRows() const {
    Rows out;
    for (const auto& [cluster, talk] : producer_.talks()) {
        std::uint64_t depth = 0;
        for (const auto& [partition, queue] : producer_.queues()) {
            const auto at = talk->cursors().find(partition);
            if (at != talk->cursors().end()) depth += queue.next() - std::min(queue.next(), at->second.acked);
        }
        constexpr std::int64_t kMicrosPerMilli = 1'000;
        const DrConversation& conversation = book_.conversations.at(cluster);
        std::vector<DrFigure> row = hostCells();
        append(row,
               {std::int64_t{store_.settings().cluster}, std::int64_t{cluster}, text(drStateName(talk->state())),
                text(talk->isSendingSnapshot() ? "SENDING_SYNC_SNAPSHOT" : "NONE"),
                talk->snapshotRows() ? number(*talk->snapshotRows()) : DrFigure{}, number(talk->snapshotRowsAcked()),
                number(depth), timestamp(conversation.remote.creationMs * kMicrosPerMilli)});
        out.push_back(std::move(row));
    }
    return out;
}

DrCluster::Rows DrCluster::producerClusterRows() const {
    Rows out;
    for (const auto& [cluster, talk] : producer_.talks()) {
        out.push_back({std::int64_t{store_.settings().cluster}, std::int64_t{cluster}, text(drStateName(talk->state())),
                       std::int64_t{talk->state() == DrState::Stopped ? 1 : 0}});
    }
    return out;
}

/// Whoever is being joined, too.
std::map<int, const DrConsumer*> DrCluster::shownConsumers() const {
    std::map<int, const DrConsumer*> out;
    if (seed_ != nullptr && seed_->member()) out[seed_->member()->cluster] = seed_.get();
    for (const auto& [cluster, consumer] : consumers_) out[cluster] = consumer.get();
    return out;
}

DrCluster::Rows DrCluster::consumerNodeRows() const {
    Rows out;
    constexpr Micros kMinuteUs = 60'000'000;
    constexpr std::int64_t kMicrosPerMilli = 1'000;
    for (const auto& [cluster, consumer] : shownConsumers()) {
        std::vector<DrFigure> row = hostCells();
        append(row, {std::int64_t{store_.settings().cluster}, std::int64_t{cluster},
                     text(consumerStateName(consumer->state())), rate(cluster, kMinuteUs), rate(cluster, 5 * kMinuteUs),
                     timestamp(consumer->member() ? consumer->member()->creationMs * kMicrosPerMilli : 0)});
        out.push_back(std::move(row));
    }
    return out;
}

DrCluster::Rows DrCluster::consumerPartitionRows() const {
    Rows out;
    for (const auto& [cluster, consumer] : shownConsumers()) {
        for (const auto& [partition, stream] : consumer->streams()) {
            const std::uint64_t most = store_.settings().consumerBytesMax;
            std::vector<DrFigure> row = hostCells();
            append(row, {std::int64_t{store_.settings().cluster}, std::int64_t{cluster}, std::int64_t{partition},
                         flag(consumer->isUp()), consumer->isUp() ? text(consumer->coveringHost()) : DrFigure{},
                         timestamp(stream.receivedUs), timestamp(stream.appliedUs),
                         flag(stream.isPaused || stream.isStopped), number(stream.duplicates), number(stream.ignored),
                         number(most - std::min(most, stream.queuedBytes)), DrFigure{}, text("SIZE")});
            out.push_back(std::move(row));
        }
    }
    return out;
}

DrCluster::Rows DrCluster::consumerClusterRows() const {
    Rows out;
    for (const auto& [cluster, consumer] : shownConsumers()) {
        const bool isStopped = consumer->roleState() == DrState::Stopped;
        out.push_back({std::int64_t{store_.settings().cluster}, std::int64_t{cluster},
                       text(consumerStateName(consumer->state())), std::int64_t{isStopped ? 1 : 0}});
    }
    return out;
}

DrCluster::Rows DrCluster::conflictRows(bool isInterval) {
    Rows out;
    for (auto& [key, figure] : conflicts_) {
        const ConflictCounts& from = isInterval ? figure.told : ConflictCounts();
        const ConflictCounts& to = figure.counts;
        std::vector<DrFigure> row = hostCells();
        append(row, {std::int64_t{store_.settings().cluster}, std::int64_t{std::get<0>(key)},
                     std::int64_t{std::get<1>(key)}, std::get<2>(key), figure.lastUs, to.total - from.total,
                     to.divergence - from.divergence, to.missingRow - from.missingRow,
                     to.timestampMismatch - from.timestampMismatch, to.constraintViolation - from.constraintViolation});
        out.push_back(std::move(row));
        if (isInterval) figure.told = figure.counts;
    }
    return out;
}

Result<std::vector<DrFigures>> DrCluster::statistics(std::string_view selector, bool isInterval) {
    auto tables = statisticTables(selector);
    if (!tables) return tables.error();
    std::vector<DrFigures> out;
    out.reserve(tables->size());
    for (StatisticTable& each : *tables) {
        Rows rows;
        if (each.name == "DRROLE") rows = roleRows();
        if (each.name == "DRPRODUCERPARTITION") rows = producerPartitionRows();
        if (each.name == "DRPRODUCERNODE") rows = producerNodeRows();
        if (each.name == "DRPRODUCERCLUSTER") rows = producerClusterRows();
        if (each.name == "DRCONSUMERNODE") rows = consumerNodeRows();
        if (each.name == "DRCONSUMERPARTITION") rows = consumerPartitionRows();
        if (each.name == "DRCONSUMERCLUSTER") rows = consumerClusterRows();
        if (each.name == "DRCONFLICTS") rows = conflictRows(isInterval);
        out.push_back({std::move(each), std::move(rows)});
    }
    return out;
}

}  // namespace tributary::engine::voltdb
