// Two hosts with a ledger each, in virtual time: what tests of the node and of links need of toys.
#pragma once

#include <fmt/format.h>

#include <QtGlobal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/sim/simworld.h"
#include "tests/toy/toykind.h"

namespace tributary::toy {

/// Two hosts with a ledger each, in virtual time.
class ToyWorld {
public:
    /// `shape` sees the config of each host before it starts.
    explicit ToyWorld(const std::function<void(engine::NodeConfig&)>& shape = [](engine::NodeConfig&) {}) {
        for (int host = 0; host < 2; ++host) {
            engine::NodeConfig config;
            config.kinds = onlyToys();
            config.cluster = fmt::format("c{}", host);
            config.volumeDir = "/volume";
            config.gateways = {{fmt::format("gw-{}", host), {"127.0.0.1", door(host), {}, {}}}};
            config.key = "key of " + config.cluster;
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
            config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
                return std::vector<engine::Endpoint>{{"127.0.0.1", door(cluster == "c1" ? 1 : 0), {}, cluster}};
            };
            shape(config);
            world_.add(std::move(config), 64U << 20U);
            start(host);
            engine::DatasetRecord record;
            record.uuid = Uuid::fromRandom(9, static_cast<std::uint64_t>(host) + 1);
            record.path = path(host);
            record.schema = toySchema();
            edit(host, [record](const engine::Catalog& catalog) {
                engine::DatasetRecord made = record;
                made.id = catalog.nextId();
                return made;
            });
        }
    }
    static std::string path(int host) { return fmt::format("c{}:ledger", host); }
    static std::uint16_t door(int host) { return engine::sim::SimNetwork::portOf(host, 1); }
    engine::sim::SimNode& host(int host) { return world_.host(host); }
    engine::Node& node(int host) { return world_.host(host).node(); }
    void start(int host) {
        const Status started = world_.host(host).start();
        if (!started) qFatal("%s", started.error().full().c_str());
    }
    engine::sim::SimNetwork& network() { return world_.network(); }
    std::uint64_t seed() { return world_.splitSeed(); }
    const engine::DatasetRecord& record(int host) { return *node(host).catalog().byPath(path(host)); }

    bool run(
        Millis ms, const std::function<bool()>& done = [] { return false; }) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    void edit(int host, const std::function<engine::DatasetRecord(const engine::Catalog&)>& make) {
        std::optional<Status> answer;
        node(host).change(
            [&](const engine::Catalog& catalog) -> Result<engine::CatalogChange> {
                return engine::CatalogChange::put(make(catalog));
            },
            [&](const Status& status) { answer = status; });
        if (!run(60'000, [&] { return answer.has_value(); }) || !answer->ok()) qFatal("no change");
    }
    void connect() { agree(true, true); }
    /// The halves of an agreement between host 0 and its replica, host 1.
    void agree(bool atSource, bool atReplica) {
        if (atReplica) {
            edit(1, [this](const engine::Catalog&) {
                engine::DatasetRecord made = record(1);
                if (!made.upstreams.empty()) return made;
                made.upstreams.push_back({made.nextEdgeIdx++, "c0", path(0), record(0).uuid});
                return made;
            });
        }
        if (!atSource) return;
        edit(0, [this](const engine::Catalog&) {
            engine::DatasetRecord made = record(0);
            engine::ReplicaRecord replica;
            replica.idx = made.nextEdgeIdx++;
            replica.cluster = "c1";
            replica.path = path(1);
            replica.uuid = record(1).uuid;
            made.replicas.push_back(replica);
            return made;
        });
    }
    void disconnect() {
        edit(0, [this](const engine::Catalog&) {
            engine::DatasetRecord made = record(0);
            made.replicas.clear();
            return made;
        });
    }
    /// Asks and does not wait: the place of the answer.
    std::shared_ptr<std::optional<Result<Bytes>>> ask(int host, const std::vector<ToyOrder>& orders) {
        auto answer = std::make_shared<std::optional<Result<Bytes>>>();
        engine::PutRequest request;
        request.user = "ana";
        request.path = path(host);
        request.body = encodeOrders(orders);
        node(host).put(std::move(request), [answer](Result<Bytes> result) { answer->emplace(std::move(result)); });
        return answer;
    }
    /// The reply, or the error's code in `where`.
    std::string put(int host, const std::vector<ToyOrder>& orders) {
        const auto answer = ask(host, orders);
        if (!run(60'000, [&] { return answer->has_value(); })) return "no answer";
        return text(*answer);
    }
    static std::string text(const std::optional<Result<Bytes>>& answer) {
        if (!answer) return "nothing";
        return answer->ok()                    ? answer->value()
               : answer->error().where.empty() ? answer->error().what
                                               : answer->error().where;
    }
    std::string show(int host, const std::string& key) {
        auto view = node(host).view(record(host).id, false);
        if (!view) return {};  // it is being filled
        const auto row = view.value()->get(key);
        return row.value() ? shownImage(*row.value()) : std::string();
    }
    engine::LinkStatus link() {
        return node(0).dataset(record(0).id)->links.at(record(0).replicas.front().idx)->status();
    }
    bool caughtUp() { return link().operationsPending == 0; }

private:
    engine::sim::SimWorld world_{3};
};

}  // namespace tributary::toy
