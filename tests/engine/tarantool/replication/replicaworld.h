// An instance of two, in a simulated world in which the other is a script.
#pragma once

#include "scriptedmaster.h"

namespace tributary::test {

class ReplicaWorld {
public:
    explicit ReplicaWorld(const InstanceWorld::Told& tell = {})
        : world(false, InstanceWorld::kSegmentBytes,
                [tell](tt::InstanceSettings& settings) {
                    settings.options.peers = {"replicator@127.0.0.1:3301", "replicator@127.0.0.1:3302"};
                    settings.options.peerPassword = "topsecret";
                    settings.options.users.clear();
                    if (tell) tell(settings);
                }),
          master(world) {
        master.beatOn();
    }
    /// Begun, joined and in step.
    void follow() {
        world.begin();
        if (!world.run([this] { return upstream() == "follow"; })) {
            qFatal("it does not follow: %s %s", upstream().c_str(), seen().message.c_str());
        }
    }
    [[nodiscard]] tt::UpstreamSeen seen() {
        const auto all = world.control().upstreams();
        const auto at = all.find(master.uuid);
        return at == all.end() ? tt::UpstreamSeen() : at->second;
    }
    [[nodiscard]] std::string upstream() { return seen().status; }
    bool runMs(Millis ms) {
        return world.world().runUntil(world.world().events().nowUs() + ms * 1'000, [] { return false; });
    }
    [[nodiscard]] std::string count() { return said("box.space.bands:count()"); }
    [[nodiscard]] std::string clock() { return said("box.info.vclock"); }
    /// The one line of an answer.
    std::string said(const std::string& statement) {
        std::string answer = world.lua(statement);
        if (answer.starts_with("---\n- ")) answer = answer.substr(6);
        const std::size_t end = answer.find("\n...");
        return end == std::string::npos ? answer : answer.substr(0, end);
    }
    bool until(const std::string& statement, const std::string& answer) {
        for (int look = 0; look < 2'000; ++look) {
            if (said(statement) == answer) return true;
            runMs(30);  // of simulated time
        }
        return false;
    }
    engine::Lsn head() { return world.host().node().log().headLsn(); }
    bool logHas(const std::string& text) {
        for (const std::string& line : world.log) {
            if (line.find(text) != std::string::npos) return true;
        }
        return false;
    }
    std::uint64_t reached(std::string_view what) {
        const auto& reach = world.host().faults().reach();
        const auto at = reach.find(what);
        return at == reach.end() ? 0 : at->second;
    }

    InstanceWorld world;
    ScriptedMaster master;
};

}  // namespace tributary::test
