// The consumer's half of a conversation: dials, joins or follows, applies whole transactions, acknowledges what is
// durable.
//
// Decision: of each of the producer's partitions one write is under way at a time, of all whole transactions that came
// meanwhile: a slow disk makes larger writes, not longer queues. Partitions go on independently; a transaction of
// several waits at the head of each of them until all its pieces are there.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/systems/voltdb/replication/drhub.h"
#include "engine/systems/voltdb/replication/drline.h"
#include "engine/systems/voltdb/statistics/columns.h"

namespace tributary::engine::voltdb {

/// Executor's thread only.
class DrConsumer {
public:
    static constexpr Millis kRetryMs = 1'000;
    static constexpr std::size_t kWriteBytes = std::size_t{1} << 20U;  ///< of one write

    /// As DRCONSUMER calls them.
    enum class State { Uninitialized, Initialize, Sync, Receive, Disable };

    struct Received {
        std::int64_t timestampUs = 0;
        std::uint64_t uniqueId = 0;
        std::uint64_t sequence = 0;
        std::vector<int> participants{};
        Bytes frame;
    };
    /// Of one of the producer's partitions.
    struct Stream {
        std::deque<Received> queue{};
        std::uint64_t queuedBytes = 0;
        std::uint64_t nextArrival = 0;
        std::uint64_t nextApply = 0;
        bool isWriting = false;
        bool isPaused = false;   ///< it is at a table that is not the same here
        bool isAlone = false;    ///< one transaction a write, until the one is found that cannot be written
        bool isStopped = false;  ///< a row was not as it has to be
        bool hasAskedAgain = false;
        bool isShort = false;         ///< what found no room is still to be asked for
        std::int64_t receivedUs = 0;  ///< of the last transaction that came, as its commit was stamped
        std::int64_t appliedUs = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t ignored = 0;
    };

    /// `member`: whom to follow; without, one of `sources` is to be joined. `owner` outlives it.
    DrConsumer(DrHub& hub, std::vector<Endpoint> sources, std::optional<DrMember> member, DrWant want, int via);
    ~DrConsumer();
    DrConsumer(const DrConsumer&) = delete;
    DrConsumer& operator=(const DrConsumer&) = delete;

    void start();
    /// Of Hold: once the other one holds its logs.
    void whenHeld(std::function<void()> held);
    /// The join elsewhere is whole: the logs are asked for.
    void followNow();
    /// Says that this cluster leaves the group for good; `answered` once it is forgotten there, or the line is lost.
    void leave(std::function<void(bool)> answered);
    void schemaChanged();
    /// For good.
    void stop(const std::string& why);

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] DrState roleState() const;
    [[nodiscard]] const std::string& failure() const { return failure_; }
    /// Once it has answered.
    [[nodiscard]] const std::optional<DrMember>& member() const { return member_; }
    [[nodiscard]] const std::map<int, Stream>& streams() const { return streams_; }
    [[nodiscard]] bool isUp() const { return line_ != nullptr && isWelcome_; }
    [[nodiscard]] std::uint64_t bytesReceived() const { return bytes_; }
    [[nodiscard]] const std::string& coveringHost() const { return coveringHost_; }
    [[nodiscard]] bool isDrained() const;

private:
    void dial();
    void hail();
    void lost(const std::string& why);
    void retryLater();
    void take(DrMessage&& message);
    void welcomed(DrWelcome&& welcome);
    /// A joiner goes on when the schema fits and all others hold their logs.
    void considerReady();
    void setRemoteTables(const std::vector<DrTable>& tables);
    // drconsumersync.cpp
    void beginSync(DrSnapshotBegin&& begin);
    void takePart(DrSnapshotPart&& part);
    void endSync(const DrSnapshotEnd& end);
    void partLoaded(std::uint64_t rows);
    void syncWhole();
    void syncFailed(const std::string& why);
    /// Trackers of the remote cluster begin where its streams do.
    void beginTrackers(const std::map<int, std::uint64_t>& next, std::function<void()> done);
    // drconsumerapply.cpp
    void takeBuffer(DrBuffer&& buffer);
    bool takeSent(int partition, Stream& stream, DrSent&& sent);
    void askAgain(int partition, Stream& stream);
    void pump();
    bool pumpStream(int partition, Stream& stream);
    bool pumpShared(int partition, Stream& stream);
    void write(DrApplyBody body, std::map<int, std::uint64_t> ends, std::int64_t timestampUs);
    void written(const std::map<int, std::uint64_t>& ends, std::int64_t timestampUs, std::size_t transactions,
                 const Result<DrDecided>& decided);
    void refusedWrite(const std::map<int, std::uint64_t>& ends, std::size_t transactions, const Error& error);
    void acknowledge(int partition, Stream& stream);

    DrHub& hub_;  ///< not touched when it dies: it may be gone before
    Seams& seams_;
    std::vector<Endpoint> sources_;
    std::size_t nextSource_ = 0;
    std::optional<DrMember> member_;
    DrWant want_;
    int via_;
    std::unique_ptr<DrLine> line_;
    std::uint64_t life_ = 0;  ///< of lines
    State state_ = State::Uninitialized;
    std::string failure_;
    std::string coveringHost_;
    bool isWelcome_ = false;
    bool isReadySaid_ = false;
    bool areOthersAsked_ = false;
    bool othersHold_ = false;
    std::vector<DrMember> others_;
    std::vector<DrTable> remoteTables_;
    std::set<std::uint64_t> unlike_;  ///< signatures of tables that look the same here and are not
    std::map<int, Stream> streams_;
    std::uint64_t bytes_ = 0;
    DrSnapshotBegin begin_;
    std::uint64_t partsReceived_ = 0;
    std::uint64_t partsLoaded_ = 0;
    std::uint64_t rowsLoaded_ = 0;
    std::optional<std::uint64_t> partsAll_;
    std::function<void()> held_;
    std::function<void(bool)> left_;
    TimerId retry_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

[[nodiscard]] std::string_view consumerStateName(DrConsumer::State state);

}  // namespace tributary::engine::voltdb
