// Two simulated hosts with a table each and a link between them: the real node in virtual time, without sockets.
#pragma once

#include <fmt/format.h>

#include <QTest>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "engine/sim/simworld.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/row.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tableprojections.h"

namespace tributary::test {

/// Host 0 ("c0") replicates its table to host 1 ("c1").
class LinkWorld final : private engine::sim::NetworkTap {
public:
    explicit LinkWorld(const std::function<void(engine::NodeConfig&)>& tune = {}) {
        world_.network().setTap(this);
        for (int host = 0; host < 2; ++host) {
            engine::NodeConfig config;
            config.kinds = engine::maprdb::onlyTables();
            config.cluster = fmt::format("c{}", host);
            config.volumeDir = "/volume";
            config.gateways = {{fmt::format("gw-{}", host), {"127.0.0.1", door(host, 1), {}, {}}}};
            config.control = {{"127.0.0.1", door(host, 3), {}, {}}};
            config.key = "key of " + config.cluster;
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
            config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
                return std::vector<engine::Endpoint>{{"127.0.0.1", door(cluster == "c1" ? 1 : 0, 1), {}, cluster}};
            };
            if (tune) tune(config);
            world_.add(std::move(config), 256U << 20U);
            const Status started = world_.host(host).start();
            if (!started) qFatal("%s", started.error().full().c_str());
            createTable(host);
        }
    }
    ~LinkWorld() override { world_.network().setTap(nullptr); }
    LinkWorld(const LinkWorld&) = delete;
    LinkWorld& operator=(const LinkWorld&) = delete;

    static std::uint16_t door(int host, int number) { return engine::sim::SimNetwork::portOf(host, number); }
    static std::string path(int host) { return fmt::format("/mapr/c{}/t", host); }
    static Uuid uuid(int host) { return Uuid::fromRandom(7, static_cast<std::uint64_t>(host) + 1); }

    engine::sim::SimWorld& world() { return world_; }
    engine::Node& node(int host) { return world_.host(host).node(); }
    [[nodiscard]] const engine::DatasetRecord& record(int host) { return *node(host).catalog().byPath(path(host)); }

    /// Runs the world until `done` holds, for `ms` of virtual time at most. True when it held.
    bool run(
        Millis ms, const std::function<bool()>& done = [] { return false; }) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    [[nodiscard]] Micros nowUs() { return world_.events().nowUs(); }

    /// Changes a table's record and waits for it.
    Status edit(int host, const std::function<void(engine::maprdb::TableRecord&)>& change) {
        return wait([&](auto done) {
            node(host).change(
                [&, host](const engine::Catalog& catalog) -> Result<engine::CatalogChange> {
                    engine::maprdb::TableRecord table = engine::maprdb::tableOf(*catalog.byPath(path(host)));
                    change(table);
                    return engine::CatalogChange::put(table.dataset());
                },
                done);
        });
    }
    void createFamily(int host, const std::string& name) {
        const Status made = edit(host, [&](engine::maprdb::TableRecord& table) { addFamily(table, name); });
        if (!made) qFatal("%s", made.error().full().c_str());
    }
    void dropFamily(int host, const std::string& name) {
        const Status dropped = edit(host, [&](engine::maprdb::TableRecord& table) {
            for (auto& family : table.families) {
                if (family.live() && family.name == name) family.droppedLsn = UINT64_MAX;
            }
        });
        if (!dropped) qFatal("%s", dropped.error().full().c_str());
    }
    /// Both halves of the agreement.
    void connect(const std::function<void(engine::ReplicaRecord&)>& shape = {}) {
        const Status upstream = edit(1, [](engine::maprdb::TableRecord& table) {
            table.upstreams.push_back({table.nextEdgeIdx++, "c0", path(0), uuid(0)});
        });
        const Status replica = edit(0, [&](engine::maprdb::TableRecord& table) {
            engine::ReplicaRecord record;
            record.idx = table.nextEdgeIdx++;
            record.cluster = "c1";
            record.path = path(1);
            record.uuid = uuid(1);
            record.compression = "off";
            if (shape) shape(record);
            table.replicas.push_back(std::move(record));
        });
        if (!upstream || !replica) qFatal("no agreement");
    }
    Status editReplica(const std::function<void(engine::ReplicaRecord&)>& change) {
        return edit(0, [&](engine::maprdb::TableRecord& table) { change(table.replicas.front()); });
    }
    Status put(int host, const std::string& key, const std::string& value, const std::string& family = "a") {
        Bytes mutations;
        engine::maprdb::MutationBuilder(mutations).put(key, {0, "v", value, {}});
        return putBody(host, engine::maprdb::encodeBody({family}, mutations));
    }
    Status putBody(int host, const Bytes& body) {
        return wait([&](auto done) {
            engine::PutRequest request;
            request.user = "ana";
            request.path = path(host);
            request.body = body;
            node(host).put(std::move(request),
                           [done](const Result<Bytes>& answer) { done(answer ? okStatus() : Status(answer.error())); });
        });
    }
    /// Value of the row's only visible cell; empty when there is none.
    std::string get(int host, const std::string& key) {
        const engine::DatasetRecord& table = record(host);
        auto view = node(host).view(table.id, false);
        const auto row = view.value()->get(key);
        if (!row || !row.value()) return {};
        const engine::FoldContext context = node(host).foldContext(table);
        engine::maprdb::VisibleCells cells(*row.value(), context);
        engine::maprdb::RowItem cell;
        return cells.next(cell) ? std::string(cell.value) : std::string();
    }
    engine::LinkStatus link() {
        const engine::DatasetRecord& table = record(0);
        return node(0).dataset(table.id)->links.at(table.replicas.front().idx)->status();
    }
    [[nodiscard]] bool caughtUp() { return link().operationsPending == 0; }
    [[nodiscard]] std::string alarms(int host) {
        std::string all;
        for (const auto& alarm : node(host).alarms().list()) all += alarm.name + " ";
        return all;
    }
    void setBytesPerS(std::uint64_t bytes) {
        engine::sim::PathRule rule = world_.network().rule(0, 1);
        rule.bytesPerSecond = bytes;
        world_.network().setRule(0, 1, rule);
    }
    /// What host 0 gave to connections that it dialled, and how many those were.
    [[nodiscard]] std::uint64_t bytesSent() const { return bytesSent_; }
    [[nodiscard]] std::size_t sessions() const { return streams_.size(); }
    void forgetTraffic() {
        bytesSent_ = 0;
        streams_.clear();
    }

private:
    static void addFamily(engine::maprdb::TableRecord& table, const std::string& name) {
        engine::maprdb::FamilyRecord family;
        family.id = table.nextFamilyId++;
        family.name = name;
        family.perms = {{"readperm", "p"}, {"writeperm", "p"}};
        table.families.push_back(std::move(family));
    }
    void createTable(int host) {
        const Status made = wait([&](auto done) {
            node(host).change(
                [host](const engine::Catalog& catalog) -> Result<engine::CatalogChange> {
                    engine::maprdb::TableRecord table;
                    table.id = catalog.nextId();
                    table.uuid = uuid(host);
                    table.path = path(host);
                    for (const char* perm : {"adminaccessperm", "replperm", "defaultreadperm"}) table.perms[perm] = "p";
                    for (const char* name : {"a", "b"}) addFamily(table, name);
                    return engine::CatalogChange::put(table.dataset());
                },
                done);
        });
        if (!made) qFatal("%s", made.error().full().c_str());
    }
    Status wait(const std::function<void(std::function<void(const Status&)>)>& start) {
        std::optional<Status> answer;
        start([&](const Status& status) { answer = status; });
        if (!run(60'000, [&] { return answer.has_value(); })) qFatal("no answer");
        return *answer;
    }
    void sent(const engine::sim::StreamInfo& stream, bool byDialler, BytesView bytes) override {
        if (stream.dialler != 0 || stream.acceptor != 1 || !byDialler) return;
        bytesSent_ += bytes.size();
        streams_.insert(stream.id);
    }
    void delivered(const engine::sim::StreamInfo&, bool, BytesView) override {}

    engine::sim::SimWorld world_{1};
    std::uint64_t bytesSent_ = 0;
    std::set<std::uint64_t> streams_;
};

}  // namespace tributary::test
