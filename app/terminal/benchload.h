// Writing bench rows and seeing them arrive.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/rows/latencyhistogram.h"
#include "app/terminal/benchrows.h"
#include "app/terminal/benchworld.h"

namespace tributary::app {

/// Rows [first, first + rows) into one side.
struct BenchLoad {
    std::string cluster;
    std::string path;
    std::uint64_t first = 0;
    std::uint64_t rows = 0;
    std::size_t batchRows = 1000;
    std::size_t clients = 1;  ///< connections, each with one batch in flight
};

struct BenchLoaded {
    Micros firstSentUs = 0;
    Micros lastAckedUs = 0;
    std::vector<std::string> lastKeys;  ///< the last key of every client
};

/// Loads; blocks. Errors: the first of any client, Cancelled.
[[nodiscard]] Result<BenchLoaded> loadRows(BenchWorld& world, const BenchRows& rows, const BenchLoad& load);

/// Asks every 300 us until the key is readable; returns when that was.
[[nodiscard]] Result<Micros> waitReadable(BenchWorld& world, engine::ControlClient& client, const std::string& path,
                                          const std::string& key);

/// Rows at a steady pace, and how long each batch took to be readable at the other side.
struct BenchPace {
    std::uint64_t rowsPerS = 20'000;
    std::uint64_t batchRows = 200;
    double seconds = 30;
};
[[nodiscard]] Result<LatencyHistogram> loadPaced(BenchWorld& world, const BenchRows& rows, const BenchPace& pace);

}  // namespace tributary::app
