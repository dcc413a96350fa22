// The lives of a volume that are over: told to whoever holds all of them, so that positions need not name each.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/dataset/datasetkind.h"
#include "engine/log/lsn.h"
#include "engine/replication/lifeend.h"

namespace tributary::engine {

class Node;
struct DatasetRuntime;

/// Every start opens a life (volumeidentity.h), and each in which a dataset was written is a lane of its positions,
/// here and at every peer. Once all links of the dataset are past a life, its end goes into the log (LifeEnd) and along
/// the links behind all that it wrote. Who holds all of it, by its own count, drops the lane; who does not keeps it: a
/// peer that joined late, or was put back, is told nothing that it could believe.
///
/// A part of its node; executor's thread only.
class PastLives {
public:
    explicit PastLives(Node& node) : node_(node) {}

    /// The life `before` is over (0 = there was none), and `now` has begun. `apart`: this volume may not be the one
    /// that was used last, so that lives may lie between that it does not know.
    void begun(std::uint64_t before, std::uint64_t now, bool apart);
    /// Tells what can be told, some at a time. `startLsn`: of this life's beginning in the log; 0 = not there yet.
    void tell(Lsn startLsn);

    /// For the snapshot: two members of its object.
    void write(Json& snapshot) const;
    /// Throws what the JSON library throws. Absent members: a volume of before.
    void read(const Json& snapshot);

private:
    [[nodiscard]] bool tellOf(std::uint32_t datasetId, std::uint64_t life, Lsn startLsn);
    [[nodiscard]] std::uint64_t firstOf(const DatasetRuntime& dataset, const Uuid& origin, std::uint64_t life) const;
    void log(std::uint32_t datasetId, const LifeEnd& end);

    Node& node_;
    std::vector<std::uint64_t> past_;   ///< lives of this volume that are not told everywhere, ascending
    std::vector<std::uint64_t> apart_;  ///< lives that began apart from the one before, ascending
    int underWay_ = 0;                  ///< entries that are not durable yet
};

}  // namespace tributary::engine
