// Starting and stopping clusters on the service's lane.
#include "app/desktop/live/engineservice.h"

namespace tributary::desktop {

struct EngineService::Hold {
    std::unique_ptr<engine::EngineHost> host;
};

EngineService::EngineService(QObject& relay, WorkspaceAccess access)
    : hold_(std::make_shared<Hold>()),
      lane_(std::make_unique<WorkLane>(relay, std::move(access), WorkLane::AtEnd::Join)) {}

EngineService::~EngineService() {
    lane_.reset();                                             // joins: nobody else touches the host below
    if (hold_->host != nullptr) (void)hold_->host->stopAll();  // an unclean stop costs a replay at the next start
}

void EngineService::start(QObject* context, std::function<void(Result<EngineStarted>)> done) {
    lane_->reopen();  // the drawing may have been saved since
    lane_->ask<EngineStarted>(
        context,
        [hold = hold_](app::Session& session) -> Result<EngineStarted> {
            const std::vector<std::string> clusters = session.directory().clusters();
            if (clusters.empty()) {
                return Error{ErrorCode::InvalidInput, "the drawing has no clusters", session.workspace().paths.root,
                             "draw a cluster, save, and start the engine again"};
            }
            std::vector<std::string> down;
            for (const std::string& cluster : clusters) {
                const app::ClusterPresence seen = session.directory().presence(cluster);
                if (seen.kind == app::ClusterPresence::Kind::Down) down.push_back(cluster);
                const bool told =
                    seen.kind == app::ClusterPresence::Kind::Down || seen.kind == app::ClusterPresence::Kind::Up;
                if (!told) return seen.error;  // a second engine beside one that may be there
            }
            if (!down.empty()) {
                const bool first = hold->host == nullptr;
                if (first) {
                    auto host = app::makeHost(session.engine(), {});
                    if (!host) return host.error();
                    hold->host = std::move(host).value();
                }
                const Status started =
                    app::startClusters(*hold->host, session.engine(), session.topology(), down, session.user());
                if (!started) {
                    if (first) hold->host.reset();  // half an engine would only hide what went wrong
                    return started.error();
                }
            }
            return EngineStarted{hold->host != nullptr, static_cast<int>(down.size())};
        },
        std::move(done));
}

void EngineService::stop(QObject* context, std::function<void(Result<bool>)> done) {
    lane_->ask<bool>(
        context,
        [hold = hold_](app::Session&) -> Result<bool> {
            if (hold->host == nullptr) return false;
            const Status stopped = hold->host->stopAll();
            hold->host.reset();
            if (!stopped) return stopped.error();
            return true;
        },
        std::move(done));
}

}  // namespace tributary::desktop
