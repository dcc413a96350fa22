// Something else at the place of a stopped gateway: a program of another user that says what it likes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/sim/simnetwork.h"

namespace tributary::simtest {

/// Listens where a gateway listened, and does with whoever dials what a stranger could: is silent, echoes, plays the
/// gateway, refuses with numbers of its own, or carries everything to a live gateway and back. It knows no key.
class SimRogue {
public:
    static constexpr int kHost = 90;  ///< its number in the network; no node has it

    SimRogue(engine::sim::SimNetwork& network, std::uint64_t seed)
        : random_(seed), transport_(network.transportOf(kHost)) {}
    ~SimRogue() { leave(); }
    SimRogue(const SimRogue&) = delete;
    SimRogue& operator=(const SimRogue&) = delete;

    /// Takes the place, when it is free. `live` is a gateway that still runs.
    void stand(const engine::Endpoint& place, const std::optional<engine::Endpoint>& live);
    void leave();

private:
    enum class Way { Silent, Echo, Play, Refuse, Relay };
    struct Guest {
        std::unique_ptr<engine::Connection> near;
        std::unique_ptr<engine::Connection> far;
        Way way = Way::Silent;
    };
    void meet(std::unique_ptr<engine::Connection> connection, const std::optional<engine::Endpoint>& live);
    void answer(engine::Connection& to, Way way, BytesView heard);

    engine::sim::SimRandom random_;
    std::unique_ptr<engine::Transport> transport_;
    std::vector<std::unique_ptr<engine::Listener>> listeners_;
    std::vector<std::unique_ptr<Guest>> guests_;
};

}  // namespace tributary::simtest
