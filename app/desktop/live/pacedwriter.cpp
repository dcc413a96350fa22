// Running the workload's loop beside the window.
#include "app/desktop/live/pacedwriter.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/threadend.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"
#include "app/rows/targettable.h"

namespace tributary::desktop {
namespace {

constexpr Millis kTellEveryMs = 250;

}  // namespace

PacedWriter::PacedWriter(QObject& relay, WorkspaceAccess access, PacedOrder order, Tell tell)
    : core_(std::make_shared<Core>()) {
    core_->relay = &relay;
    core_->access = std::move(access);
    core_->order = std::move(order);
    core_->tell = std::move(tell);
    thread_ = std::thread([core = core_] { core->run(); });
}

PacedWriter::~PacedWriter() {
    stop();
    std::unique_lock lock(core_->mutex);
    core_->relay = nullptr;
    endOrLeave(thread_, std::move(lock), core_->idle, [this] { return core_->ended; });
}

void PacedWriter::stop() {
    {
        const std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
}

bool PacedWriter::Core::sleepUs(Micros us) {
    if (const Millis nowMs = app::steadyNowUs() / 1000; nowMs - toldMs >= kTellEveryMs) {
        toldMs = nowMs;
        report(false, {});
    }
    std::unique_lock lock(mutex);
    if (us <= 0) return !stopping;
    return !wake.wait_for(lock, std::chrono::microseconds(us), [this] { return stopping; });
}

void PacedWriter::Core::report(bool isEnd, const QString& trouble) {
    PacedFigures figures{acknowledged.load(), trouble, isEnd};
    const std::lock_guard lock(mutex);
    if (relay == nullptr) return;
    QMetaObject::invokeMethod(
        relay, [hook = tell, figures] { hook(figures); }, Qt::QueuedConnection);
}

void PacedWriter::Core::run() {
    const Status done = write();
    report(true, done ? QString() : toQt(done.error().text()));
    const std::lock_guard lock(mutex);
    ended = true;
    idle.notify_all();
}

Status PacedWriter::Core::write() {
    auto session = app::Session::open({access.dir, access.user, false});
    if (!session) return session.error();
    const auto table = app::findTable((*session)->directory(), order.path);
    if (!table) return table.error();
    app::WorkloadOptions options;
    options.path = table->path;
    const auto profile = std::find(table->families.begin(), table->families.end(), "profile");
    options.family = profile == table->families.end() ? table->families.front() : *profile;
    options.ratePerS = order.ratePerS;
    options.overwrite = std::clamp(order.overwrite, 0.0, 1.0);
    options.skew = order.skew;
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
        acknowledged += rows.size();
        return okStatus();
    };
    const std::string line = fmt::format("tributary workload {} --rate {}", order.path, order.ratePerS);
    app::audit(**session, line + " # begins", {});  // a writer that is killed leaves this much
    const auto result = app::runWorkload(options, world, 1, 0);
    app::audit(**session, fmt::format("{} # {} rows", line, acknowledged.load()),
               result ? std::string() : std::string(errorCodeName(result.error().code)));
    return result ? okStatus() : Status(result.error());
}

}  // namespace tributary::desktop
