// A cluster in its group: its role, all its conversations, its commands and its figures.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/systems/voltdb/replication/drconsumer.h"
#include "engine/systems/voltdb/replication/drproducer.h"
#include "engine/systems/voltdb/statistics/columns.h"

namespace tributary::engine::voltdb {

/// One value of @Statistics; nothing = unknown.
using DrFigure = std::variant<std::monostate, std::int64_t, std::string>;
struct DrFigures {
    StatisticTable table;
    std::vector<std::vector<DrFigure>> rows;
};

/// Executor's thread only. The store outlives it, and tells it what was logged.
class DrCluster final : public DrHub {
public:
    static constexpr Millis kKeepMs = 2'000;  ///< how often acknowledgements are made durable
    using Done = std::function<void(Result<std::string>)>;

    explicit DrCluster(DrStore& store);
    ~DrCluster() override;
    DrCluster(const DrCluster&) = delete;
    DrCluster& operator=(const DrCluster&) = delete;

    /// Reads or begins the book. Before anything else. Errors: Io, Corrupt; InvalidInput for an id out of range, a
    /// replica without a source, and for another role than the database has.
    Status open();
    /// Opens the door and dials. The log from neededFrom() on has been told, or will be. Errors: those of listening.
    Status start();

    // from the log and the schema
    void logged(DrLogged logged) { producer_.logged(std::move(logged)); }
    void loggedUpTo(Lsn lsn) { producer_.loggedUpTo(lsn); }
    [[nodiscard]] Lsn neededFrom() const;
    void schemaChanged();
    /// Flushes what is held back: @Quiesce, pause.
    void flush() { producer_.flush(); }
    /// Lines are ended politely, the book is saved. Errors: those of saving.
    Status stopCleanly();

    // commands; texts are those of voltadmin
    void promote(bool isPaused, Done done);
    /// `@ResetDR(cluster, force, all)`: nothing is held for them any more.
    void reset(std::optional<int> cluster, bool isForced, bool isAll, const Done& done);
    /// This cluster leaves its group for good.
    void drop(const Done& done);
    /// Takes up the connection sources anew: they were changed.
    void sourcesChanged();

    // figures
    [[nodiscard]] DrRole role() const { return book_.role; }
    [[nodiscard]] const DrBook& seenBook() const { return book_; }
    /// Of @Statistics; `isInterval`: since it was asked so last, where that matters. Errors: those of statisticTables.
    [[nodiscard]] Result<std::vector<DrFigures>> statistics(std::string_view selector, bool isInterval);
    /// By remote cluster, the worst of both halves; -1 when there is none yet.
    [[nodiscard]] std::map<int, DrState> states() const;
    /// Why replication is not at work, by cluster (-1: as a whole); empty = nothing is known against it.
    [[nodiscard]] std::map<int, std::string> failures() const;
    /// All that was produced is acknowledged by everybody.
    [[nodiscard]] bool isProducerDrained() const;
    [[nodiscard]] bool isConsumerDrained() const;
    [[nodiscard]] std::optional<Endpoint> door() const { return producer_.door(); }
    [[nodiscard]] const DrProducer& producer() const { return producer_; }
    [[nodiscard]] const std::map<int, std::unique_ptr<DrConsumer>>& consumers() const { return consumers_; }
    [[nodiscard]] const std::unique_ptr<DrConsumer>& seed() const { return seed_; }

private:
    struct ConflictFigure {
        ConflictCounts counts;
        ConflictCounts told;  ///< when the interval was asked for last
        std::int64_t lastUs = 0;
    };
    struct Sample {
        Micros atUs = 0;
        std::uint64_t bytes = 0;
    };

    // DrHub
    DrStore& store() override { return store_; }
    DrBook& book() override { return book_; }
    Status save() override;
    [[nodiscard]] DrMember self() const override;
    [[nodiscard]] std::vector<DrMember> others() const override;
    [[nodiscard]] std::optional<int> joining() const override { return joining_; }
    void setJoining(std::optional<int> cluster) override { joining_ = cluster; }
    void follow(const DrMember& member) override;
    void joined(const DrMember& source, const std::vector<DrMember>& others) override;
    void holdAtOthers(const DrMember& source, const std::vector<DrMember>& others,
                      std::function<void()> ready) override;
    void conflicts(const std::vector<DrConflictNote>& notes) override;
    void left(int cluster) override;

    void keep();
    Status noteStart();
    void seek();
    void drop(std::unique_ptr<DrConsumer> consumer);
    void dropConsumers();
    /// Nothing of that cluster is kept, or known, any more.
    void forget(int cluster);
    void forgotten(const std::vector<int>& clusters, const Done& done);
    [[nodiscard]] Endpoint endpointOf(const std::string& address) const;
    [[nodiscard]] std::optional<std::string> whyNoReset(std::optional<int> cluster, bool isForced, bool isAll) const;
    void appendConflictLines(const std::string& lines);
    // drfigures.cpp
    using Rows = std::vector<std::vector<DrFigure>>;
    [[nodiscard]] Rows roleRows() const;
    [[nodiscard]] Rows producerPartitionRows() const;
    [[nodiscard]] Rows producerNodeRows() const;
    [[nodiscard]] Rows producerClusterRows() const;
    [[nodiscard]] std::map<int, const DrConsumer*> shownConsumers() const;
    [[nodiscard]] Rows consumerNodeRows() const;
    [[nodiscard]] Rows consumerPartitionRows() const;
    [[nodiscard]] Rows consumerClusterRows() const;
    [[nodiscard]] Rows conflictRows(bool isInterval);
    [[nodiscard]] std::vector<DrFigure> hostCells() const;
    [[nodiscard]] DrFigure rate(int cluster, Micros overUs) const;

    DrStore& store_;
    DrBook book_;
    std::string saved_;   ///< the book's text as it lies on the disk
    std::string broken_;  ///< why nothing is replicated until a person helps; empty = it is
    std::optional<int> joining_;
    DrProducer producer_;
    std::map<int, std::unique_ptr<DrConsumer>> consumers_;
    std::unique_ptr<DrConsumer> seed_;  ///< looks for somebody to join
    std::map<std::tuple<int, int, std::string>, ConflictFigure> conflicts_;
    std::map<int, std::deque<Sample>> samples_;
    TimerId keepTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::voltdb
