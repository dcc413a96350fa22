// Lookups in one drawing that do not walk it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/topology/topology.h"

namespace tributary {

/// Answers as Topology's own lookups do (the first match wins), in constant time: for whoever asks about every element
/// of a large drawing. Borrows the drawing, which must neither change nor go while the index lives. Thread-safe.
class TopologyIndex {
public:
    explicit TopologyIndex(const Topology& topology);

    [[nodiscard]] const Cluster* cluster(std::string_view name) const;
    [[nodiscard]] const Dataset* dataset(std::string_view path) const;
    [[nodiscard]] const Replica* replica(std::string_view from, std::string_view to) const;
    [[nodiscard]] const Upstream* upstream(std::string_view at, std::string_view from) const;
    [[nodiscard]] const Wan* wanBetween(std::string_view a, std::string_view b) const;
    /// Place of the dataset in Topology::datasets; nullopt when it is not drawn.
    [[nodiscard]] std::optional<std::size_t> datasetAt(std::string_view path) const;

private:
    using Ends = std::pair<std::string_view, std::string_view>;
    struct EndsHash {
        std::size_t operator()(const Ends& ends) const;
    };

    const Topology& topology_;
    // Nobody walks these maps: their order reaches no output.
    std::unordered_map<std::string_view, std::size_t> clusters_;
    std::unordered_map<std::string_view, std::size_t> datasets_;
    std::unordered_map<Ends, std::size_t, EndsHash> replicas_;
    std::unordered_map<Ends, std::size_t, EndsHash> upstreams_;
    std::unordered_map<Ends, std::size_t, EndsHash> wan_;  ///< the lesser name first
};

}  // namespace tributary
