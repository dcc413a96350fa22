// Hosts with a stream each, in virtual time: what tests of offsets and of links need.
#pragma once

#include <fmt/format.h>

#include <QtGlobal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/sim/simworld.h"
#include "engine/systems/maprdb/maprdbkinds.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamrows.h"
#include "engine/systems/maprdb/streams/streamschema.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::test {

/// Clusters c0, c1, ... with the stream /mapr/cN/activity each; every write acts as "ana", who may do everything.
class StreamWorld {
public:
    explicit StreamWorld(int hosts) {
        for (int host = 0; host < hosts; ++host) {
            engine::NodeConfig config;
            config.kinds = engine::maprdb::maprdbKinds();
            config.cluster = fmt::format("c{}", host);
            config.volumeDir = "/volume";
            config.gateways = {{fmt::format("gw-{}", host), {"127.0.0.1", door(host), {}, {}}}};
            config.key = "key of " + config.cluster;
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
            config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
                return std::vector<engine::Endpoint>{{"127.0.0.1", door(cluster.back() - '0'), {}, cluster}};
            };
            world_.add(std::move(config), 64U << 20U);
            start(host);
            engine::DatasetRecord record;
            record.uuid = Uuid::fromRandom(9, static_cast<std::uint64_t>(host) + 1);
            record.path = path(host);
            record.schema = schema(record.uuid, {});
            edit(host, [record](const engine::Catalog& catalog) {
                engine::DatasetRecord made = record;
                made.id = catalog.nextId();
                return made;
            });
        }
    }
    static engine::SchemaPtr schema(const Uuid& uuid, const std::map<std::string, std::string>& attributes) {
        engine::maprdb::StreamSchema stream;
        stream.uuid = uuid;
        stream.attributes = attributes;
        for (const char* perm : {"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"}) {
            stream.perms[perm] = "u:ana";
        }
        return engine::maprdb::makeStream(std::move(stream));
    }
    static std::string path(int host) { return fmt::format("/mapr/c{}/activity", host); }
    static std::uint16_t door(int host) { return engine::sim::SimNetwork::portOf(host, 1); }
    engine::sim::SimNode& host(int host) { return world_.host(host); }
    engine::Node& node(int host) { return world_.host(host).node(); }
    void start(int host) {
        const Status started = world_.host(host).start();
        if (!started) qFatal("%s", started.error().full().c_str());
    }
    std::uint64_t seed() { return world_.splitSeed(); }
    const engine::DatasetRecord& record(int host) { return *node(host).catalog().byPath(path(host)); }
    bool run(Millis ms, const std::function<bool()>& done) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    void pass(Millis ms) {
        run(ms, [] { return false; });
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
    void attributes(int host, const std::map<std::string, std::string>& attributes) {
        edit(host, [&](const engine::Catalog&) {
            engine::DatasetRecord made = record(host);
            made.schema = schema(made.uuid, attributes);
            return made;
        });
    }
    /// Both halves of a link.
    void connect(int from, int to) {
        edit(to, [&](const engine::Catalog&) {
            engine::DatasetRecord made = record(to);
            made.upstreams.push_back({made.nextEdgeIdx++, fmt::format("c{}", from), path(from), record(from).uuid});
            return made;
        });
        edit(from, [&](const engine::Catalog&) {
            engine::DatasetRecord made = record(from);
            engine::ReplicaRecord replica;
            replica.idx = made.nextEdgeIdx++;
            replica.cluster = fmt::format("c{}", to);
            replica.path = path(to);
            replica.uuid = record(to).uuid;
            made.replicas.push_back(replica);
            return made;
        });
    }
    void disconnect(int from) {
        edit(from, [&](const engine::Catalog&) {
            engine::DatasetRecord made = record(from);
            made.replicas.clear();
            return made;
        });
    }
    std::shared_ptr<std::optional<Result<Bytes>>> ask(int host, Bytes body, bool copy = false) {
        auto answer = std::make_shared<std::optional<Result<Bytes>>>();
        engine::PutRequest request;
        request.user = "ana";
        request.path = path(host);
        request.copy = copy;
        request.body = std::move(body);
        node(host).put(std::move(request), [answer](Result<Bytes> result) { answer->emplace(std::move(result)); });
        return answer;
    }
    /// The reply, or the error's sentence.
    std::string put(int host, Bytes body, bool copy = false) {
        const auto answer = ask(host, std::move(body), copy);
        if (!run(60'000, [&] { return answer->has_value(); })) return "no answer";
        return (*answer)->ok() ? (*answer)->value() : (*answer)->error().what;
    }
    static Bytes messages(const std::string& topic, const std::vector<std::string>& values,
                          std::optional<std::uint32_t> partition = 0) {
        Bytes list;
        for (const std::string& value : values) engine::maprdb::appendMessage(list, {{}, value, 0, {}});
        Bytes body;
        engine::maprdb::appendPart(body, engine::maprdb::StreamPart::Produce,
                                   engine::maprdb::encodeProduce({topic, partition, values.size(), list}));
        return body;
    }
    std::string produce(int host, const std::string& topic, const std::vector<std::string>& values) {
        return put(host, messages(topic, values));
    }
    static Bytes cursor(const std::string& group, const std::string& topic, std::uint64_t offset) {
        Bytes body;
        engine::maprdb::appendCursor(body, {group, topic, 0, offset, 0});
        return body;
    }
    /// "0:a 1:b ..." of partition 0, as a reader sees it; of what lies apart with `letter` c.
    std::string show(int host, const std::string& topic, char letter = 'm') {
        using namespace engine::maprdb;
        auto view = node(host).view(record(host).id, false);
        const auto row = view.value()->get(topicKey(topic));
        if (!row.value()) return "no topic";
        const TopicState state = topicFrom(*row.value()).value();
        const Bytes prefix = letter + partitionKey({topic, state.epoch, 0}).substr(1);
        const auto rows = view.value()->scan(prefix, behindPrefix(prefix), 10'000, SIZE_MAX >> 1U);
        std::string out;
        for (const engine::StoredRow& each : rows.value().rows) {
            const BatchView batch = parseBatchHead(batchFrom(each.record).value()).value();
            if (letter == 'm' && isExpired(batch.stamp, node(host).foldContext(record(host)))) continue;
            ByteReader reader(batch.messages);
            for (std::uint64_t at = batch.first; at < batch.end(); ++at) {
                out += fmt::format("{}{}:{}", out.empty() ? "" : " ", at, readMessage(reader).value);
            }
        }
        return out;
    }
    engine::maprdb::PartitionState partition(int host, const std::string& topic) {
        auto view = node(host).view(record(host).id, false);
        const auto row = view.value()->get(engine::maprdb::partitionKey({topic, 0, 0}));
        return row.value() ? engine::maprdb::partitionFrom(*row.value()).value() : engine::maprdb::PartitionState{};
    }
    std::optional<std::uint64_t> cursorAt(int host, const std::string& group, const std::string& topic) {
        auto view = node(host).view(record(host).id, false);
        const auto row = view.value()->get(engine::maprdb::cursorKey(group, topic, 0));
        if (!row.value()) return std::nullopt;
        return engine::maprdb::cursorFrom(*row.value()).value().offset;
    }
    /// The batches of partition 0 as a copy brings them.
    Bytes batchesOf(int host, const std::string& topic) {
        using namespace engine::maprdb;
        auto view = node(host).view(record(host).id, false);
        const Bytes prefix = batchKey({topic, 0, 0}, 0).substr(0, topic.size() + 10);
        Bytes body;
        const auto rows = view.value()->scan(prefix, behindPrefix(prefix), 10'000, SIZE_MAX >> 1U);
        for (const engine::StoredRow& row : rows.value().rows) {
            appendPart(body, StreamPart::Placed, batchFrom(row.record).value());
        }
        return body;
    }
    engine::LinkStatus link(int from) {
        return node(from).dataset(record(from).id)->links.at(record(from).replicas.back().idx)->status();
    }
    bool caughtUp(int from) {
        return run(60'000, [&] { return link(from).operationsPending == 0; });
    }

protected:
    engine::sim::SimWorld& world() { return world_; }

private:
    engine::sim::SimWorld world_{3};
};

}  // namespace tributary::test
