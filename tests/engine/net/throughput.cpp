// How fast two nodes on threads of their own exchange bytes over loopback. By hand: bench_engine_net [GiB] [piece KiB].
#include <QCoreApplication>
#include <QElapsedTimer>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>

#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"

using namespace tributary;
using namespace tributary::engine;

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    const std::size_t total = (argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 4) << 30U;
    const std::size_t pieceBytes = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 256) << 10U;
    RealWorkers workers;
    RealFileOps files;
    const SharedSeams shared{workers, files, {}};
    NodeThread source("source", shared);
    NodeThread sink("sink", shared);
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Connection> in;
    std::unique_ptr<Connection> out;
    std::promise<void> arrived;
    std::size_t received = 0;
    const Endpoint at = sink.run([&] {
        auto opened = sink.seams().transport.listen({.host = "127.0.0.1", .port = 0, .localPath = {}, .peer = {}},
                                                    [&](std::unique_ptr<Connection> connection) {
                                                        in = std::move(connection);
                                                        in->onBytes = [&](BytesView bytes) {
                                                            received += bytes.size();
                                                            if (received == total) arrived.set_value();
                                                        };
                                                    });
        if (!opened) std::abort();
        listener = std::move(opened).value();
        return listener->endpoint();
    });
    QElapsedTimer clock;
    clock.start();
    const auto piece = std::make_shared<const Bytes>(pieceBytes, 'p');
    std::size_t sent = 0;
    const auto feed = [&] {
        for (; sent < total && out->queuedBytes() < (4U << 20U); sent += pieceBytes) out->send(piece);
    };
    source.run([&] {
        out = source.seams().transport.dial(at);
        out->onDrained = feed;
        out->onConnected = feed;
    });
    arrived.get_future().wait();
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    std::printf("%.2f GB/s\n", static_cast<double>(total) / 1e9 / seconds);
    source.run([&] { out.reset(); });
    sink.run([&] {
        in.reset();
        listener.reset();
    });
    return 0;
}
