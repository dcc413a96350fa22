// Drawings for the rules' tests, written as a person would write them.
#pragma once

#include <QString>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/systems/catalogue.h"
#include "core/workspace/topologyfile.h"

namespace tributary::test {

/// Multi-master between two sites, without findings. Tests replace parts of it.
inline constexpr std::string_view kGoodDrawing = R"(tributary: 1
clusters:
  sf: {gateways: [gw-sf-1, gw-sf-2], users: [ana, ben]}
  ny: {gateways: [gw-ny-1, gw-ny-2], users: [ana, ben]}
datasets:
  /mapr/sf/t: {kind: binary-table, families: [profile, orders], exists: true, deletettl: 7d}
  /mapr/ny/t: {kind: binary-table, families: [profile, orders], deletettl: 7d}
replicas:
  - {from: /mapr/sf/t, to: /mapr/ny/t}
  - {from: /mapr/ny/t, to: /mapr/sf/t}
upstreams:
  - {at: /mapr/ny/t, from: /mapr/sf/t}
  - {at: /mapr/sf/t, from: /mapr/ny/t}
wan:
  - {between: [sf, ny], latency: 35ms, outage: 1d}
)";

/// A replica set with one writer, about which there is nothing to say but that it is not run. Tests replace parts of
/// it.
inline constexpr std::string_view kGoodReplicaSet = R"(tributary: 1
clusters:
  rs:
    system: tarantool
    failover: off
    members:
      i1: {mode: rw, listen: '127.0.0.1:3301'}
      i2: {mode: ro, listen: '127.0.0.1:3302'}
    users: {replicator: {roles: [replication]}}
datasets:
  rs:bands: {kind: space, format: [[id, unsigned], [name, string]], primary: [id]}
)";

/// A master and its replica of VoltDB, about which there is nothing to say but that they are not run.
inline constexpr std::string_view kGoodPassive = R"(tributary: 1
clusters:
  east: {system: voltdb, id: 1, members: {e1: {}, e2: {}}, kfactor: 1, command-log: synchronous, overflow-limit: '80%'}
  west: {system: voltdb, id: 2, role: replica, members: {w1: {}}, command-log: synchronous}
datasets:
  east:votes: {kind: dr-table, format: [[id, bigint], [name, varchar(32)]], primary: [id], partition: id, data: true}
  west:votes: {kind: dr-table, format: [[id, bigint], [name, varchar(32)]], primary: [id], partition: id}
connections:
  - {at: west, from: east, source: [e1]}
)";

/// Three active clusters of VoltDB, chained: they find each other.
inline constexpr std::string_view kGoodActive = R"(tributary: 1
clusters:
  a: {system: voltdb, id: 1, role: xdcr, members: {a1: {}}, command-log: synchronous, overflow-limit: '80%'}
  b: {system: voltdb, id: 2, role: xdcr, members: {b1: {}}, command-log: synchronous, overflow-limit: '80%'}
  c: {system: voltdb, id: 3, role: xdcr, members: {c1: {}}, command-log: synchronous, overflow-limit: '80%'}
datasets:
  a:t: {kind: dr-table, format: [[id, bigint], [n, integer]], primary: [id], data: true}
  b:t: {kind: dr-table, format: [[id, bigint], [n, integer]], primary: [id]}
  c:t: {kind: dr-table, format: [[id, bigint], [n, integer]], primary: [id]}
connections:
  - {at: a, from: b}
  - {at: b, from: a}
  - {at: c, from: b}
)";

/// `text` with the first `from` replaced; an absent `from` is the test's own mistake and empties the text.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

inline std::vector<Finding> findingsOf(const std::vector<Finding>& all, std::string_view rule) {
    std::vector<Finding> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out),
                 [&](const Finding& each) { return each.rule == rule; });
    return out;
}

}  // namespace tributary::test
