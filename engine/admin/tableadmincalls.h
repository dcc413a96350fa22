// Requests to clusters by name or path: what every administrative command, copy and comparison is made of.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/node/controlclient.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::engine::maprdb {

using NowMs = std::function<Millis()>;  ///< UTC milliseconds; the caller's clock

constexpr Millis kCallTimeoutMs = 30'000;       ///< one catalog request
constexpr Millis kDataCallTimeoutMs = 600'000;  ///< one request that reads or writes many rows

/// A table as its cluster describes it.
struct TableDescription {
    TableRecord record;
    std::string unavailable;  ///< why its file cannot be opened: then the four figures are not known, and 0
    std::uint64_t rows = 0;   ///< at most: one that is rewritten in memory counts twice, a deleted one until its purge
    std::uint64_t diskBytes = 0;
    std::uint64_t memoryBytes = 0;
    std::uint64_t memoryRows = 0;
    std::string volume;
};

/// The record in the answer of Describe, of a table or a stream. Corrupt when it is none.
[[nodiscard]] Result<TableRecord> describedRecord(const Json& answer);

/// Calls clusters through a directory, within one optional time budget. Blocks; one thread at a time.
class ClusterCalls {
public:
    /// `timeoutMs` bounds all calls together, from now on; 0 = each call has its own limit only.
    ClusterCalls(ClusterDirectory& directory, NowMs nowMs, Millis timeoutMs = 0);

    [[nodiscard]] ClusterDirectory& directory() const { return directory_; }
    /// The cluster where the operation runs: what it does at others passes the network between. Empty (at first): an
    /// onlooker, who reaches every cluster directly.
    void standAt(const std::string& cluster) { home_ = cluster; }
    [[nodiscard]] const std::string& home() const { return home_; }
    /// How to wait between two looks at the same thing; without it there is no wait.
    void setPause(std::function<void(Millis)> pause) { pause_ = std::move(pause); }
    void pause(Millis forMs) const {
        if (pause_) pause_(forMs);
    }
    /// The same directory, clock and place without a limit of time, for what is owed when the time is over.
    [[nodiscard]] ClusterCalls unbounded() const;
    [[nodiscard]] Millis nowMs() const { return nowMs_(); }
    /// What is left of the budget, at most `wantedMs`. Timeout when nothing is.
    [[nodiscard]] Result<Millis> budget(Millis wantedMs) const;

    /// NotFound for an unknown cluster, Unavailable when it is not up; both with a fix.
    Result<std::shared_ptr<ControlClient>> client(const std::string& cluster);
    /// A request to a cluster, or to the one that a full path names. Errors: what the cluster answered, Unavailable,
    /// Timeout, Corrupt (no JSON).
    Result<Json> call(const std::string& cluster, Method method, const Json& body, Millis timeoutMs = kCallTimeoutMs);
    Result<Json> callAt(const std::string& path, Method method, const Json& body, Millis timeoutMs = kCallTimeoutMs);

    /// The table at a full path; nullopt when its cluster answered that there is none. Any other trouble, an unknown or
    /// unreachable cluster included, is an Error: "absent" is never said of what could not be asked.
    Result<std::optional<TableDescription>> find(const std::string& path);
    /// As find(), of a table or a stream. A stream's record has the kind "stream", no families, and its attributes and
    /// permissions where a table has its own; its rows are messages.
    Result<std::optional<TableDescription>> findDataset(const std::string& path);
    /// As find(), and NotFound with `where` (an option) and a fix when there is none.
    Result<TableDescription> describe(const std::string& path, std::string_view where);

    /// The full form of a path: `/mapr/<cluster>/...` stays, any other absolute path lies in `cluster`, or in the
    /// directory's default cluster when that is empty. InvalidInput, with the repaired path as the fix.
    [[nodiscard]] Result<std::string> fullPath(const std::string& path, const std::string& cluster,
                                               std::string_view where) const;
    /// `cluster`, or the default one. InvalidInput when there is neither.
    [[nodiscard]] Result<std::string> sessionCluster(const std::string& cluster) const;

private:
    ClusterDirectory& directory_;
    NowMs nowMs_;
    Millis deadlineMs_ = 0;  // 0 = none
    std::string home_;
    std::function<void(Millis)> pause_;
};

/// The error with `fix`, unless it brings one; and with `where`, unless it has one.
[[nodiscard]] Error withFix(Error error, std::string fix);
[[nodiscard]] Error withWhere(Error error, std::string_view where);
/// A value as a shell reads it back, for commands in fixes.
[[nodiscard]] std::string shellWord(std::string_view value);

/// Members of an answer, tolerant of absence: an older cluster may not send them all.
[[nodiscard]] std::string textOf(const Json& json, const char* name);
[[nodiscard]] std::int64_t numberOf(const Json& json, const char* name, std::int64_t otherwise = 0);
[[nodiscard]] bool flagOf(const Json& json, const char* name, bool otherwise = false);

}  // namespace tributary::engine::maprdb
