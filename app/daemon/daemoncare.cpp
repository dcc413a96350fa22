// The daemon's chores.
#include "app/daemon/daemoncare.h"

#include <fmt/format.h>

#include <chrono>

#include "core/base/exceptions.h"
#include "engine/alarms/alarmboard.h"

namespace tributary::app {
namespace {

constexpr int kChoresEveryMs = 2'000;

}  // namespace

PageMaker::~PageMaker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    worker_.join();
}

void PageMaker::ask(engine::HttpDoor::Reply reply) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(reply));
    }
    wake_.notify_all();
}

void PageMaker::work() {
    while (true) {
        std::deque<engine::HttpDoor::Reply> asked;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            asked.swap(waiting_);
        }
        // One look serves all who wait; memory that is refused to it costs them the page, not the process its life.
        const Status made = orError([&]() -> Status {
            const std::string text = make_();
            for (const auto& reply : asked) reply(text);
            return okStatus();
        });
        if (!made) daemonLog("no page for metrics: " + made.error().text());
    }
}

DaemonCare::DaemonCare(const WorkspaceEngine& engine, Options options) : engine_(engine) {
    if (!options.logFile.empty()) log_ = std::make_unique<DaemonLogFile>(options.logFile);
    if (!options.settings.alarmHook.empty()) {
        hooks_ = std::make_unique<AlarmHooks>(
            AlarmHooks::Options{options.settings.alarmHook, options.settings.alarmHookTimeoutMs, engine.paths().root,
                                [](const std::string& line) { daemonLog(line); }, engine.paths().state() + "/hooks"});
    }
    if (options.metrics) {
        door_ = std::make_unique<engine::HttpDoor>(
            engine::HttpDoor::Page{"/metrics", "text/plain; version=0.0.4; charset=utf-8",
                                   [this](engine::HttpDoor::Reply reply) { pages_->ask(std::move(reply)); }});
        pages_ = std::make_unique<PageMaker>(std::move(options.metrics));
    }
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { look(); });
    timer_.start(kChoresEveryMs);
    look();
}

void DaemonCare::look() {
    if (log_ != nullptr) log_->keepSmall();
    if (door_ == nullptr || door_->isOpen()) return;
    // Another daemon of the workspace may answer there, for all of its clusters; when that one ends, this one does.
    const Status opened = door_->open(engine_.metricsSocket());
    if (opened || opened.error().code == ErrorCode::Conflict || complained_) return;
    complained_ = true;
    daemonLog("no page for metrics: " + opened.error().text());
}

void DaemonCare::alarm(const std::string& cluster, const engine::Alarm& alarm, bool raised) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Millis nowMs = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    daemonLog(
        fmt::format("alarm {} {} {}: {}", raised ? "raised" : "cleared", alarm.name, alarm.entity, alarm.description));
    if (hooks_ != nullptr) hooks_->report({raised, cluster, alarm.name, alarm.entity, alarm.description, nowMs});
}

}  // namespace tributary::app
