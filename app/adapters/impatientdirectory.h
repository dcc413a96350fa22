// Clusters that are only looked at, within a bound: a frozen one costs a moment once, not a time-out for every
// question.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/node/controlclient.h"

namespace tributary::app {

/// A directory in front of another. Requests that look at the catalog wait `patienceMs` at most; a cluster that did not
/// answer one is given up: every later request to it is answered at once with the same Timeout. Comparisons of rows
/// keep their own limits. Made for one look (a dry run), not for a run: a cluster that thaws stays given up. One thread
/// at a time.
class ImpatientDirectory final : public engine::ClusterDirectory {
public:
    static constexpr Millis kPatienceMs = 2'000;

    /// `inner` outlives this.
    explicit ImpatientDirectory(engine::ClusterDirectory& inner, Millis patienceMs = kPatienceMs);

    /// Clusters known to be silent before anything was asked: they are not asked at all.
    void giveUp(const std::string& cluster, const Error& why);
    [[nodiscard]] const std::map<std::string, Error>& silent() const { return *silent_; }

    Result<std::shared_ptr<engine::ControlClient>> client(const std::string& cluster) override;
    [[nodiscard]] std::vector<std::string> clusters() const override { return inner_.clusters(); }
    [[nodiscard]] std::string defaultCluster() const override { return inner_.defaultCluster(); }

private:
    engine::ClusterDirectory& inner_;
    Millis patienceMs_;
    std::shared_ptr<std::map<std::string, Error>> silent_;  // shared with the clients that were handed out
};

/// Asks all clusters at once, each on a connection that `probe` makes, and waits `patienceMs` for the slowest: those
/// that did not answer, with the reason. `probe` is called on threads of its own.
[[nodiscard]] std::map<std::string, Error> findSilent(const std::vector<std::string>& clusters,
                                                      const std::function<Status(const std::string& cluster)>& probe);

}  // namespace tributary::app
