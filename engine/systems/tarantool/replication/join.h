// What a replica without data is given: a picture of the state, then what was logged since, its registration with it.
#pragma once

#include <string>

#include "engine/systems/tarantool/door/doorreplicas.h"
#include "engine/systems/tarantool/iproto/replication.h"
#include "engine/systems/tarantool/replication/logfeed.h"
#include "engine/systems/tarantool/replication/masterhost.h"
#include "engine/systems/tarantool/replication/snapshotrows.h"

namespace tributary::engine::tarantool {

/// Runs one JOIN, FETCH SNAPSHOT or REGISTER to its end, as fast as the network takes it: what waits for it is bounded,
/// and a replica that takes nothing is given up. Writers go on meanwhile. Executor's thread only.
class Join final : private LogFeed::Reader {
public:
    static constexpr std::size_t kQueuedBytesMax = 1U << 20U;
    static constexpr std::size_t kBytesAtOnce = 128U << 10U;
    static constexpr Micros kStalledUs = 30'000'000;  ///< nothing was taken for so long

    enum class Kind { Join, FetchSnapshot, Register };
    struct Order {
        Kind kind = Kind::Join;
        std::uint64_t sync = 0;
        Uuid replica;
        std::string name;  ///< empty = none is told
        Vclock clock;      ///< of Register: what it has
    };
    class Owner {
    public:
        virtual ~Owner() = default;
        /// Gives the replica an id, unless it has one; `done` is called once, now or later.
        virtual void enrol(const Order& order, std::function<void(std::optional<BoxFailure>)> done) = 0;
        /// The last answer was sent; `upTo` is the last entry in it. The join may be destroyed by it.
        virtual void joined(std::uint64_t session, Lsn upTo) = 0;
        /// Likewise.
        virtual void joinRefused(std::uint64_t session, const BoxFailure& failure) = 0;
    };

    Join(MasterHost& host, Owner& owner, DoorLines& lines, std::uint64_t session, Order order);
    ~Join() override { *alive_ = false; }
    Join(const Join&) = delete;
    Join& operator=(const Join&) = delete;

    /// A picture of now, and on.
    void start();
    /// Of Register: all behind `from` that it lacks.
    void startAt(Lsn from);
    void pump();
    [[nodiscard]] bool isStalled(Micros nowUs) const;
    [[nodiscard]] const Order& order() const { return order_; }
    /// The log is needed from here on.
    [[nodiscard]] Lsn neededFrom() const { return from_; }

private:
    [[nodiscard]] bool hasRoom() const override;
    Status takeEntries(const std::vector<LogEntry>& entries) override;
    void feedIsEmpty() override;
    void feedFailed(const Error& error) override;
    void pumpPicture();
    void pictureDone();
    void enrolled();
    void send(Bytes bytes);
    /// What is no refusal of Tarantool's.
    void fail(const Error& error);

    MasterHost& host_;
    Owner& owner_;
    DoorLines& lines_;
    std::uint64_t session_;
    Order order_;
    std::unique_ptr<SnapshotRows> picture_;
    std::unique_ptr<LogFeed> feed_;
    Vclock clock_;  ///< of the last answer
    Lsn from_ = 0;
    Lsn upTo_ = 0;
    Micros movedUs_;
    bool isPosted_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
