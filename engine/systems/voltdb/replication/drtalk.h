// The producer's half of a conversation with one cluster: its snapshot, its cursors, what is sent to it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/systems/voltdb/replication/drhub.h"
#include "engine/systems/voltdb/replication/drline.h"
#include "engine/systems/voltdb/replication/streamqueue.h"
#include "engine/systems/voltdb/statistics/columns.h"

namespace tributary::engine::voltdb {

/// Executor's thread only. The conversation itself is the book's; this is it at work.
class DrTalk {
public:
    static constexpr std::size_t kLineBytesMax = std::size_t{4} << 20U;          ///< queued on the line
    static constexpr std::uint64_t kInFlightBytesMax = std::uint64_t{8} << 20U;  ///< of a partition, unacknowledged
    static constexpr std::uint64_t kPartsAhead = 16;                             ///< of a snapshot, unacknowledged
    static constexpr std::size_t kPartBytes = std::size_t{256} << 10U;

    struct Cursor {
        std::uint64_t acked = 0;  ///< may be needed next
        std::uint64_t sent = 0;   ///< is sent next
        std::int64_t ackedTimestampUs = 0;
        std::optional<std::uint64_t> available;  ///< room there, as it said last
        std::deque<DrLogged> again{};            ///< read from the log
        bool isReading = false;
    };
    using Queues = std::map<int, StreamQueue>;

    /// `acknowledged` is called when cursors moved: queues may be trimmed.
    DrTalk(DrHub& hub, Queues& queues, int cluster, std::function<void()> acknowledged);
    ~DrTalk() { *alive_ = false; }
    DrTalk(const DrTalk&) = delete;
    DrTalk& operator=(const DrTalk&) = delete;

    /// The consumer came to join: it is welcomed, and its Ready is waited for.
    void beginJoin(std::unique_ptr<DrLine> line, const DrWelcome& welcome);
    /// It came to have its logs held, no more.
    void hold(std::unique_ptr<DrLine> line, const DrWelcome& welcome);
    /// It follows, from `next` on. `next` is within what is held.
    void beginFollow(std::unique_ptr<DrLine> line, const DrWelcome& welcome, const std::map<int, std::uint64_t>& next);
    /// It was refused for good.
    void refused(const std::string& text);
    void pump();
    void schemaChanged();
    void membersChanged();
    /// The line ends; the conversation stays.
    void hangUp();

    [[nodiscard]] DrState state() const;
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] bool isUp() const { return line_ != nullptr; }
    [[nodiscard]] bool isStreaming() const { return phase_ == Phase::Streaming; }
    [[nodiscard]] bool isSendingSnapshot() const { return phase_ == Phase::Snapshot; }
    [[nodiscard]] const std::map<int, Cursor>& cursors() const { return cursors_; }
    [[nodiscard]] const std::optional<std::uint64_t>& snapshotRows() const { return rows_; }
    [[nodiscard]] std::uint64_t snapshotRowsAcked() const { return rowsAcked_; }
    [[nodiscard]] bool isDrained() const;
    /// The oldest entry that it may need.
    [[nodiscard]] Lsn neededFrom(Lsn otherwise) const;
    /// What it has acknowledged goes into the book.
    void note();

private:
    enum class Phase { Down, Held, Welcomed, Snapshot, Streaming };

    DrConversation& talk() { return hub_.book().conversations.at(cluster_); }
    void adopt(std::unique_ptr<DrLine> line, Phase phase);
    void take(DrMessage&& message);
    void beginSnapshot();
    void pumpSnapshot();
    void takeSnapshotAck(const DrSnapshotAck& ack);
    void takeAck(const DrAck& ack);
    void pumpPartition(int partition, StreamQueue& queue, Cursor& cursor);
    /// One buffer; false when there is nothing to send now.
    bool sendBuffer(int partition, StreamQueue& queue, Cursor& cursor);
    void readAgain(int partition, Lsn lsn, Cursor& cursor);
    void lost(const std::string& why);

    DrHub& hub_;
    Queues& queues_;
    int cluster_;
    std::function<void()> acknowledged_;
    std::unique_ptr<DrLine> line_;
    Phase phase_ = Phase::Down;
    std::map<int, Cursor> cursors_;
    std::unique_ptr<DrPicture> picture_;
    std::uint64_t parts_ = 0;
    std::uint64_t partsAcked_ = 0;
    std::optional<std::uint64_t> rows_;
    std::uint64_t rowsSent_ = 0;
    std::uint64_t rowsAcked_ = 0;
    bool isPictureSent_ = false;
    std::string failure_;
    bool isStopped_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::voltdb
