// Every kind of request once, and values in place of others: what a program that forgot a check would meet.
#pragma once

#include <vector>

#include "engine/systems/maprdb/tables/mutation.h"
#include "linkworld.h"
#include "mutator.h"

namespace tributary::test {

namespace maprdb = engine::maprdb;
using engine::Method;

/// A request that is as it should be.
struct RequestKind {
    Method method;
    Bytes body;
};

inline Bytes putBody(const std::vector<std::string>& families, BytesView mutations) {
    Bytes body;
    appendBlob(body, LinkWorld::path(0));
    appendFixed<std::uint8_t>(body, 0);
    return body + maprdb::encodeBody(families, mutations);
}

inline Bytes rangeBody() {
    Bytes body;
    appendBlob(body, LinkWorld::path(0));
    appendBlob(body, "");
    appendBlob(body, "");
    appendFixed<std::uint32_t>(body, 100);
    appendFixed<std::uint32_t>(body, 1U << 20U);
    appendBlob(body, "a");
    appendFixed<std::uint32_t>(body, 0);
    appendFixed<std::int64_t>(body, 0);
    appendFixed<std::int64_t>(body, 0);
    return body;
}

inline Bytes goodMutations() {
    Bytes mutations;
    maprdb::MutationBuilder builder(mutations);
    builder.beginPut("row");
    builder.addCell({0, "x", "value", {Millis{7}, {}}});
    builder.addCell({1, "y", Bytes(40, 'v'), {}});
    builder.endPut();
    builder.deleteRow("other");
    builder.deleteFamily("other", 1);
    builder.deleteColumn("other", 0, "q");
    return mutations;
}

inline std::vector<RequestKind> requestKinds() {
    const std::string path = R"("path":"/mapr/c0/t")";
    const std::string uuid = R"("uuid":")" + Uuid::fromRandom(9, 9).text() + R"(")";
    const auto json = [&](const std::string& rest) { return "{" + path + rest + "}"; };
    return {
        {maprdb::TableMethod::Put, putBody({"a", "b"}, goodMutations())},
        {maprdb::TableMethod::ReadRange, rangeBody()},
        {maprdb::TableMethod::Describe, json("")},
        {maprdb::TableMethod::ListTables, "{}"},
        {maprdb::TableMethod::CreateTable,
         R"({"path":"/mapr/c0/u","attributes":{"deletettl":"10"},"perms":{"replperm":"u:ana"},"families":[{"name":"f",)"
         R"("maxversions":2,"minversions":0,"ttl":100,"compression":"lz4","perms":{},"columns":{}}]})"},
        {maprdb::TableMethod::AlterTable, json(R"(,"attributes":{"deletettl":"9"},"perms":{"packperm":"p"})")},
        {maprdb::TableMethod::CreateFamily, json(R"(,"name":"g","maxversions":1,"ttl":5,"perms":{"readperm":"p"})")},
        {maprdb::TableMethod::AlterFamily, json(R"(,"name":"a","maxversions":3,"ttl":50)")},
        {maprdb::TableMethod::SetColumnPerms, json(R"(,"family":"a","column":"x","perms":{"readperm":"p"})")},
        {maprdb::TableMethod::DropFamily, json(R"(,"name":"g")")},
        {maprdb::TableMethod::AddReplica,
         json(R"(,"replica":"/mapr/c1/t","cluster":"c1",)" + uuid + R"(,"columns":"a,b:x")")},
        {maprdb::TableMethod::AlterReplica, json(R"(,"replica":"/mapr/c1/t","columns":"a","throttle":true)")},
        {maprdb::TableMethod::PauseReplica, json(R"(,"replica":"/mapr/c1/t","paused":true)")},
        {maprdb::TableMethod::SetReplicaState,
         json(R"(,"replica":"/mapr/c1/t","state":"REPLICA_STATE_REPLICATING","percent":3)")},
        {maprdb::TableMethod::RemoveReplica, json(R"(,"replica":"/mapr/c1/t")")},
        {maprdb::TableMethod::ListReplicas, json(R"(,"refresh":true)")},
        {maprdb::TableMethod::AddUpstream, json(R"(,"upstream":"/mapr/c1/t","cluster":"c1",)" + uuid)},
        {maprdb::TableMethod::RemoveUpstream, json(R"(,"upstream":"/mapr/c1/t")")},
        {maprdb::TableMethod::ListUpstreams, json("")},
        {Method::SetGateways, R"({"cluster":"c1","gateways":["gw-1","127.0.0.1:5"]})"},
        {Method::GatewayInfo, "{}"},
        {Method::GatewayService, R"({"name":"","action":"restart"})"},
        {Method::ListAlarms, "{}"},
        {Method::RaiseAlarm, R"({"name":"VOLUME_ALARM_TABLE_REPL_ERROR","entity":"e","description":"d"})"},
        {Method::ClearAlarm, R"({"name":"","entity":""})"},
        {maprdb::TableMethod::SetVolume, R"({"volume":"/mapr/c0","lagthresholdseconds":60})"},
        {Method::NodeStatus, "{}"},
        {Method::Faults, R"({"what":"list"})"},
        {maprdb::TableMethod::CopySession, json(R"(,"begin":true)")},
        {maprdb::TableMethod::Get, json(R"(,"key":"row")")},
        {maprdb::TableMethod::Scan, json(R"(,"from":"a","to":"z","limit":10,"columns":"a")")},
        {maprdb::TableMethod::Fingerprint, json(R"(,"from":"","to":"","rowsperrange":10,"boundaries":["k","m"])")},
    };
}

/// Values in place of a number or a text: what a program that forgot a check would meet.
inline Bytes oddValue(const Bytes& json, Mutator& mutator) {
    static const std::vector<Bytes> kOdd{"-1",
                                         "0",
                                         "18446744073709551615",
                                         "-9223372036854775808",
                                         "1e308",
                                         "null",
                                         "[]",
                                         "true",
                                         R"("")",
                                         R"("\u0000")",
                                         "{}",
                                         "2.5",
                                         "[[]]"};
    const std::size_t colon = json.find(':', static_cast<std::size_t>(mutator.below(json.size() + 1)));
    if (colon == Bytes::npos) return mutator.damaged(json);
    const std::size_t end = json.find_first_of(",}", colon);
    return json.substr(0, colon + 1) + kOdd[static_cast<std::size_t>(mutator.below(kOdd.size()))] +
           (end == Bytes::npos ? Bytes() : json.substr(end));
}

}  // namespace tributary::test
