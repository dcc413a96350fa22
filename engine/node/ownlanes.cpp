// Giving sequences, and taking them back.
#include "engine/node/ownlanes.h"

#include <algorithm>

namespace tributary::engine {

std::vector<PieceHeader> OwnLanes::next(const std::vector<LaneShare>& shares) const {
    std::vector<PieceHeader> pieces;
    pieces.reserve(shares.size());
    for (const LaneShare& share : shares) {
        const auto at = next_.find(share.subKey);
        pieces.push_back({share.subKey, at == next_.end() ? 1 : at->second, share.count, share.bytes});
    }
    return pieces;
}

void OwnLanes::give(const PayloadView& view) {
    PieceReader pieces(view);
    PieceView piece;
    while (pieces.next(piece)) {
        std::uint64_t& next = next_[std::string(piece.subKey)];
        next = std::max(next, piece.last() + 1);
    }
}

void OwnLanes::takeBack(const PayloadView& view) {
    PieceReader pieces(view);
    PieceView piece;
    while (pieces.next(piece)) {
        const auto at = next_.find(piece.subKey);
        if (at != next_.end()) at->second = std::min(at->second, piece.first);
    }
}

}  // namespace tributary::engine
