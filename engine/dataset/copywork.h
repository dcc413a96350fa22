// A copy of a dataset as requests and their answers. It neither waits nor connects: a client's tool and the source's
// own node run the same work, each its own way.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine {

/// One request of a copy.
struct CopyCall {
    std::uint64_t id = 0;  ///< within the work
    bool atSource = false;
    std::uint16_t method = 0;  ///< as the cluster's requests are numbered
    Bytes body;
};

/// What the destination has acknowledged, and what is expected.
struct CopyFigures {
    std::uint64_t items = 0;  ///< rows, documents, messages
    std::uint64_t bytes = 0;
    std::uint64_t itemsExpected = 0;  ///< the source's own count when the copy began; 0 = not known
    std::uint64_t itemsBefore = 0;    ///< of those expected, copied by the works that this one goes on from

    /// 0 to 99; a copy is at 100 when it is done(), and not before.
    [[nodiscard]] int percent() const {
        const std::uint64_t all = items + itemsBefore;
        return itemsExpected == 0 ? 0 : static_cast<int>(all >= itemsExpected ? 99 : all * 100 / itemsExpected);
    }
};

/// One run of a copy; a failed one is thrown away, and another goes on from its token. Single use, one thread.
class CopyWork {
public:
    virtual ~CopyWork() = default;
    CopyWork() = default;
    CopyWork(const CopyWork&) = delete;
    CopyWork& operator=(const CopyWork&) = delete;

    /// The next request that may be sent now. Nothing: an answer must come first, or it is done().
    virtual std::optional<CopyCall> next() = 0;
    /// Each request that next() gave is answered once; those of one end in the order in which they were given. Errors:
    /// the copy has failed, with the answer's reason or Corrupt.
    virtual Status answered(std::uint64_t id, Result<Bytes> answer) = 0;
    [[nodiscard]] virtual bool done() const = 0;
    [[nodiscard]] virtual const CopyFigures& figures() const = 0;
    /// From where another work can go on: everything before it is acknowledged.
    [[nodiscard]] virtual nlohmann::ordered_json token() const = 0;
};

}  // namespace tributary::engine
