// Projection of one payload.
#include "engine/replication/linkfilter.h"

namespace tributary::engine {

Result<LinkFilter> LinkFilter::make(const Projections& kind, std::string projection) {
    auto projector = kind.make(projection);
    if (!projector) return projector.error();
    return LinkFilter(std::move(projection), std::move(projector).value());
}

Result<std::optional<Bytes>> LinkFilter::project(const PayloadView& payload) const {
    auto part = projector_->apply(payload.body);
    if (!part) return part.error();
    if (!part.value()) return std::optional<Bytes>{};
    const PayloadHeader header{payload.origin,           payload.incarnation, payload.sequence,      payload.stamp,
                               part.value()->operations, projection_,         payload.schemaVersion, payload.kind};
    return std::optional<Bytes>(encodePayload(header, part.value()->body));
}

Result<std::optional<std::string>> LinkNarrowing::left(const Projections& kind, std::string_view projection,
                                                       std::string_view own) {
    if (own.empty()) return std::optional(std::string(projection));
    if (projection == projection_ && own == own_) return left_;
    auto both = kind.intersection(projection, own);
    if (!both) return both.error();
    projection_ = projection;
    own_ = own;
    left_ = std::move(both).value();
    return left_;
}

}  // namespace tributary::engine
