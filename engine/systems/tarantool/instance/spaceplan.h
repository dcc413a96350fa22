// What a space is, as its rows in _space and _index say: read into the Space of the data library, and kept beside them.
#pragma once

#include <map>

#include "engine/systems/tarantool/data/space.h"

namespace tributary::engine::tarantool {

/// Ids of the spaces that an instance keeps about itself.
enum SystemSpace : std::uint32_t {
    kSchemaSpace = 272,
    kSpaceSpace = 280,
    kIndexSpace = 288,
    kFunctionSpace = 296,
    kUserSpace = 304,
    kPrivilegeSpace = 312,
    kClusterSpace = 320,
    kTruncateSpace = 330
};
inline constexpr std::uint32_t kFirstUserSpace = 512;
inline constexpr std::uint32_t kSpaceIdMax = 0x7fffffff;
inline constexpr std::uint32_t kIndexIdMax = 127;

/// The row of _space and the rows of _index, by id.
struct SpacePlan {
    Bytes space;
    std::map<std::uint32_t, Bytes> indexes;

    [[nodiscard]] Bytes encode() const;
    /// Errors: Corrupt.
    static Result<SpacePlan> decode(BytesView bytes);

    [[nodiscard]] bool isLocal() const;
    [[nodiscard]] bool isTemporary() const;
};

/// A space without tuples: its checks and the orders of its indexes. Failures: those of formats and indexes.
[[nodiscard]] std::optional<BoxFailure> makeSpace(const SpacePlan& plan, std::optional<Space>& space);

/// Field `index` of a row as a number; UINT32_MAX when it is none that fits.
[[nodiscard]] std::uint32_t idField(const Tuple& row, std::size_t index);
[[nodiscard]] std::string textField(const Tuple& row, std::size_t index);

/// Rows of _space and _index from what people say. `format` is encoded as the row keeps it.
[[nodiscard]] Bytes spaceRow(std::uint32_t id, std::string_view name, const std::vector<FormatField>& format,
                             std::string_view engine = "memtx", bool isTemporary = false);
[[nodiscard]] Bytes indexRow(std::uint32_t space, const IndexPlan& plan);
[[nodiscard]] Bytes encodeFormat(const std::vector<FormatField>& format);
/// Failures: a field of no known type, a name twice, no array of fields.
[[nodiscard]] std::optional<BoxFailure> readFormat(BytesView encoded, std::vector<FormatField>& format);

}  // namespace tributary::engine::tarantool
