// watch: the dashboard in a terminal; keys, sampling, pausing and resuming.
#include "app/terminal/watchverb.h"
#include "app/observe/audit.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "app/systems/dialects.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/statusview.h"
#include "app/terminal/stopsignals.h"
#include "app/terminal/watchview.h"
#include "engine/admin/tableadmin.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {
namespace {

constexpr int kKeyWaitMs = 100;  ///< also how often the picture is drawn
constexpr Millis kSampleEveryMs = 500;

/// The terminal as `watch` needs it: keys at once and unseen, a screen of its own. Given back when it ends.
class RawTerminal {
public:
    RawTerminal() {
        if (::tcgetattr(STDIN_FILENO, &before_) == 0) {
            termios raw = before_;
            raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
            changed_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
        }
        put("\x1b[?1049h\x1b[?25l");
    }
    ~RawTerminal() {
        put("\x1b[?25h\x1b[?1049l");
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

    static void put(const std::string& text) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }

private:
    termios before_{};
    bool changed_ = false;
};

bool unicodeTerminal() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string text(value);
        return text.find("UTF-8") != std::string::npos || text.find("utf8") != std::string::npos;
    }
    return false;
}

std::optional<WatchRun> liveRun(const Workspace& workspace) {
    const auto state = runbooks::RunStore(workspace.paths.state() + "/runs").read({});
    return state ? progressOf(*state) : std::optional<WatchRun>();
}

/// A command of the dialect on the workspace; empty when it worked, else why not.
std::string carryOut(Session& session, const std::vector<std::string>& words) {
    const auto parsed = dialects().parseWords(words);
    if (!parsed) return parsed.error().text();
    engine::maprdb::TableAdmin admin(session.directory(), session.user(), wallNowMs, {});
    const auto done = admin.execute(parsed->op);
    audit(session, dialects().printLine(parsed->op), done ? std::string() : done.error().text());
    return done ? std::string() : done.error().full();
}

/// Samples on a thread of its own, so that a cluster that hangs does not hold up the keys.
class Watcher {
public:
    Watcher(std::unique_ptr<Session> session, const WatchStyle& style) : session_(std::move(session)), style_(style) {
        sampler_ = std::thread([this] { sample(); });
    }
    ~Watcher() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        sampler_.join();
    }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    void draw() {
        winsize size{};
        if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
            style_.columns = size.ws_col;
            style_.lines = std::max<std::size_t>(size.ws_row, 6);
        }
        style_.nowMs = wallNowMs();
        std::vector<std::string> lines;
        {
            const std::lock_guard lock(mutex_);
            if (!model_.any()) return;
            lines = renderWatch(model_, style_);
        }
        std::string text = "\x1b[H";
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += lines[i] + "\x1b[K" + (i + 1 < lines.size() ? "\r\n" : "");
        RawTerminal::put(text + "\x1b[J");
    }

    /// False when it is time to go.
    bool key(const std::string& typed) {
        const std::lock_guard lock(mutex_);
        if (!asked_.empty()) {
            answer(typed == "y" || typed == "Y");
            return true;
        }
        model_.say({});
        if (typed == "q" || typed == "\x1b" || typed == "\x03") return false;
        if (typed == "\x1b[A" || typed == "k") model_.select(-1);
        if (typed == "\x1b[B" || typed == "j") model_.select(1);
        if (typed == "p") question("pause");
        if (typed == "r") question("resume");
        return true;
    }

private:
    void question(const std::string& deed) {
        const LinkRow* link = model_.selected();
        if (link == nullptr) return model_.say("there is no link to " + deed);
        asked_ = {"maprcli", "table", "replica", deed, "-path", link->from, "-replica", link->to};
        model_.say(fmt::format("{} {} -> {}? [y/n]", deed, link->from, link->to));
    }

    void answer(bool yes) {
        if (yes) {
            wanted_ = asked_;
            wake_.notify_all();
        }
        model_.say(yes ? asked_[3] + ": asked for" : "nothing was done");
        asked_.clear();
    }

    void sample() {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            const std::vector<std::string> command = std::move(wanted_);
            wanted_.clear();
            lock.unlock();
            std::string problem;
            if (!command.empty()) problem = carryOut(*session_, command);
            WorkspaceStatus status = collectStatus(*session_);
            const auto run = liveRun(session_->workspace());
            lock.lock();
            model_.observe(std::move(status), wallNowMs());
            model_.setRun(run);
            if (!command.empty()) model_.say(problem.empty() ? command[3] + ": done" : command[3] + ": " + problem);
            wake_.wait_for(lock, std::chrono::milliseconds(kSampleEveryMs),
                           [this] { return stopping_ || !wanted_.empty(); });
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::unique_ptr<Session> session_;  ///< the sampler's, once it runs
    WatchStyle style_;                  ///< the drawer's
    WatchModel model_;
    std::vector<std::string> asked_;   ///< a command that waits for y or n
    std::vector<std::string> wanted_;  ///< a command for the sampler
    bool stopping_ = false;
    std::thread sampler_;
};

int watchLive(std::unique_ptr<Session> session, const VerbContext& context) {
    StopSignals stop;
    WatchStyle style;
    style.colour = context.colour;
    style.unicode = unicodeTerminal();
    const RawTerminal terminal;
    Watcher watcher(std::move(session), style);
    while (!stop.stopped()) {
        watcher.draw();
        pollfd waiting{STDIN_FILENO, POLLIN, 0};
        if (::poll(&waiting, 1, kKeyWaitMs) <= 0) continue;
        char buffer[16];
        const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof(buffer));
        if (got <= 0 || !watcher.key(std::string(buffer, static_cast<std::size_t>(got)))) break;
    }
    return 0;
}

int watchOnce(Session& session, const VerbContext& context) {
    WatchModel model;
    model.observe(collectStatus(session), wallNowMs());
    model.setRun(liveRun(session.workspace()));
    if (context.json) {
        printJson(watchJson(model, wallNowMs()));
        return statusExit(model.status());
    }
    WatchStyle style;
    style.columns = static_cast<std::size_t>(context.columns);
    style.lines = 0;
    style.colour = context.colour;
    style.unicode = unicodeTerminal();
    style.keys = false;
    style.nowMs = wallNowMs();
    for (const std::string& line : renderWatch(model, style)) printRaw(stdout, line + "\n");
    return statusExit(model.status());
}

int watch(const VerbContext& context, bool once) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    if (once || context.json) return watchOnce(**session, context);
    if (!context.outIsTerminal || ::isatty(STDIN_FILENO) == 0 || context.noInput) {
        return context.fail(Error{ErrorCode::InvalidInput, "watch needs a terminal", {}, "tributary watch --once"});
    }
    return watchLive(std::move(session).value(), context);
}

}  // namespace

Verb watchVerb() {
    Verb verb{"watch",
              "workspace",
              "Watch links, lag, alarms and the run that is under way",
              "tributary watch\ntributary watch --once --json",
              {}};
    verb.describe = [](CLI::App& app) {
        auto once = std::make_shared<bool>(false);
        app.add_flag("--once", *once, "One picture, then end");
        return [once](VerbContext& context) { return watch(context, *once); };
    };
    return verb;
}

}  // namespace tributary::app
