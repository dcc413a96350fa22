// One instance on a simulated host, and a console on it: statements in Lua, answers as the console prints them.
#pragma once

#include <fmt/format.h>

#include <QtGlobal>
#include <optional>

#include "engine/sim/simworld.h"
#include "engine/systems/tarantool/instance/instancecontrol.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/script/sandbox.h"

namespace tributary::test {

namespace tt = engine::tarantool;

class InstanceWorld final : public tt::BoxBackend {
public:
    using Told = std::function<void(tt::InstanceSettings&)>;
    static constexpr std::uint64_t kSegmentBytes = 64U << 20U;
    /// `segmentBytes` of the log; small ones are released soon. `tell` may change what it is told.
    explicit InstanceWorld(bool begins = true, std::uint64_t segmentBytes = kSegmentBytes, const Told& tell = {}) {
        settings_->name = "instance002";
        settings_->replicaset = "replicaset001";
        settings_->uuid = tt::uuidFromName(settings_->name);
        settings_->replicasetUuid = tt::uuidFromName(settings_->replicaset);
        settings_->options.users = {{"replicator", "cHJvb2Y=", {"replication"}}};
        settings_->options.listen = "127.0.0.1:3302";
        settings_->reread = [this]() { return configured; };
        if (tell) tell(*settings_);
        engine::NodeConfig config;
        config.kinds = tt::onlyInstance(settings_);
        config.cluster = settings_->name;
        config.volumeDir = "/volume";
        config.key = "key of the instance";
        config.pid = 4711;
        config.onTrouble = [this](const std::string& line) { log.push_back(line); };
        config.logSegmentBytes = segmentBytes;
        config.snapshotEveryMs = 1'000;
        world_.add(std::move(config), 64U << 20U);
        start();
        if (begins) begin();
    }
    void start() {
        const Status started = world_.host(0).start();
        if (!started) qFatal("%s", started.error().full().c_str());
    }
    void begin() {
        std::optional<Status> answer;
        control().begin([&](const Status& status) { answer = status; });
        if (!run([&] { return answer.has_value(); }) || !answer->ok()) {
            qFatal("no beginning: %s", answer ? answer->error().full().c_str() : "no answer");
        }
    }
    /// The host loses its power and comes back.
    void powerCut() {
        world_.host(0).powerCut(world_.splitSeed());
        start();
        begin();
    }
    tt::InstanceControl& control() {
        return static_cast<tt::InstanceControl&>(world_.host(0).node().control(tt::instanceKind()));
    }
    bool run(const std::function<bool()>& done) { return world_.runUntil(world_.events().nowUs() + 60'000'000, done); }
    [[nodiscard]] Micros nowUs() { return world_.events().nowUs(); }
    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        std::optional<tt::BoxAnswer> answer;
        control().call(session, method, arguments, [&](tt::BoxAnswer given) { answer = std::move(given); });
        if (!answer && !run([&] { return answer.has_value(); })) return tt::BoxFailure{0, "no answer", {}};
        return *answer;
    }
    /// A statement to a console that lives as long as the world.
    std::string lua(const std::string& statement) {
        if (!sandbox_) {
            auto made = tt::Sandbox::make(*this, {});
            if (!made) qFatal("%s", made.error().full().c_str());
            sandbox_ = std::move(made).value();
        }
        return sandbox_->evaluate(statement);
    }
    engine::sim::SimNode& host() { return world_.host(0); }
    /// As somebody on another host dials.
    engine::Transport& outside() {
        if (!outside_) outside_ = world_.network().transportOf(1);
        return *outside_;
    }
    tt::InstanceSettings& settings() { return *settings_; }

    Result<tt::InstanceOptions> configured = Error{ErrorCode::InvalidInput, "config.yaml:1:1: no map", {}, {}};
    std::uint64_t session = 1;
    std::vector<std::string> log;  ///< lines for the log of the process
    engine::sim::SimWorld& world() { return world_; }

private:
    engine::sim::SimWorld world_{5};
    std::shared_ptr<tt::InstanceSettings> settings_ = std::make_shared<tt::InstanceSettings>();
    std::unique_ptr<tt::Sandbox> sandbox_;
    std::unique_ptr<engine::Transport> outside_;
};

}  // namespace tributary::test
