// The display of a run in a terminal: redrawn in place, at most ten times a second; or a line per change elsewhere.
#pragma once

#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>

#include "app/terminal/runview.h"

namespace tributary::app {

struct RunDisplayOptions {
    bool live = false;    ///< redraw in place; else a line per change
    bool silent = false;  ///< show nothing, only keep the model and write events
    bool colour = false;
    bool unicode = true;
    std::size_t columns = 80;
    std::FILE* out = nullptr;     ///< where lines go; borrowed
    std::FILE* events = nullptr;  ///< JSON lines; borrowed, may be null
    Millis sampleEveryMs = 500;
};

/// Listens to a run, looks at the links meanwhile, and shows both. onEvent() may come from any one thread.
class RunDisplay final : public runbooks::RunListener {
public:
    using Sample = std::function<std::vector<runbooks::LinkObservation>()>;

    /// `sample` is called on a thread of the display's own; empty = only the run's own samples are shown.
    RunDisplay(RunViewModel model, RunDisplayOptions options, Sample sample);
    ~RunDisplay() override { finish(); }
    RunDisplay(const RunDisplay&) = delete;
    RunDisplay& operator=(const RunDisplay&) = delete;

    void onEvent(const runbooks::RunEvent& event) override;
    void setProgress(const std::string& text);
    /// Says something that stays in sight: any thread.
    void setNotice(const std::string& text);
    [[nodiscard]] std::string stepUnderWay();
    /// Why an event could not be written; empty when all were. The run goes on without them.
    [[nodiscard]] std::string eventsProblem();
    /// The run's end was among the events.
    [[nodiscard]] bool sawTheEnd();
    /// Leaves the terminal to a question, and takes it back.
    void suspend();
    void resume();
    /// Stops the threads and draws for the last time. More than once is harmless.
    void finish();
    /// The charts of all links since the run began; after finish().
    [[nodiscard]] std::string charts();

private:
    void drawLoop();
    void sampleLoop();
    void draw();
    void writeEvent(const runbooks::RunEvent& event);
    /// Shows a notice; the mutex is held.
    void tell(const std::string& text);
    [[nodiscard]] RunViewStyle style() const;
    /// Waits until told to stop; true when it was.
    bool pause(std::unique_lock<std::mutex>& lock, Millis forMs);

    std::mutex mutex_;
    std::condition_variable stopped_;
    RunViewModel model_;
    RunDisplayOptions options_;
    Sample sample_;
    std::size_t drawn_ = 0;
    bool suspended_ = false;
    bool stopping_ = false;
    bool ended_ = false;
    std::string eventsProblem_;
    std::thread drawer_;
    std::thread sampler_;
};

}  // namespace tributary::app
