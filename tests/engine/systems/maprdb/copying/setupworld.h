// Two clusters in virtual time, and requests as a client of the source sends them.
#pragma once

#include "engine/node/controlserver.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "streamworld.h"

namespace tributary::test {

/// Cluster c0 has the stream /mapr/c0/activity, and /mapr/c0/t when makeTable() was called; replicas go to c1.
class SetupWorld : public StreamWorld {
public:
    static constexpr const char* kStream = "/mapr/c0/activity";
    static constexpr const char* kCopy = "/mapr/c1/copy";
    static constexpr const char* kTable = "/mapr/c0/t";

    /// Copies go at `bytesPerS`: a chunk (1 MiB) of a copy is then an event of its own.
    explicit SetupWorld(std::uint64_t bytesPerS = 1U << 20U) : StreamWorld(2) {
        for (int each = 0; each < 2; ++each) host(each).faults().countReached(true);
        host(0).config().setupBytesPerS = bytesPerS;
        again(0);
    }
    void again(int which) {
        host(which).kill();
        start(which);
    }
    Result<Bytes> call(int where, engine::Method method, Bytes body, const std::string& user = "ana") {
        auto answer = std::make_shared<std::optional<Result<Bytes>>>();
        node(where).controlServer()->ask({7, static_cast<std::uint16_t>(method), user, std::move(body),
                                          [answer](Result<Bytes> result) { answer->emplace(std::move(result)); }});
        if (!run(60'000, [&] { return answer->has_value(); })) {
            return Error{ErrorCode::Timeout, "no answer", {}, {}};
        }
        return **answer;
    }
    Result<engine::Json> asked(int where, engine::Method method, const engine::Json& body) {
        const auto answer = call(where, method, body.dump());
        if (!answer) return answer.error();
        return engine::Json::parse(answer.value());
    }
    /// `count` messages of 64 KiB each: sixteen of them are a chunk.
    void fill(int count, const std::string& topic = "t") {
        for (int i = 0; i < count; ++i) {
            (void)produce(0, topic, {fmt::format("{:06}", i) + std::string(65'000, 'x')});
        }
    }
    void makeTable(int rows) {
        const engine::Json body{{"path", kTable}, {"families", {{{"name", "f"}}}}};
        if (!asked(0, engine::maprdb::TableMethod::CreateTable, body)) qFatal("no table");
        for (int i = 0; i < rows; ++i) putRow(0, kTable, fmt::format("key{:06}", i), std::string(65'000, 'v'));
    }
    void putRow(int where, const std::string& path, const std::string& key, const std::string& value) {
        Bytes mutations;
        engine::maprdb::MutationBuilder builder(mutations);
        builder.put(key, {0, "v", value, {}});
        Bytes body;
        appendBlob(body, path);
        appendFixed<std::uint8_t>(body, 0);
        body += engine::maprdb::encodeBody({"f"}, mutations);
        const auto put = call(where, engine::maprdb::TableMethod::Put, std::move(body));
        if (!put) qFatal("%s", put.error().full().c_str());
    }
    Result<engine::Json> setUp(engine::Json autosetup = engine::Json::object(), const std::string& path = kStream) {
        const bool stream = path == kStream;
        return asked(0, stream ? engine::maprdb::StreamMethod::AddReplica : engine::maprdb::TableMethod::AddReplica,
                     {{"path", path}, {"replica", kCopy}, {"cluster", "c1"}, {"autosetup", std::move(autosetup)}});
    }
    /// The replica's record at the source; nullptr = there is none.
    const engine::ReplicaRecord* replica(const std::string& path = kStream) {
        const engine::DatasetRecord* record = node(0).catalog().byPath(path);
        return record == nullptr ? nullptr : record->replicaByPath(kCopy);
    }
    engine::ReplicaState state(const std::string& path = kStream) {
        const auto* record = replica(path);
        return record == nullptr ? engine::ReplicaState::Unexpected : record->state;
    }
    bool until(engine::ReplicaState wanted, const std::string& path = kStream) {
        return run(120'000, [&] { return host(0).up() && state(path) == wanted && replica(path) != nullptr; });
    }
    bool isSetUp(const std::string& path = kStream) {
        return run(240'000, [&] {
            const auto* record = host(0).up() ? replica(path) : nullptr;
            return record != nullptr && record->setup.is_null();
        });
    }
    /// As `replica list` shows it.
    engine::Json row(const std::string& path = kStream) {
        const bool stream = path == kStream;
        const auto list =
            asked(0, stream ? engine::maprdb::StreamMethod::ListReplicas : engine::maprdb::TableMethod::ListReplicas,
                  {{"path", path}, {"refresh", true}});
        return list && !list.value()["replicas"].empty() ? list.value()["replicas"][0] : engine::Json();
    }
    std::string errorCode() {
        const engine::Json shown = row();
        return shown.contains("error") ? shown["error"]["code"].get<std::string>() : std::string();
    }
    /// Nothing passes between the clusters any more.
    void cut(bool on) {
        world().network().cut(0, 1, on);
        world().network().cut(1, 0, on);
    }
    bool alarmed() {
        for (const engine::Alarm& alarm : node(0).alarms().list()) {
            if (alarm.name == engine::kAlarmReplicationError) return true;
        }
        return false;
    }
    /// Offsets, origins and values of a stream's partition 0, each value cut short.
    std::string shown(int where, const std::string& path, const std::string& topic = "t") {
        using namespace engine::maprdb;
        const engine::DatasetRecord* record = node(where).catalog().byPath(path);
        if (record == nullptr) return "no stream";
        auto view = node(where).view(record->id, false);
        std::string out;
        const Bytes prefix = batchKey({topic, 0, 0}, 0).substr(0, topic.size() + 10);
        const auto rows = view.value()->scan(prefix, behindPrefix(prefix), 100'000, SIZE_MAX >> 1U);
        for (const engine::StoredRow& each : rows.value().rows) {
            const BatchView batch = parseBatchHead(batchFrom(each.record).value()).value();
            ByteReader reader(batch.messages);
            for (std::uint64_t at = batch.first; at < batch.end(); ++at) {
                out += fmt::format("{}:{} ", at, readMessage(reader).value.substr(0, 6));
            }
        }
        return out;
    }
    std::size_t rows(int where, const std::string& path) {
        const engine::DatasetRecord* record = node(where).catalog().byPath(path);
        if (record == nullptr) return 0;
        auto view = node(where).view(record->id, false);
        return view.value()->scan({}, {}, SIZE_MAX >> 1U, SIZE_MAX >> 1U).value().rows.size();
    }
};

}  // namespace tributary::test
