// A small strict system in memory for plans: tables, families, records, rows and the links that carry them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/operations/operation.h"
#include "core/topology/observation.h"
#include "runbooks/planner/plan.h"
#include "runbooks/port/systemport.h"
#include "tests/runbooks/runner/fakes.h"

namespace tributary::runbooks::test {

struct ModelLink {
    std::string uuid;
    std::string columns;
    bool paused = false;
    bool synchronous = false;
    bool throttle = false;
    std::string compression = "lz4";
    std::set<std::string> pending;  ///< rows that wait to be sent
};

struct ModelTable {
    std::string uuid;
    bool bulkLoad = false;
    std::string deleteTtl = "86400";
    std::map<std::string, std::string> perms;
    std::map<std::string, ObservedFamily> families;
    std::set<std::string> rows;
    std::map<std::string, ModelLink> replicas;
    std::map<std::string, std::string> upstreams;  ///< from -> uuid
};

/// Refuses what a real system would refuse; what is refused stays as it was. Rows know no families.
class ModelPort final : public SystemPort {
public:
    explicit ModelPort(FakeClock& clock) : clock_(clock) {}

    CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override;
    CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    std::vector<LinkObservation> links() override { return {}; }
    std::string fingerprint() override { return stateText(); }
    std::vector<std::string> describe() override { return {stateText()}; }
    LineEffect effectOf(const std::string& line, const LookAround& around) override;

    void put(const std::string& path, const std::string& row);
    [[nodiscard]] Observation observe() const;
    /// Everything but identities and rows.
    [[nodiscard]] std::string stateText() const;

    std::vector<std::string> clusters;
    std::map<std::string, ModelTable> tables;
    std::set<std::string> silent;         ///< clusters that do not answer
    std::vector<std::string> executed;    ///< every line that had its effect
    std::set<std::string> keep;           ///< tables that nobody may delete
    std::vector<std::string> violations;  ///< what happened to them
    std::map<std::string, int> copies;    ///< "from to" -> how often it was copied

private:
    Status apply(const Operation& op);
    Status applyTable(const Operation& op, const std::string& path);
    Status applyReplica(const Operation& op, const std::string& path);
    Status create(const Operation& op, const std::string& path);
    bool holds(const std::string& name, const std::vector<std::string>& given) const;
    bool healthy(const std::string& from, const std::string& to) const;
    [[nodiscard]] std::int64_t onlyHere(const std::string& path, const std::set<std::string>& gone) const;
    void insert(const std::string& path, const std::string& row);
    void flow();
    FakeClock& clock_;
    int made_ = 0;
};

}  // namespace tributary::runbooks::test
