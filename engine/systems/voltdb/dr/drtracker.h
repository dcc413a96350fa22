// What a consumer has of one producer partition: which DR ids arrived, and where it is safe to go on from. This is what
// makes sending a buffer again harmless.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/seams/faultpoints.h"
#include "engine/systems/voltdb/dr/drid.h"

namespace tributary::engine::voltdb {

/// What becomes of ids that arrive.
enum class DrArrival {
    Success,    ///< the next ones
    Duplicate,  ///< all are here already: dropped and counted
    Gap,        ///< ids before them are missing: the stream waits
    Ambiguous   ///< no tracker: a partition that is new here
};
[[nodiscard]] std::string_view drArrivalName(DrArrival arrival);  ///< "SUCCESS", ...

/// Sequences [first, last] of one partition.
struct DrRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend bool operator==(const DrRange&, const DrRange&) = default;
};

/// One (producer cluster, producer partition). Ranges are disjoint, ordered, never adjacent. Not thread-safe.
class DrTracker {
public:
    /// Nothing arrived: the next sequence is 0. `faults` is borrowed for as long as the tracker lives.
    explicit DrTracker(FaultPoints& faults) : faults_(&faults) {}
    /// The next sequence is the one behind `last`.
    DrTracker(FaultPoints& faults, std::uint64_t last) : faults_(&faults), ranges_{{0, last}} {}

    /// Takes the ids when they are the next, or partly known and contiguous with what is known; says what they were.
    /// `spUniqueId` and `mpUniqueId` of what they carry, 0 for none, are kept when the ids are taken and greater.
    DrArrival arrive(DrRange ids, std::uint64_t spUniqueId, std::uint64_t mpUniqueId);
    /// What arrive() would say.
    [[nodiscard]] DrArrival lookAt(DrRange ids) const;
    /// Adds a range wherever it lies: trackers that are merged when partitions move.
    void merge(DrRange ids);

    /// End of the first contiguous range from 0; nothing before sequence 0 arrived. Safe to acknowledge.
    [[nodiscard]] std::optional<std::uint64_t> safePoint() const;
    /// The greatest sequence that arrived.
    [[nodiscard]] std::optional<std::uint64_t> last() const;
    /// How many ids are missing before the last one.
    [[nodiscard]] std::uint64_t missing() const;
    [[nodiscard]] const std::vector<DrRange>& ranges() const { return ranges_; }
    [[nodiscard]] std::uint64_t lastSpUniqueId() const { return spUniqueId_; }
    [[nodiscard]] std::uint64_t lastMpUniqueId() const { return mpUniqueId_; }

    /// As a snapshot keeps it.
    void encode(Bytes& out) const;
    /// Errors: Corrupt.
    static Result<DrTracker> decode(ByteReader& in, FaultPoints& faults);

    friend bool operator==(const DrTracker& left, const DrTracker& right) {
        return left.ranges_ == right.ranges_ && left.spUniqueId_ == right.spUniqueId_ &&
               left.mpUniqueId_ == right.mpUniqueId_;
    }

private:
    FaultPoints* faults_;
    std::vector<DrRange> ranges_;
    std::uint64_t spUniqueId_ = 0;
    std::uint64_t mpUniqueId_ = 0;
};

/// The trackers of a consumer's site: of every producer cluster it hears, every partition of it, the multi-partition
/// stream (kMpPartition) among them.
class DrTrackers {
public:
    explicit DrTrackers(FaultPoints& faults) : faults_(faults) {}

    /// Begins to track a partition; one that is tracked stays.
    void begin(int cluster, int partition);
    DrArrival arrive(int cluster, int partition, DrRange ids, std::uint64_t spUniqueId, std::uint64_t mpUniqueId);
    /// The first id that is not safe yet, to ask the producer for; an empty id when nothing arrived or is tracked.
    [[nodiscard]] DrId acknowledged(int cluster, int partition) const;
    /// The sequence behind what is safe, of every partition of a cluster that is tracked.
    [[nodiscard]] std::map<int, std::uint64_t> nextOf(int cluster) const;
    /// Forgets a cluster: `dr reset`, promotion.
    void forget(int cluster);
    void clear() { trackers_.clear(); }
    /// Borrowed, or nullptr.
    [[nodiscard]] const DrTracker* find(int cluster, int partition) const;
    [[nodiscard]] std::size_t size() const { return trackers_.size(); }

    [[nodiscard]] Bytes encode() const;
    /// Takes what encode() gave in place of what is there. Errors: Corrupt; then nothing changed.
    [[nodiscard]] Status decode(BytesView bytes);

private:
    FaultPoints& faults_;
    std::map<std::pair<int, int>, DrTracker> trackers_;
};

}  // namespace tributary::engine::voltdb
