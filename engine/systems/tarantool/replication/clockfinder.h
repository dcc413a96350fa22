// Finds the place in the log from which a replica must be sent, by its vector clock.
#pragma once

#include <functional>
#include <vector>

#include "engine/systems/tarantool/replication/clockmarks.h"
#include "engine/systems/tarantool/replication/logfeed.h"
#include "engine/systems/tarantool/replication/masterhost.h"

namespace tributary::engine::tarantool {

/// Marks are made as entries are published. What was logged before the start is read once, when somebody asks for it
/// who is that far behind. Executor's thread only.
class ClockFinder final : private LogFeed::Reader {
public:
    using Found = std::function<void(Result<Lsn>)>;

    explicit ClockFinder(MasterHost& host) : host_(host) {}

    /// `found` is called once, now or later: with an entry before which there is nothing that `has` lacks. Errors:
    /// NotFound, with Tarantool's words, when something it lacks is not stored any more.
    void find(const Vclock& has, Found found);
    /// The same as far as it is known; nothing = who has only that may need all that is stored.
    [[nodiscard]] std::optional<Lsn> known(const Vclock& has) const;
    /// Entries were published, or the instance has become ready.
    void published();

private:
    struct Waiting {
        Vclock has;
        Found found;
    };
    [[nodiscard]] bool hasRoom() const override { return true; }
    Status takeEntries(const std::vector<LogEntry>& entries) override;
    void feedIsEmpty() override { scanned(true); }
    void feedFailed(const Error& error) override;
    void scanned(bool isWhole);
    /// Where the log ends now. Errors: those of the state.
    Result<ClockMark> head();
    [[nodiscard]] Error gap(const Vclock& has) const;

    MasterHost& host_;
    ClockMarks marks_;
    Lsn lastMark_ = 0;
    std::optional<ClockScan> scan_;
    std::unique_ptr<LogFeed> feed_;
    std::vector<Waiting> waiting_;
};

}  // namespace tributary::engine::tarantool
