// Running the workload's loop beside the window.
#include "app/desktop/live/pacedwriter.h"

#include <algorithm>
#include <chrono>

#include "app/desktop/live/livetext.h"
#include "app/observe/clocks.h"
#include "app/rows/targettable.h"

namespace tributary::desktop {
namespace {

constexpr Millis kTellEveryMs = 250;

}  // namespace

PacedWriter::PacedWriter(QObject& relay, WorkspaceAccess access, PacedOrder order, Tell tell)
    : relay_(relay), access_(std::move(access)), order_(std::move(order)), tell_(std::move(tell)), thread_([this] {
          run();
      }) {}

PacedWriter::~PacedWriter() {
    stop();
    thread_.join();
}

void PacedWriter::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
}

bool PacedWriter::sleepUs(Micros us) {
    if (const Millis nowMs = app::steadyNowUs() / 1000; nowMs - toldMs_ >= kTellEveryMs) {
        toldMs_ = nowMs;
        tell(false, {});
    }
    std::unique_lock lock(mutex_);
    if (us <= 0) return !stopping_;
    return !wake_.wait_for(lock, std::chrono::microseconds(us), [this] { return stopping_; });
}

void PacedWriter::tell(bool ended, const QString& trouble) {
    PacedFigures figures{acknowledged_.load(), trouble, ended};
    QMetaObject::invokeMethod(
        &relay_, [hook = tell_, figures] { hook(figures); }, Qt::QueuedConnection);
}

void PacedWriter::run() {
    const Status done = write();
    tell(true, done ? QString() : toQt(done.error().text()));
}

Status PacedWriter::write() {
    auto session = app::Session::open({access_.dir, access_.user, false});
    if (!session) return session.error();
    const auto table = app::findTable((*session)->directory(), order_.path);
    if (!table) return table.error();
    app::WorkloadOptions options;
    options.path = table->path;
    const auto profile = std::find(table->families.begin(), table->families.end(), "profile");
    options.family = profile == table->families.end() ? table->families.front() : *profile;
    options.ratePerS = order_.ratePerS;
    options.overwrite = std::clamp(order_.overwrite, 0.0, 1.0);
    options.skew = order_.skew;
    // Keys of a writer that ran before are not written again: each start is a prefix of its own.
    options.prefix = "w" + std::to_string(app::wallNowMs() / 1000) + "-";
    app::WorkloadWorld world;
    world.nowUs = app::steadyNowUs;
    world.connect = [&]() -> Result<std::unique_ptr<engine::ControlClient>> {
        auto client = (*session)->directory().connect(table->cluster);
        if (!client) return client.error();
        return std::unique_ptr<engine::ControlClient>(std::move(client).value());
    };
    world.sleepUs = [this](Micros us) { return sleepUs(us); };
    world.record = [this](const std::vector<std::pair<std::string, Bytes>>& rows, std::uint64_t) {
        acknowledged_ += rows.size();
        return okStatus();
    };
    const auto result = app::runWorkload(options, world, 1, 0);
    return result ? okStatus() : Status(result.error());
}

}  // namespace tributary::desktop
