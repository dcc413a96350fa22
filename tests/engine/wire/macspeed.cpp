// How fast frames are sealed and checked on one core, by size. By hand: bench_engine_wire.
#include <cstdio>
#include <ctime>

#include "engine/wire/wire.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr std::clock_t kEach = CLOCKS_PER_SEC / 2;

/// Bytes per second of the processor's time that `work` takes, which handles `bytes` each time.
template <typename Work>
double rateOf(std::size_t bytes, Work work) {
    const std::clock_t begin = std::clock();
    std::uint64_t times = 0;
    while (std::clock() - begin < kEach) {
        for (int i = 0; i < 16; ++i) work();
        times += 16;
    }
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return static_cast<double>(times * bytes) / seconds;
}

}  // namespace

int main() {
    const Bytes key(kWireKeyBytes, 'k');
    std::printf("%10s %14s %14s %14s\n", "bytes", "MAC MB/s", "plain MB/s", "sealed MB/s");
    for (const std::size_t size : {std::size_t{64}, std::size_t{1} << 10U, std::size_t{64} << 10U,
                                   std::size_t{1} << 20U, std::size_t{8} << 20U}) {
        const Bytes body(size, 'x');
        FrameMac mac(key);
        Bytes frame = body;
        frame.reserve(size + kMacBytes);
        const double macs = rateOf(size, [&] {
            frame.resize(size);
            mac.seal(frame);
        });
        const double plain = rateOf(size, [&] { (void)encodeFrame(FrameType::Batch, body); });
        const double sealed = rateOf(size, [&] {
            Bytes whole = encodeFrame(FrameType::Batch, body);
            mac.seal(whole);
        });
        std::printf("%10zu %14.0f %14.0f %14.0f\n", size, macs / 1e6, plain / 1e6, sealed / 1e6);
    }
    return 0;
}
