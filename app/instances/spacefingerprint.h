// What the spaces of an instance hold, as a figure to compare and row by row: equal vector clocks are not equal data.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/systems/tarantool/data/boxbackend.h"

namespace tributary::app {

/// Of one space, in the order of its primary key. Equal contents have equal figures, whatever way they came; numbers
/// count by what they are, not by how many bytes they were written in.
struct SpaceFingerprint {
    std::string space;
    std::uint64_t rows = 0;
    std::uint64_t hash = 0;  ///< 0 of an empty space
    friend bool operator==(const SpaceFingerprint&, const SpaceFingerprint&) = default;
};

/// A row that two instances do not have alike.
struct RowDifference {
    std::string key;  ///< [5], as messages of refusal show it
    std::string a;    ///< the whole tuple; empty: it is not there
    std::string b;
    friend bool operator==(const RowDifference&, const RowDifference&) = default;
};

struct SpaceComparison {
    SpaceFingerprint a;
    SpaceFingerprint b;
    std::string shape;                       ///< why rows are not compared: "b has no such space"; empty: they are
    std::uint64_t rowsDifferent = 0;         ///< in the same way at every look
    std::uint64_t rowsChanging = 0;          ///< differed at the last look, and not so at an earlier one
    std::vector<RowDifference> differences;  ///< the first of those that stay, in the order of keys

    [[nodiscard]] const std::string& space() const { return a.space; }
    [[nodiscard]] bool isIdentical() const { return shape.empty() && rowsDifferent == 0 && rowsChanging == 0; }
};

/// Names of the spaces whose rows replicate, sorted: no system spaces, none that are temporary or local. Errors:
/// Unavailable (the instance does not answer, or loads), Corrupt, Io.
[[nodiscard]] Result<std::vector<std::string>> replicatedSpaces(engine::tarantool::BoxBackend& box);

/// Errors: NotFound (no such space, or one without a primary index); those of replicatedSpaces.
[[nodiscard]] Result<SpaceFingerprint> fingerprintOf(engine::tarantool::BoxBackend& box, const std::string& space);

/// A row that differs. Encoded in the one form that equal rows share; borrowed for the call.
struct DifferingRow {
    const std::string& space;
    BytesView key;
    BytesView a;  ///< empty: it is not there
    BytesView b;
};

struct CompareOptions {
    std::size_t differencesMost = 20;   ///< per space; all are counted
    int looks = 3;                      ///< of which a difference has to outlast each: rows may be on their way
    Millis pauseMs = 200;               ///< between two looks
    std::function<void(Millis)> pause;  ///< how to wait; none: the looks follow one another
    /// Gets every row that differs, at each look, in the order of keys. Of a space that is not compared (its shape
    /// differs) it gets all of `a`, as if `b` had none.
    std::function<void(const DifferingRow&)> onDifference;
};

/// One space of two instances, read side by side. Errors: as fingerprintOf, but for what only one of both lacks.
[[nodiscard]] Result<SpaceComparison> compareSpace(engine::tarantool::BoxBackend& a, engine::tarantool::BoxBackend& b,
                                                   const std::string& space, const CompareOptions& options);

/// Every replicated space that one of both has, by name.
[[nodiscard]] Result<std::vector<SpaceComparison>> compareInstances(engine::tarantool::BoxBackend& a,
                                                                    engine::tarantool::BoxBackend& b,
                                                                    const CompareOptions& options);

}  // namespace tributary::app
