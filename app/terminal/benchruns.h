// The measured work: W1 to W4.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::app {

struct BenchOptions {
    std::string work;        ///< W1, W1c, W2, W3 or W4
    std::uint64_t rows = 0;  ///< 0 = as the work says: 1,000,000, and 200,000 a side for W4
    std::size_t batchRows = 1000;
    std::string keys = "seq";
    std::string durability = "fsync";
    std::size_t clients = 1;
    double seconds = 30;  ///< of W1c
    std::string parentDir;
};

/// Carries the work out in processes of its own and clears them away. The document has the options, the figures of the
/// work, "rows_source", "rows_replica", "fingerprint_source", "fingerprint_replica", and per process "cpu_s" and
/// "rss_mb". Errors: of the engine, Cancelled.
[[nodiscard]] Result<engine::Json> runBench(const BenchOptions& options);

}  // namespace tributary::app
