// Bytes of the commit log: segment header, groups, entries, footer (grammar: README.md "Format 2").
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/log/commitlog.h"

namespace tributary::engine::logformat {

constexpr std::uint32_t kFormat = 2;  ///< raise only with a migration and a golden file; 1 is read, too
constexpr std::size_t kSegmentHeaderBytes = 64;
constexpr std::size_t kGroupHeaderBytes = 48;
constexpr std::size_t kEntryHeadBytes = 32;
constexpr std::size_t kTrailerBytes = 16;
constexpr std::uint64_t kGroupBytesMax = 1ULL << 30U;      ///< no group on disk is longer
constexpr std::uint64_t kPayloadBytesMax = 256ULL << 20U;  ///< no payload is longer

/// First bytes of a segment file, synced before the file gets its name: a bad one is always corruption.
struct SegmentHeader {
    std::uint64_t id = 0;          ///< random; seeds every checksum of the segment
    Lsn firstLsn = 0;              ///< also the file's name
    std::uint64_t previousId = 0;  ///< id of the segment before it; 0 for the first of a log
};

enum class GroupKind : std::uint32_t {
    Entries = 0,  ///< what appends wrote
    Claim = 1,    ///< no entries: repeats how far the log is synced
    CleanEnd = 2  ///< no entries: a clean shutdown, everything before it is synced
};

/// First bytes of a group.
struct GroupHeader {
    std::uint32_t bytes = 0;  ///< whole group, this header included
    std::uint32_t entries = 0;
    Lsn firstLsn = 0;                 ///< of its first entry; of the next entry to come when it has none
    Lsn claimedSegment = 0;           ///< first lsn of the segment claimedOffset lies in
    std::uint64_t claimedOffset = 0;  ///< everything below was synced before this group was written
    GroupKind kind = GroupKind::Entries;
};

/// One entry inside a group; the payload follows.
struct EntryHead {
    EntryEnvelope envelope;
    std::uint32_t payloadBytes = 0;
};

struct IndexPoint {
    Lsn lsn = 0;
    std::uint64_t offset = 0;  ///< of the group that starts with lsn
    friend bool operator==(const IndexPoint&, const IndexPoint&) = default;
};

/// What a segment holds of one dataset.
struct DatasetTotals {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  ///< of payloads
    std::uint64_t operations = 0;
    Millis oldestMs = 0;
    Millis newestMs = 0;
    friend bool operator==(const DatasetTotals&, const DatasetTotals&) = default;
};
using TotalsByDataset = std::map<std::uint32_t, DatasetTotals>;

/// What a closed segment ends with, so that it need not be scanned.
struct Footer {
    Lsn lastLsn = 0;
    std::uint64_t endOffset = 0;  ///< where the groups end and the footer begins
    std::vector<IndexPoint> index;
    TotalsByDataset totals;
};

void addToTotals(TotalsByDataset& totals, const EntryEnvelope& envelope, std::uint64_t payloadBytes);

[[nodiscard]] std::string segmentName(Lsn firstLsn, const SegmentNames& names);  ///< "%016x.log", "%020u.suffix"
/// nullopt: not a segment's name.
[[nodiscard]] std::optional<Lsn> firstLsnOfName(std::string_view name, const SegmentNames& names);
[[nodiscard]] std::uint32_t segmentSeed(std::uint64_t segmentId);

[[nodiscard]] Bytes encodeSegmentHeader(const SegmentHeader& header);
/// Errors (without place): Corrupt, Unsupported when written by a newer version.
[[nodiscard]] Result<SegmentHeader> decodeSegmentHeader(BytesView raw);

/// Appends an entry's head with the checksum over envelope and payload.
void appendEntryHead(Bytes& out, std::uint32_t seed, const EntryEnvelope& envelope, BytesView payload);
/// nullopt when `raw` is too short or the kind is unknown. The checksum is checkEntry()'s job.
[[nodiscard]] std::optional<EntryHead> decodeEntryHead(BytesView raw);
/// True when head and payload carry their checksum.
[[nodiscard]] bool checkEntry(std::uint32_t seed, BytesView head, BytesView payload);

/// Checksum of a group's entry heads, in order: pass the former result to continue.
[[nodiscard]] std::uint32_t headsChecksum(BytesView head, std::uint32_t soFar);
/// The 48 bytes; `headsCrc` is headsChecksum() over all heads, started with the segment's seed.
[[nodiscard]] Bytes encodeGroupHeader(std::uint32_t seed, const GroupHeader& header, std::uint32_t headsCrc);
struct DecodedGroup {
    GroupHeader header;
    std::uint32_t headsCrc = 0;
};
/// nullopt unless magic, own checksum and sizes are right.
[[nodiscard]] std::optional<DecodedGroup> decodeGroupHeader(std::uint32_t seed, BytesView raw);
/// The bytes a group starts with, to search for one.
[[nodiscard]] BytesView groupMagic();

/// Footer and trailer, to be written at footer.endOffset.
[[nodiscard]] Bytes encodeFooter(std::uint32_t seed, const Footer& footer);
/// Size of the footer (without trailer) that a file's last kTrailerBytes announce; nullopt when there is none.
[[nodiscard]] std::optional<std::uint32_t> footerBytesOfTrailer(std::uint32_t seed, BytesView raw);
[[nodiscard]] std::optional<Footer> decodeFooter(std::uint32_t seed, BytesView raw);

}  // namespace tributary::engine::logformat
