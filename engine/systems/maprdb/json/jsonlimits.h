// The bounds of a JSON document: one table, checked by text, bytes, paths and mutations alike.
//
// The vendor publishes none of them but for the row; these keep what is accepted small enough to be logged and shipped
// (core/base/limits.h) and to be taken apart without an endless stack or more memory than a hundred times its bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/limits.h"

namespace tributary::engine::maprdb::json {

inline constexpr std::size_t kDocumentBytesMax = limits::kValueBytesMax;  ///< of its text, and of its bytes
inline constexpr std::size_t kDepthMax = 100;                             ///< maps and arrays within each other
inline constexpr std::size_t kValuesMax = 1'000'000;                      ///< in one document, of every type
inline constexpr std::size_t kFieldNameBytesMax = 32U << 10U;
inline constexpr std::size_t kDecimalDigitsMax = 1'024;
inline constexpr int kDecimalScaleMax = 6'176;         ///< and the same below zero; decimal128 has as much
inline constexpr std::size_t kArrayIndexMax = 65'535;  ///< in a path; an array may be longer
inline constexpr std::size_t kPathBytesMax = 64U << 10U;
inline constexpr std::size_t kConditionPartsMax = 1'000;  ///< operators in one condition
inline constexpr std::size_t kMutationStepsMax = 10'000;  ///< in one mutation
inline constexpr std::size_t kPatternBytesMax = 1'024;    ///< of a $like or $matches
inline constexpr std::size_t kPatternStatesMax = 10'000;  ///< of a $matches whose repetitions are written out

/// InvalidInput that names the limit when `size` is larger than `most`: "a document of 17,000,000 bytes is larger than
/// the limit 'document' of 16,777,216 bytes". `what` says the thing ("a document"), `unit` its measure.
[[nodiscard]] Status checkLimit(std::string_view limit, std::size_t size, std::size_t most, std::string_view unit,
                                std::string_view what, std::string where = {});

}  // namespace tributary::engine::maprdb::json
