// How the bodies of a kind lie on several lanes, and in which order what links bring may come into each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// What may come into a lane from elsewhere. At its origin every lane is written without holes.
enum class Admission : std::uint8_t {
    AnyOrder,  ///< its operations commute
    GapWaits   ///< whoever brings a later one stands before it until all before it are here
};

/// The share of one lane in a body.
struct LaneShare {
    std::string subKey;
    std::uint64_t count = 1;  ///< of sequences that it takes
    std::size_t bytes = 0;    ///< of the body
};

/// For kinds whose datasets have more than one lane. Stateless, any thread.
class Lanes {
public:
    virtual ~Lanes() = default;
    /// The shares of an admitted body, in its order; at least one, whose sequence an empty body takes, too.
    [[nodiscard]] virtual std::vector<LaneShare> split(BytesView body) const = 0;
    /// Of the lane that is called so. Errors: Corrupt, when the kind writes no such lane.
    [[nodiscard]] virtual Result<Admission> admission(std::string_view subKey) const = 0;
};

}  // namespace tributary::engine
