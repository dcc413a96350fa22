// Drawing and sampling beside a run.
#include "app/terminal/runviewlive.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "app/terminal/dataverbscommon.h"

namespace tributary::app {
namespace {

constexpr Millis kDrawEveryMs = 100;
constexpr std::size_t kLinesPlain = 40;

}  // namespace

RunDisplay::RunDisplay(RunViewModel model, RunDisplayOptions options, Sample sample)
    : model_(std::move(model)), options_(options), sample_(std::move(sample)) {
    if (options_.live) drawer_ = std::thread([this] { drawLoop(); });
    if (sample_) sampler_ = std::thread([this] { sampleLoop(); });
}

RunViewStyle RunDisplay::style() const {
    RunViewStyle style{options_.columns, kLinesPlain, options_.colour, options_.unicode, wallNowMs()};
    winsize size{};
    if (options_.live && ::ioctl(::fileno(options_.out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        style.columns = size.ws_col;
        style.lines = size.ws_row > 4 ? size.ws_row - 1U : 4U;
    }
    return style;
}

bool RunDisplay::pause(std::unique_lock<std::mutex>& lock, Millis forMs) {
    return stopped_.wait_for(lock, std::chrono::milliseconds(forMs), [this] { return stopping_; });
}

void RunDisplay::drawLoop() {
    std::unique_lock lock(mutex_);
    while (!pause(lock, kDrawEveryMs)) draw();
}

void RunDisplay::sampleLoop() {
    std::unique_lock lock(mutex_);
    do {
        lock.unlock();  // a cluster that does not answer must not hold up the display
        const auto links = sample_();
        lock.lock();
        model_.observe(links, wallNowMs());
    } while (!pause(lock, options_.sampleEveryMs));
}

void RunDisplay::draw() {
    if (suspended_ || options_.silent || !options_.live) return;
    std::string text;
    if (drawn_ > 0) text = fmt::format("\r\x1b[{}A", drawn_);
    const auto lines = renderRunView(model_, style());
    for (const std::string& line : lines) text += line + "\x1b[K\n";
    text += "\x1b[J";
    drawn_ = lines.size();
    std::fwrite(text.data(), 1, text.size(), options_.out);
    std::fflush(options_.out);
}

void RunDisplay::onEvent(const runbooks::RunEvent& event) {
    const std::lock_guard lock(mutex_);
    model_.apply(event);
    ended_ = ended_ || event.type == runbooks::EventType::RunFinished;
    writeEvent(event);
    if (options_.live || options_.silent) return;
    const std::string line = plainEventLine(event);
    if (line.empty()) return;
    fmt::print(options_.out, "{}\n", shownLine(line));
    std::fflush(options_.out);
}

void RunDisplay::writeEvent(const runbooks::RunEvent& event) {
    if (options_.events == nullptr || !eventsProblem_.empty()) return;
    const std::string line = shownJson(runbooks::toJsonLine(event)) + "\n";
    errno = 0;
    const bool whole = std::fwrite(line.data(), 1, line.size(), options_.events) == line.size();
    if (whole && std::fflush(options_.events) == 0) return;
    eventsProblem_ = errno != 0 ? std::strerror(errno) : "the other end is closed";
    tell("events cannot be written any more: " + eventsProblem_ + "; the run goes on, its journal is complete");
}

std::string RunDisplay::eventsProblem() {
    const std::lock_guard lock(mutex_);
    return eventsProblem_;
}

bool RunDisplay::sawTheEnd() {
    const std::lock_guard lock(mutex_);
    return ended_;
}

void RunDisplay::setProgress(const std::string& text) {
    const std::lock_guard lock(mutex_);
    model_.setProgress(text);
}

void RunDisplay::setNotice(const std::string& text) {
    const std::lock_guard lock(mutex_);
    tell(text);
}

void RunDisplay::tell(const std::string& text) {
    model_.setNotice(text);
    if (options_.live && !suspended_) {
        draw();
    } else {
        fmt::print(stderr, "{}\n", text);
    }
}

std::string RunDisplay::stepUnderWay() {
    const std::lock_guard lock(mutex_);
    return model_.stepUnderWay();
}

void RunDisplay::suspend() {
    const std::lock_guard lock(mutex_);
    draw();
    suspended_ = true;
    drawn_ = 0;  // what stands there stays; the next picture begins below the question
}

void RunDisplay::resume() {
    const std::lock_guard lock(mutex_);
    suspended_ = false;
}

void RunDisplay::finish() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    stopped_.notify_all();
    if (drawer_.joinable()) drawer_.join();
    if (sampler_.joinable()) sampler_.join();
    const std::lock_guard lock(mutex_);
    model_.setNotice({});
    draw();
}

std::string RunDisplay::charts() {
    const std::lock_guard lock(mutex_);
    if (model_.startedAtMs() == 0) return {};
    return finalCharts(model_, model_.startedAtMs(), style());
}

}  // namespace tributary::app
