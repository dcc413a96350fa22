// Samples grouped by metric, as the format wants them.
#include "app/observe/metricstext.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::app {
namespace {

std::string label(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

}  // namespace

// The format wants all samples of one metric together, under its own heading.
std::string metricsText(const WorkspaceStatus& status) {
    std::string out;
    const auto family = [&](const char* name, const char* help) {
        out += fmt::format("# HELP tributary_{} {}\n# TYPE tributary_{} gauge\n", name, help, name);
    };
    const auto links = [&](const char* name, const char* help, auto value) {
        family(name, help);
        for (const LinkRow& link : status.links) {
            const std::optional<double> figure = value(link);
            if (!figure) continue;
            out += fmt::format("tributary_{}{{from=\"{}\",to=\"{}\"}} {}\n", name, label(link.from), label(link.to),
                               *figure);
        }
    };
    const auto scaled = [](const std::optional<std::int64_t>& value, double by) {
        return value ? std::optional<double>(static_cast<double>(*value) / by) : std::nullopt;
    };
    family("cluster_up", "1 when the cluster answers");
    for (const ClusterRow& cluster : status.clusters) {
        out += fmt::format("tributary_cluster_up{{cluster=\"{}\"}} {}\n", label(cluster.name),
                           cluster.state == "up" ? 1 : 0);
    }
    family("gateway_up", "1 when the gateway takes connections");
    for (const ClusterRow& cluster : status.clusters) {
        for (const GatewayRow& gateway : cluster.gateways) {
            if (!gateway.running) continue;
            out += fmt::format("tributary_gateway_up{{cluster=\"{}\",gateway=\"{}\"}} {}\n", label(cluster.name),
                               label(gateway.name), *gateway.running ? 1 : 0);
        }
    }
    family("alarms", "alarms that are raised");
    for (const ClusterRow& cluster : status.clusters) {
        if (!cluster.answered) continue;
        out += fmt::format("tributary_alarms{{cluster=\"{}\"}} {}\n", label(cluster.name), cluster.alarms.size());
    }
    family("table_rows", "rows of the table, at most");
    for (const ClusterRow& cluster : status.clusters) {
        for (const TableRow& table : cluster.tables) {
            if (!table.unavailable.empty() || table.kind == "stream" || cluster.ofMembers)
                continue;  // unknown is not 0
            out += fmt::format("tributary_table_rows{{table=\"{}\"}} {}\n", label(table.path), table.rows);
        }
    }
    family("stream_messages", "messages of the stream, at most");
    for (const ClusterRow& cluster : status.clusters) {
        for (const TableRow& stream : cluster.tables) {
            if (!stream.unavailable.empty() || stream.kind != "stream") continue;
            out += fmt::format("tributary_stream_messages{{stream=\"{}\"}} {}\n", label(stream.path), stream.rows);
        }
    }
    links("link_replicating", "1 when the link replicates, 0 in any other state; absent when unknown",
          [](const LinkRow& link) -> std::optional<double> {
              if (link.state == "?") return {};
              return link.isFlowing() ? 1 : 0;
          });
    links("link_healthy", "1 when the link replicates as it is meant to, 0 when not; absent when unknown",
          [](const LinkRow& link) -> std::optional<double> {
              if (link.health() == LinkHealth::Unknown) return {};
              return link.health() == LinkHealth::Good ? 1 : 0;
          });
    links("link_lag_seconds", "age of the oldest change that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.lagMs, 1000); });
    links("link_pending_bytes", "bytes that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.bytesPending, 1); });
    links("link_pending_operations", "row operations that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.operationsPending, 1); });
    const bool anyMembers = std::any_of(status.clusters.begin(), status.clusters.end(),
                                        [](const ClusterRow& cluster) { return cluster.ofMembers; });
    if (!anyMembers) return out;
    links("link_idle_seconds", "time since the last row or heartbeat of an instance that is followed",
          [&](const LinkRow& link) { return scaled(link.idleMs, 1000); });
    const auto members = [&](const char* name, const char* help, auto value) {
        family(name, help);
        for (const ClusterRow& cluster : status.clusters) {
            for (const MemberLook& member : cluster.members) {
                const std::optional<bool> is = value(member);
                if (!is) continue;
                out += fmt::format("tributary_{}{{cluster=\"{}\",instance=\"{}\"}} {}\n", name, label(cluster.name),
                                   label(member.name), *is ? 1 : 0);
            }
        }
    };
    members("instance_up", "1 when the instance answers; absent when unknown",
            [](const MemberLook& member) -> std::optional<bool> {
                return member.state == "?" ? std::nullopt : std::optional(member.answered());
            });
    members("instance_read_only", "1 when the instance takes no writes; absent when unknown",
            [](const MemberLook& member) { return member.readOnly; });
    return out;
}

std::string metricsOfWorkspace(const std::string& workspaceDir, const std::string& user) {
    const auto session = Session::open({workspaceDir, user, false});
    if (!session) {
        std::string reason = session.error().text();
        for (char& c : reason) c = c == '\n' ? ' ' : c;
        return "# " + reason + "\n";
    }
    return metricsText(collectStatus(*session.value()));
}

}  // namespace tributary::app
