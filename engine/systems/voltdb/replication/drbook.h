// The conversations of a cluster as they outlive it: with whom, how far each has acknowledged, what is whole.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/log/lsn.h"
#include "engine/seams/fileops.h"
#include "engine/systems/voltdb/replication/drmessages.h"

namespace tributary::engine::voltdb {

/// With one other cluster.
struct DrConversation {
    DrMember remote;
    bool hasBegun = false;                 ///< its sync snapshot was begun
    bool isSynced = false;                 ///< and is whole there: it has the logs from `acked` on
    bool hasFollowed = false;              ///< its logs were followed here: what is tracked of them must be there
    std::map<int, std::uint64_t> acked{};  ///< by partition here: the sequence that it may need next
    Lsn heldFrom = 0;                      ///< the oldest entry of the log that it may need
    /// By partition here: what was durable at the first start since it was heard last, which is the most that it can
    /// have; empty = it was heard since.
    std::map<int, std::uint64_t> until{};
    friend bool operator==(const DrConversation&, const DrConversation&) = default;
};

/// What a cluster knows of its group. A file of JSON with a digest over itself, replaced atomically.
struct DrBook {
    std::int64_t creationMs = 0;  ///< of this database
    DrRole role = DrRole::None;   ///< as it is now: a promoted replica is a master
    bool hasJoined = false;       ///< of a group
    bool isSyncing = false;       ///< a sync snapshot was begun here: what it loaded is of no use until it is whole
    std::map<int, DrConversation> conversations{};
    friend bool operator==(const DrBook&, const DrBook&) = default;
};

[[nodiscard]] std::string bookText(const DrBook& book);
/// Errors: Corrupt.
[[nodiscard]] Result<DrBook> parseBook(std::string_view text);
/// Errors: Io, Corrupt, NotFound when there is none.
[[nodiscard]] Result<DrBook> loadBook(FileOps& files, const std::string& path);
/// Errors: Io, DiskFull.
[[nodiscard]] Status saveBook(FileOps& files, const std::string& path, const DrBook& book);

}  // namespace tributary::engine::voltdb
