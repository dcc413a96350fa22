// One simulated run: build the world of a plan, load it under faults, heal it, judge it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/sim/simworld.h"
#include "nodemodel.h"
#include "simplan.h"
#include "simrogue.h"
#include "wireoracle.h"

namespace tributary::simtest {

/// What a run came to.
struct Outcome {
    std::optional<std::string> violation;  ///< "<oracle>: sentence"; nothing = all oracles were content
    std::uint64_t traceHash = 0;
    std::uint64_t events = 0;
    Micros virtualUs = 0;
    Micros healUs = 0;  ///< virtual time from the last heal to rest
    int acked = 0;
    int refused = 0;
    std::map<std::string, std::uint64_t> counts;  ///< faults injected, and rare paths of the engine that were reached
};

/// Runs a plan from beginning to end. One object, one run.
class SimRun {
public:
    /// `trace` is called with a line for each notable thing (replay); may be empty.
    SimRun(Plan plan, std::function<void(const std::string&)> trace);
    ~SimRun();
    SimRun(const SimRun&) = delete;
    SimRun& operator=(const SimRun&) = delete;
    [[nodiscard]] Outcome run();

private:
    enum class OpState { Pending, Acked, Refused, Lost };
    struct Op {
        int host = 0;
        OpState state = OpState::Pending;
        bool watched = true;  ///< must be on every node in the end (SimWrite)
        std::string what;
    };
    struct Site {
        std::unique_ptr<NodeModel> model;
        bool restartPlanned = false;
        bool ioFaults = false;
        engine::Lsn syncedLsn = 0;  ///< as last seen alive
        std::uint64_t editsOpen = 0;
    };
    using Edit = std::function<bool(engine::DatasetRecord&)>;

    // simrun.cpp
    void addHosts();
    bool setUp();
    bool afterEvent();
    void fail(const std::string& violation);
    void trace(const std::string& line);
    [[nodiscard]] const engine::LinkKind& links() const;
    [[nodiscard]] Uuid uuidOf(int host) const;
    [[nodiscard]] std::string pathOf(int host) const { return plan_.kind->pathOf(host, "t"); }
    void edit(int host, Edit change);
    void createDatasets(int host);
    void addEdge(const Edge& edge);
    [[nodiscard]] bool usable(int host);

    // simload.cpp
    void nextOp();
    void issue(int host);
    void put(int host, int id, SimWrite write, const std::string& dataset);
    [[nodiscard]] bool stands(const Edge& edge);
    void makeRoom();
    void acknowledged(int id, int host, std::uint64_t life, const Status& status);
    void checkSynchronous(int id, int host);
    void checkFallBacks(int host);

    // simfaults.cpp
    void nextFault();
    void injectOne();
    void loseOps(int host, bool power);
    void powerCut(int host, Micros downUs);
    void kill(int host, Micros downUs);
    void standIn(int host);
    void planRestart(int host, Micros afterUs);
    void restart(int host);
    void diskTrouble(int host, bool full);
    void takeHandles(int host);
    void netTrouble();
    void drawLines();
    void catalogTrouble();
    void setCut(int from, int to, Micros forUs);
    void healAll();
    void repairCatalogs(int host);
    [[nodiscard]] Micros downTime();

    // simchecks.cpp
    void absorb(int host);
    void checkAcked(int host);
    void checkState(int host);
    [[nodiscard]] std::string compareRows(int host, std::uint32_t dataset);
    void checkCatalog(int host);
    [[nodiscard]] std::string missingOn(const Edge& edge);
    [[nodiscard]] std::optional<engine::LogEntry> firstMissing(const Edge& edge);
    [[nodiscard]] const engine::Projections& order() const;
    [[nodiscard]] std::string unrest();
    bool settle(const char* phase);
    void checkConvergence();
    void checkLost();
    void checkRest();
    void checkEverywhere();
    void checkSkips(const Edge& edge);
    void checkLives(int host);
    void cutEverybody();
    [[nodiscard]] bool droppedAt(int host, const Uuid& dataset, const engine::PayloadView& payload);
    [[nodiscard]] bool allowedAt(int host, const engine::Hello& hello, const engine::PayloadView& payload);
    [[nodiscard]] bool loggedAt(int host, const Uuid& dataset, const engine::Lane& lane, std::uint64_t from,
                                std::uint64_t to);

    Plan plan_;
    std::shared_ptr<const engine::NodeKinds> kinds_;
    std::function<void(const std::string&)> trace_;
    engine::sim::SimRandom random_;
    std::unique_ptr<WireOracle> wire_;
    std::unique_ptr<engine::sim::SimWorld> world_;
    std::unique_ptr<SimRogue> rogue_;
    NodeModel::Known known_;
    std::vector<Site> sites_;
    std::vector<Op> ops_;
    std::uint64_t pendingOps_ = 0;
    bool faultsOn_ = false;
    Micros lastHealUs_ = 0;
    std::map<std::tuple<int, std::uint64_t, std::uint32_t>, bool> synchronous_;  ///< by host, life, link: as last seen
    Outcome outcome_;
};

}  // namespace tributary::simtest
