// Examination of a machine and a workspace; metrics.
#include "app/terminal/careverbs.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>

#include "app/terminal/dataverbscommon.h"
#include "app/terminal/texttable.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

constexpr std::uint64_t kSpaceTight = 1'000'000'000;
constexpr std::uint64_t kSpaceNone = 100'000'000;
constexpr off_t kLogLarge = 256 << 20;

enum class Health { Good, Warning, Bad };

struct Finding {
    std::string subject;
    Health health = Health::Good;
    std::string detail;
    std::string fix;
};

std::string_view healthName(Health health) {
    return health == Health::Good ? "ok" : health == Health::Warning ? "warning" : "bad";
}

bool onPath(const std::string& program) {
    const char* path = std::getenv("PATH");
    for (const std::string& folder : split(path == nullptr ? "" : path, ':')) {
        if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    }
    return false;
}

/// Looks at everything and keeps what it saw; nothing is changed.
class Doctor {
public:
    explicit Doctor(const VerbContext& context) : context_(context) {}

    std::vector<Finding> examine() {
        add("version", Health::Good, TRIBUTARY_VERSION);
        for (const char* tool : {"jq", "flock", "timeout"}) {
            if (onPath(tool)) {
                add(tool, Health::Good, "is on PATH");
            } else {
                add(tool, Health::Warning, "is not on PATH; exported scripts need it",
                    fmt::format("apt-get install {}", tool));
            }
        }
        const auto paths = findWorkspace(context_.workspaceDir);
        if (!paths) {
            add("workspace", Health::Warning, paths.error().text(), paths.error().fix);
            return std::move(findings_);
        }
        files(*paths);
        clusters();
        return std::move(findings_);
    }

private:
    void add(std::string subject, Health health, std::string detail, std::string fix = {}) {
        findings_.push_back({std::move(subject), health, std::move(detail), std::move(fix)});
    }

    void files(const WorkspacePaths& paths) {
        const auto workspace = openWorkspace(paths);
        if (workspace) {
            add("drawing", Health::Good, paths.topology());
        } else {
            add("drawing", Health::Bad, workspace.error().text(), workspace.error().fix);
        }
        if (::access(paths.root.c_str(), W_OK) != 0) {
            add("permissions", Health::Bad, paths.root + " cannot be written", "chown or chmod the folder");
        }
        struct statvfs space {};
        if (::statvfs(paths.root.c_str(), &space) == 0) {
            const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
            const Health health = free < kSpaceNone ? Health::Bad : free < kSpaceTight ? Health::Warning : Health::Good;
            add("space", health, humanBytes(free) + " free at " + paths.root,
                health == Health::Good ? "" : "a full disk makes clusters read-only: free some");
        }
        struct stat info {};
        if (::stat((paths.state() + "/secret").c_str(), &info) == 0) {
            const bool closed = (info.st_mode & 077) == 0;
            add("secret", closed ? Health::Good : Health::Bad,
                closed ? "only its owner can read it" : "others can read it",
                closed ? "" : fmt::format("chmod 600 {}/secret", paths.state()));
        }
        if (::stat((paths.state() + "/daemon.log").c_str(), &info) == 0 && info.st_size > kLogLarge) {
            add("log", Health::Warning,
                fmt::format("daemon.log has {}", humanBytes(static_cast<std::uint64_t>(info.st_size))),
                "tributary down, then move it away");
        }
    }

    void clusters() {
        auto session = openSession(context_);
        if (!session) return add("clusters", Health::Bad, session.error().text(), session.error().fix);
        const WorkspaceStatus status = collectStatus(**session);
        for (const ClusterRow& cluster : status.clusters) {
            const std::string subject = "cluster " + cluster.name;
            if (cluster.state == "up") {
                add(subject, Health::Good, fmt::format("up, process {}", cluster.pid));
            } else if (cluster.state == "down") {
                add(subject, Health::Warning, "down", "tributary up");
            } else {
                add(subject, Health::Bad, cluster.state + ": " + cluster.reason, "tributary status");
            }
            for (const GatewayRow& gateway : cluster.gateways) {
                if (gateway.running && !*gateway.running)
                    add("gateway " + gateway.name, Health::Bad, "stopped", "tributary fault clear");
            }
            for (const AlarmRow& alarm : cluster.alarms)
                add("alarm", Health::Warning, alarm.name + " " + alarm.entity, "tributary status");
        }
        for (const LinkRow& link : status.links) {
            if (!link.error.empty())
                add("link", Health::Warning, link.from + " -> " + link.to + ": " + link.error, "tributary watch");
        }
    }

    const VerbContext& context_;
    std::vector<Finding> findings_;
};

int doctor(const VerbContext& context) {
    const std::vector<Finding> findings = Doctor(context).examine();
    bool bad = false;
    engine::Json rows = engine::Json::array();
    TextTable table({"WHAT", "", "SEEN"});
    for (const Finding& finding : findings) {
        bad = bad || finding.health == Health::Bad;
        rows.push_back({{"what", finding.subject},
                        {"health", healthName(finding.health)},
                        {"seen", finding.detail},
                        {"fix", finding.fix}});
        const std::string fix = finding.fix.empty() ? std::string() : "\n  try: " + finding.fix;
        table.add({finding.subject, std::string(healthName(finding.health)), finding.detail + fix});
    }
    if (context.json) {
        printJson({{"healthy", !bad}, {"findings", rows}});
    } else {
        fmt::print("{}", table.text(context.outIsTerminal ? context.columns : 0));
    }
    return bad ? 1 : 0;
}

std::string label(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\' || c == '"') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

int metrics(const VerbContext& context) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    const WorkspaceStatus status = collectStatus(**session);
    const std::string text = metricsText(status);
    if (context.json) {
        printJson({{"metrics", text}});
    } else {
        fmt::print("{}", text);
    }
    return 0;
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
    family("table_rows", "rows of the table");
    for (const ClusterRow& cluster : status.clusters) {
        for (const TableRow& table : cluster.tables) {
            out += fmt::format("tributary_table_rows{{table=\"{}\"}} {}\n", label(table.path), table.rows);
        }
    }
    links("link_replicating", "1 when the link replicates, 0 in any other state; absent when unknown",
          [](const LinkRow& link) -> std::optional<double> {
              if (link.state == "?") return {};
              return link.state == "replicating" ? 1 : 0;
          });
    links("link_lag_seconds", "age of the oldest change that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.lagMs, 1000); });
    links("link_pending_bytes", "bytes that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.bytesPending, 1); });
    links("link_pending_operations", "row operations that the replica lacks; absent when unknown",
          [&](const LinkRow& link) { return scaled(link.operationsPending, 1); });
    return out;
}

std::vector<Verb> careVerbs() {
    return {
        {"doctor", "help", "Look whether tools, workspace, clusters and links are as they should be",
         "tributary doctor\ntributary doctor -w demo --json",
         [](CLI::App&) { return [](VerbContext& context) { return doctor(context); }; }},
        {"metrics", "workspace", "Print figures of clusters and links for Prometheus", "tributary metrics -w demo",
         [](CLI::App&) { return [](VerbContext& context) { return metrics(context); }; }},
    };
}

}  // namespace tributary::app
