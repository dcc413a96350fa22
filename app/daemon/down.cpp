// `tributary down`: asking processes to stop what they run, and looking until they did.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/daemon/daemon.h"
#include "app/daemon/session.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr int kWaitMs = 30'000;
constexpr int kStepMsMin = 2;  ///< most are gone within 50 ms; doubled after each look
constexpr int kStepMsMax = 100;
constexpr int kStoppedMs = 2'000;  ///< a process that a signal stopped meanwhile is not waited for longer

/// What one process runs of the workspace.
struct Group {
    ProcessId process;
    std::vector<std::string> wanted;
    bool whole = false;  ///< all that it runs is wanted
};

class Stopping {
public:
    explicit Stopping(Session& session) : session_(session), directory_(session.directory()) {}

    DownReport run(const std::vector<std::string>& wanted) {
        for (const std::string& cluster : wanted) look(cluster);
        for (auto& [pid, group] : groups_) stop(group);
        const std::vector<std::string> drawn = directory_.clusters();
        const auto place = [&drawn](const std::string& name) { return std::find(drawn.begin(), drawn.end(), name); };
        std::sort(report_.stopped.begin(), report_.stopped.end(),
                  [&place](const std::string& a, const std::string& b) { return place(a) < place(b); });
        return std::move(report_);
    }

private:
    void look(const std::string& cluster) {
        const ClusterPresence seen = directory_.presence(cluster);
        switch (seen.kind) {
            case ClusterPresence::Kind::Down: report_.alreadyDown.push_back(cluster); return;
            case ClusterPresence::Kind::Up: {
                Group& group = groups_[seen.process.pid];
                group.process = seen.process;
                group.wanted.push_back(cluster);
                return;
            }
            default: report_.notStopped.emplace_back(cluster, seen.error);
        }
    }

    void stop(Group& group) {
        std::set<std::string> asked;
        group.whole = runsNothingElse(group);
        for (const std::string& cluster : group.wanted) {
            if (asked.count(cluster) != 0) continue;
            auto door = directory_.door(cluster);
            const auto answer =
                door ? door.value()->callJson(engine::Method::Shutdown, engine::Json{{"alone", !group.whole}})
                     : Result<engine::Json>(door.error());
            if (!answer) {
                report_.notStopped.emplace_back(cluster, answer.error());
                continue;
            }
            for (const std::string& stopping : stoppingOf(*answer, cluster)) asked.insert(stopping);
        }
        if (asked.empty()) return;
        const Status waited = wait(group, asked);
        for (const std::string& cluster : asked) {
            if (waited) {
                report_.stopped.push_back(cluster);
            } else {
                report_.notStopped.emplace_back(cluster, waited.error());
            }
        }
    }

    /// As the ports files say: what else names this process, and lives in it.
    bool runsNothingElse(const Group& group) {
        for (const std::string& other : directory_.clusters()) {
            const bool wanted = std::find(group.wanted.begin(), group.wanted.end(), other) != group.wanted.end();
            if (wanted) continue;
            const ClusterPresence seen = directory_.presence(other);
            if (seen.kind == ClusterPresence::Kind::Up && seen.process.pid == group.process.pid) return false;
        }
        return true;
    }

    /// A daemon that does not say what it stops is an older one: it stops all that it runs.
    std::vector<std::string> stoppingOf(const engine::Json& answer, const std::string& cluster) {
        std::vector<std::string> out;
        const auto listed = answer.find("stopping");
        if (listed != answer.end() && listed->is_array()) {
            for (const engine::Json& name : *listed) {
                if (name.is_string()) out.push_back(name);
            }
            return out;
        }
        const auto here = session_.engine().readPorts(cluster);
        for (const std::string& other : directory_.clusters()) {
            const auto ports = session_.engine().readPorts(other);
            if (here && ports && ports->process.pid == here->process.pid) out.push_back(other);
        }
        return out;
    }

    /// Until the volumes are free, and a process that has nothing left to run is gone.
    Status wait(const Group& group, const std::set<std::string>& clusters) {
        int stoppedMs = 0;
        int stepMs = kStepMsMin;
        for (int waitedMs = 0; waitedMs < kWaitMs; stepMs = std::min(2 * stepMs, kStepMsMax)) {
            const ProcessState state = stateOf(group.process);
            if (state == ProcessState::Gone) return okStatus();
            const bool free = std::none_of(clusters.begin(), clusters.end(), [this](const std::string& cluster) {
                const auto holder = holderOfLock(session_.engine().lockPath(cluster));
                return !holder || holder.value().has_value();
            });
            if (free && !group.whole) return okStatus();
            stoppedMs = state == ProcessState::Stopped ? stoppedMs + stepMs : 0;
            if (stoppedMs > kStoppedMs) break;
            ::poll(nullptr, 0, stepMs);
            waitedMs += stepMs;
        }
        Error error = unansweringError(group.process.pid, stateOf(group.process), "was asked to stop",
                                       session_.engine().paths().state() + "/daemon.log");
        if (stoppedMs == 0)
            error.what = fmt::format("process {} was asked to stop {} s ago and has not ended", group.process.pid,
                                     kWaitMs / 1000);
        return error;
    }

    Session& session_;
    WorkspaceDirectory& directory_;
    std::map<std::int64_t, Group> groups_;
    DownReport report_;
};

}  // namespace

Result<DownReport> down(const DownOptions& options) {
    auto session = Session::openToStop(options.workspaceDir, options.user);
    if (!session) return session.error();
    return Stopping(**session).run(options.clusters);
}

}  // namespace tributary::app
