// The bounds of what is stored, asked and shipped: one table, read by checks, by messages and by `tributary help
// limits`.
//
// They hang together: a request at its bound, with all that a log entry and a link add to it, stays below a frame; a
// value and its key stay below a request. So what is accepted can be shipped (a test holds the order).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::limits {

inline constexpr std::size_t kKeyBytesMax = 64U << 10U;
inline constexpr std::size_t kQualifierBytesMax = 64U << 10U;
inline constexpr std::size_t kValueBytesMax = 16U << 20U;
inline constexpr std::size_t kRequestBytesMax = 32U << 20U;
inline constexpr std::size_t kFrameBytesMax = 64U << 20U;
/// Answers of a cluster to the command line; a whole row is never cut, and JSON spells a byte with up to six letters.
inline constexpr std::size_t kAnswerBytesMax = 512U << 20U;
/// After so many bytes of keys and values an answer with rows ends; the next request goes on behind it.
inline constexpr std::size_t kAnswerChunkBytes = 1U << 20U;
inline constexpr std::size_t kScanRowsMax = 10'000;
inline constexpr std::size_t kColumnsBytesMax = 2'048;
inline constexpr std::size_t kPathBytesMax = 512;
inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kFamiliesMax = 64;
inline constexpr std::size_t kReplicasMax = 64;
inline constexpr std::size_t kUpstreamsMax = 64;
/// State files that a process has open at once; what is used beyond them makes the longest unused close.
inline constexpr std::size_t kOpenDatasetsMax = 256;
/// Database, WAL and shared memory; a checkpoint and each of two idle readers have two more.
inline constexpr std::size_t kHandlesOfDataset = 9;
inline constexpr std::size_t kSocketPathBytesMax = 100;
/// Error texts as they are shown: each of what, where and fix.
inline constexpr std::size_t kShownBytesMax = 400;
/// A name inside such a text, before it is escaped.
inline constexpr std::size_t kNameShownMax = 60;

/// One row of the table.
struct Limit {
    std::string_view name;     ///< as messages say it: "value"
    std::uint64_t most = 0;    ///< the largest that is accepted
    std::string_view unit;     ///< "bytes", "rows"
    std::string_view meaning;  ///< one sentence
};
/// Every bound, in the order of help.
[[nodiscard]] const std::vector<Limit>& table();

/// "16,777,216 bytes", for messages and help.
[[nodiscard]] std::string text(const Limit& limit);

/// InvalidInput that names the limit ("value") when `size` is larger than it: "a value of 17,000,000 bytes is larger
/// than the limit 'value' of 16,777,216 bytes". `what` is the thing ("a value", "the key of row x"); `where` goes into
/// the error. Asserts that the limit exists.
[[nodiscard]] Status check(std::string_view limit, std::size_t size, std::string_view what, std::string where = {});

}  // namespace tributary::limits
