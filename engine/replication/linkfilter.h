// What a filtered link lets through: the projection of a replica record applied to payloads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/dataset/datasetkind.h"
#include "engine/replication/payload.h"

namespace tributary::engine {

/// Projects payloads.
class LinkFilter {
public:
    /// `projection` is as the kind writes it, and not empty. Errors: Corrupt.
    static Result<LinkFilter> make(const Projections& kind, std::string projection);
    [[nodiscard]] const std::string& projection() const { return projection_; }
    /// The projected payload (same origin, incarnation, sequence, stamp; header names the projection), or nullopt when
    /// nothing of it passes. Errors: Corrupt.
    Result<std::optional<Bytes>> project(const PayloadView& payload) const;

private:
    LinkFilter(std::string projection, std::unique_ptr<Projector> projector)
        : projection_(std::move(projection)), projector_(std::move(projector)) {}

    std::string projection_;
    std::unique_ptr<Projector> projector_;
};

/// What a link's projection leaves of a payload that was projected on its way here: remembers the last answer.
class LinkNarrowing {
public:
    /// The projection that a payload of `projection` is shipped with over a link of `own` (both as the kind writes
    /// them; empty = everything): their intersection. nullopt when nothing is in both. Errors: Corrupt, when one of
    /// them is no projection.
    Result<std::optional<std::string>> left(const Projections& kind, std::string_view projection, std::string_view own);

private:
    std::string projection_;
    std::string own_;
    std::optional<std::string> left_ = std::string();
};

}  // namespace tributary::engine
