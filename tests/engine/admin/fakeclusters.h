// Clusters in memory behind the control API: what administration, copies and checks are tested against.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/node/controlclient.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::test {

/// One stored cell or tombstone.
struct FakeItem {
    engine::maprdb::OpKind kind = engine::maprdb::OpKind::Put;
    std::string family;
    Bytes qualifier;
    Millis timestampMs = 0;
    Stamp stamp = 0;
    Bytes value;
    friend auto operator<=>(const FakeItem&, const FakeItem&) = default;
};

struct FakeTable {
    engine::maprdb::TableRecord record;
    std::map<Bytes, std::set<FakeItem>> rows;
    int sessions = 0;
    int sessionsBegun = 0;

    void put(const Bytes& key, const std::string& family, const Bytes& qualifier, Millis timestampMs,
             const Bytes& value, Stamp stamp = 1) {
        rows[key].insert(FakeItem{engine::maprdb::OpKind::Put, family, qualifier, timestampMs, stamp, value});
    }
    [[nodiscard]] std::vector<FakeItem> visible(const Bytes& key) const;
};

class FakeCluster {
public:
    explicit FakeCluster(std::string name) : name_(std::move(name)) {}

    Result<Bytes> handle(engine::Method method, BytesView body);
    /// Makes an ordinary table with these families, owned and usable by u:ana.
    FakeTable& add(const std::string& local, const std::vector<std::string>& families, int identity);
    [[nodiscard]] FakeTable* at(const std::string& path);
    /// The request of this method that comes after `skip` others fails.
    void failNext(engine::Method method, Error error, int skip = 0) { failures_[method].emplace_back(skip, error); }
    /// Methods as they came, with the state of SetReplicaState: "AddReplica", "SetReplicaState COPY_IN_PROGRESS".
    std::vector<std::string> log;

    std::map<std::string, engine::Json> linkFigures;  ///< by replica path: merged into ListReplicas rows
    std::map<std::string, std::vector<std::string>> gatewaysSet;
    engine::Json gatewaysLocal = engine::Json::array();
    engine::Json gatewaysKnown = engine::Json::object();
    engine::Json alarms = engine::Json::array();
    std::string state = "ok";
    engine::Json groups = engine::Json::object();  ///< group -> users, as NodeStatus tells
    bool up = true;
    bool cutAtFingerprints = true;  ///< false: answers fingerprints without the boundaries asked for

private:
    using Json = engine::Json;
    Result<Bytes> dispatch(engine::Method method, BytesView body);
    Result<Bytes> answerJson(engine::Method method, const Json& body);
    Result<Bytes> catalog(engine::Method method, const Json& body, FakeTable& table);
    Result<Bytes> families(engine::Method method, const Json& body, FakeTable& table);
    Result<Bytes> edges(engine::Method method, const Json& body, FakeTable& table);
    Result<Bytes> create(const Json& body);
    Result<Bytes> readRange(BytesView body);
    Result<Bytes> put(BytesView body);
    Json fingerprint(const Json& body, FakeTable& table);
    Json scan(const Json& body, FakeTable& table);
    Json replicaRow(const engine::ReplicaRecord& replica);
    Json linkRows();

    std::string name_;
    std::map<std::string, FakeTable> tables_;
    std::map<engine::Method, std::deque<std::pair<int, Error>>> failures_;
    std::uint32_t nextId_ = 1;
};

class FakeClient final : public engine::ControlClient {
public:
    FakeClient(FakeCluster& cluster, std::string name) : cluster_(cluster), name_(std::move(name)) {}
    Result<Bytes> call(engine::Method method, BytesView body, Millis timeoutMs) override;
    Status send(engine::Method method, BytesView body) override;
    Result<Bytes> receive(Millis timeoutMs) override;
    [[nodiscard]] const std::string& cluster() const override { return name_; }
    [[nodiscard]] std::size_t unread() const { return answers_.size(); }
    std::size_t unreadMax = 0;
    bool mixedUp = false;  ///< a call was made while answers were due: on a real connection they would be taken for its

private:
    FakeCluster& cluster_;
    std::string name_;
    std::deque<Result<Bytes>> answers_;
};

class FakeDirectory final : public engine::ClusterDirectory {
public:
    FakeCluster& add(const std::string& name);
    Result<std::shared_ptr<engine::ControlClient>> client(const std::string& cluster) override;
    [[nodiscard]] std::vector<std::string> clusters() const override;
    [[nodiscard]] std::string defaultCluster() const override { return fallback; }
    FakeClient& clientOf(const std::string& name) { return *clients_.at(name); }
    std::string fallback;

private:
    std::map<std::string, std::unique_ptr<FakeCluster>> clusters_;
    std::map<std::string, std::shared_ptr<FakeClient>> clients_;
};

/// The members of an answer's row, in the order printed.
inline std::vector<std::string> fieldsOf(const engine::Json& row) {
    std::vector<std::string> out;
    for (const auto& [name, value] : row.items()) out.push_back(name);
    return out;
}

/// A clock that tests move.
struct FakeTime {
    Millis nowMs = 1'700'000'000'000;
    Millis stepMs = 0;  ///< added by each look
    Millis look() {
        nowMs += stepMs;
        return nowMs;
    }
};

}  // namespace tributary::test
