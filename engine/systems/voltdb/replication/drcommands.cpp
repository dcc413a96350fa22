// What an administrator asks of a cluster: promote, dr reset, dr drop.
#include <fmt/format.h>

#include "engine/systems/voltdb/replication/drcluster.h"

namespace tributary::engine::voltdb {

namespace {

Error refused(std::string what, std::string fix = {}) {
    return {ErrorCode::Conflict, std::move(what), {}, std::move(fix)};
}

}  // namespace

void DrCluster::promote(bool isPaused, Done done) {
    if (book_.role != DrRole::Replica) {
        done(refused("@Promote issued on non-replica cluster. No action taken."));
        return;
    }
    if (isPaused) {
        done(refused("Server is paused and is available in read-only mode - please try again later.",
                     "voltadmin resume"));
        return;
    }
    store_.logLine("Promoting replication role from replica to master.");
    dropConsumers();
    store_.write(encodeBody(DrTrackersBody{DrTrackersBody::What::Forget, -1, {}, {}}),
                 [this, alive = alive_, done = std::move(done)](const Result<DrDecided>& cleared) {
                     if (!*alive) return;
                     if (!cleared) {
                         done(cleared.error());
                         return;
                     }
                     store_.setReadOnly({});
                     book_.role = DrRole::Master;
                     book_.hasJoined = false;
                     book_.isSyncing = false;
                     book_.conversations.clear();
                     broken_.clear();
                     samples_.clear();
                     Status status = save();
                     if (status) status = producer_.start();
                     if (!status) {
                         done(status.error());
                         return;
                     }
                     done(std::string("The cluster is promoted to normal operation."));
                 });
}

std::optional<std::string> DrCluster::whyNoReset(std::optional<int> cluster, bool isForced, bool isAll) const {
    if (isForced && isAll) return "You cannot specify both --force and --all options.";
    if (cluster && isAll) return "You cannot specify both --cluster and --all options.";
    if (isAll) return std::nullopt;
    if (!cluster || *cluster < 0 || *cluster > static_cast<int>(kClusterMask)) {
        return "The specified cluster ID must be in the range of 0 to 127.";
    }
    if (*cluster == store_.settings().cluster) {
        return "You cannot specify the current cluster ID in the DR RESET command. You must specify the ID of a "
               "different cluster.";
    }
    const auto talk = book_.conversations.find(*cluster);
    if (talk == book_.conversations.end()) {
        return fmt::format("The specified cluster ID {} is not recognized as a member of the current DR environment.",
                           *cluster);
    }
    const auto producing = producer_.talks().find(*cluster);
    const bool isLive = producing != producer_.talks().end() && producing->second->isStreaming();
    if (!isForced && isLive && talk->second.isSynced && book_.conversations.size() > 1) {
        return fmt::format("Cluster {} is connected and in step: --force resets its DR all the same.", *cluster);
    }
    return std::nullopt;
}

void DrCluster::reset(std::optional<int> cluster, bool isForced, bool isAll, const Done& done) {
    if (book_.role == DrRole::None || book_.role == DrRole::Replica) {
        done(refused("this cluster holds no logs for others"));
        return;
    }
    if (auto why = whyNoReset(cluster, isForced, isAll)) {
        done(refused(std::move(*why)));
        return;
    }
    std::vector<int> clusters;
    for (const auto& [each, talk] : book_.conversations) {
        if (isAll || each == *cluster) clusters.push_back(each);
    }
    for (const int each : clusters) forget(each);
    forgotten(clusters, done);
}

void DrCluster::forget(int cluster) {
    store_.logLine(fmt::format("DR with cluster {} is forgotten: its logs are held no more", cluster));
    producer_.forget(cluster);
    const auto at = consumers_.find(cluster);
    if (at != consumers_.end()) {
        drop(std::move(at->second));
        consumers_.erase(at);
    }
    if (joining_ == cluster) joining_.reset();
    samples_.erase(cluster);
    book_.conversations.erase(cluster);
}

void DrCluster::forgotten(const std::vector<int>& clusters, const Done& done) {
    // Without anybody else it is of no group: whoever comes begins one with it.
    if (book_.conversations.empty()) book_.hasJoined = false;
    if (Status saved = save(); !saved) {
        done(saved.error());
        return;
    }
    const auto waiting = std::make_shared<std::size_t>(clusters.size());
    const auto answer = [this, alive = alive_, waiting, done](const Result<DrDecided>& cleared) {
        if (!*alive || *waiting == 0) return;
        if (!cleared) {
            *waiting = 0;
            done(cleared.error());
            return;
        }
        if (--*waiting > 0) return;
        seek();
        done(std::string("DR reset is done."));
    };
    if (clusters.empty()) {
        done(std::string("DR reset is done."));
        return;
    }
    for (const int each : clusters) {
        store_.write(encodeBody(DrTrackersBody{DrTrackersBody::What::Forget, each, {}, {}}), answer);
    }
}

void DrCluster::left(int cluster) {
    store_.logLine(fmt::format("cluster {} leaves the group", cluster));
    // Its lines may be in a call: they go in another turn.
    store_.seams().executor.post([this, alive = alive_, cluster] {
        if (!*alive) return;
        forget(cluster);
        forgotten({cluster}, [](const Result<std::string>&) {});
    });
}

void DrCluster::drop(const Done& done) {
    std::vector<int> clusters;
    for (const auto& [cluster, talk] : book_.conversations) {
        clusters.push_back(cluster);
        const auto at = consumers_.find(cluster);
        if (at != consumers_.end() && at->second->isUp()) continue;
        done(refused(fmt::format("Cluster {} cannot be told: it is not connected", cluster),
                     fmt::format("voltadmin dr reset --cluster={} there", store_.settings().cluster)));
        return;
    }
    if (clusters.empty()) {
        done(refused("this cluster is of no DR group"));
        return;
    }
    struct Leaving {
        std::size_t waiting;
        bool isRefused = false;
    };
    const auto leaving = std::make_shared<Leaving>(Leaving{clusters.size()});
    for (const int each : clusters) {
        consumers_.at(each)->leave([this, alive = alive_, leaving, clusters, done](bool isForgotten) {
            if (!*alive) return;
            leaving->isRefused = leaving->isRefused || !isForgotten;
            if (--leaving->waiting > 0) return;
            if (leaving->isRefused) {
                done(refused("Not all connected clusters have been reset",
                             fmt::format("voltadmin dr reset --cluster={} on the others", store_.settings().cluster)));
                return;
            }
            for (const int cluster : clusters) forget(cluster);
            broken_ = "this cluster has left its DR group";
            forgotten(clusters, [done](const Result<std::string>& cleared) {
                if (cleared) {
                    done(std::string("All connected clusters have been successfully reset. Safe to shutdown..."));
                } else {
                    done(cleared.error());
                }
            });
        });
    }
}

}  // namespace tributary::engine::voltdb
