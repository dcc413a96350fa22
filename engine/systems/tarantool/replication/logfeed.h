// Entries of the log in their order, from a place on, to somebody who does not always have room.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "engine/log/commitlog.h"

namespace tributary::engine::tarantool {

/// Executor's thread only. Destroying it ends it.
class LogFeed {
public:
    static constexpr std::size_t kReadBytes = 256U << 10U;

    class Reader {
    public:
        virtual ~Reader() = default;
        /// False: no more now. Whoever has room again calls pump().
        [[nodiscard]] virtual bool hasRoom() const = 0;
        /// Of one read. Errors end the feed.
        virtual Status takeEntries(const std::vector<LogEntry>& entries) = 0;
        /// There is nothing more now, up to the end that was set or to the last published entry.
        virtual void feedIsEmpty() = 0;
        /// Over: an entry cannot be read, or could not be taken.
        virtual void feedFailed(const Error& error) = 0;
    };

    /// Gives entries of `datasetId`, and it may be others too. `log` and `reader` outlive it.
    LogFeed(CommitLog& log, std::uint32_t datasetId, Reader& reader, Lsn from)
        : log_(log), datasetId_(datasetId), reader_(reader), next_(from) {}
    ~LogFeed() { *alive_ = false; }
    LogFeed(const LogFeed&) = delete;
    LogFeed& operator=(const LogFeed&) = delete;

    /// Nothing behind `last` is given. Before the first pump().
    void setEnd(Lsn last) { last_ = last; }
    /// Gives what there is, as long as there is room.
    void pump();
    void stop() { isStopped_ = true; }
    /// The first entry that has not been given.
    [[nodiscard]] Lsn next() const { return next_; }

private:
    void readStored();
    /// False when the feed is over.
    bool give(std::vector<LogEntry> entries, Lsn next);
    void fail(const Error& error);

    CommitLog& log_;
    std::uint32_t datasetId_;
    Reader& reader_;
    Lsn next_;
    Lsn last_ = std::numeric_limits<Lsn>::max();
    bool isReading_ = false;
    bool isStopped_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
