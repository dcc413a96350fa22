// Rendering of the status.
#include "app/terminal/statusview.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/terminal/jsonvalues.h"
#include "app/terminal/statusmembers.h"
#include "app/terminal/terminalhelp.h"
#include "app/terminal/texttable.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "runbooks/planner/plantext.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;

// The widest terminal line of one link row without its path: state, lag, bytes, operations.
constexpr int kLinkFigures = 76;
constexpr int kRatesFromColumns = 76;  ///< narrower terminals have no room for them
// Narrower terminals do without the system's name.
constexpr int kColumnsForSystem = 72;
constexpr std::size_t kDifferencesShown = 20;

std::string unknownOr(const std::optional<std::int64_t>& value, std::string (*spell)(std::int64_t)) {
    return value.has_value() ? spell(*value) : "?";
}

std::string bold(const std::string& text, const StatusStyle& style) {
    return style.colour ? "\x1b[1m" + text + "\x1b[0m" : text;
}

std::string gatewaysCell(const ClusterRow& cluster) {
    if (cluster.ofMembers) return "-";
    if (cluster.gateways.empty()) return "none";
    std::vector<std::string> stopped;
    for (const GatewayRow& gateway : cluster.gateways) {
        if (!gateway.running.has_value()) return "?";
        if (!*gateway.running) stopped.push_back(gateway.name);
    }
    std::string counts =
        fmt::format("{} of {} open", cluster.gateways.size() - stopped.size(), cluster.gateways.size());
    if (!cluster.gateways.front().channel.empty()) counts += ", " + cluster.gateways.front().channel;
    return stopped.empty() ? counts : fmt::format("{} ({} stopped)", counts, join(stopped, ", "));
}

constexpr std::size_t kTopicsShownMax = 5;

bool isStream(const TableRow& row) {
    return row.kind == "stream";
}

std::string clustersSection(const WorkspaceStatus& status, const StatusStyle& style) {
    std::vector<std::string> heading{"CLUSTER", "SYSTEM", "STATE", "GATEWAYS", "TABLES", "ALARMS", "UP FOR"};
    const bool withSystem = style.columns >= kColumnsForSystem;
    if (!withSystem) heading.erase(heading.begin() + 1);
    TextTable table(heading);
    for (const std::size_t column : {3U, 4U}) table.alignRight(column + (withSystem ? 1 : 0));
    std::string notes;
    for (const ClusterRow& cluster : status.clusters) {
        const auto count = [&](std::size_t n) { return cluster.answered ? std::to_string(n) : std::string("?"); };
        const auto streams =
            static_cast<std::size_t>(std::count_if(cluster.tables.begin(), cluster.tables.end(), isStream));
        std::vector<std::string> cells{cluster.name,
                                       cluster.system,
                                       cluster.state,
                                       gatewaysCell(cluster),
                                       count(cluster.tables.size() - streams),
                                       cluster.ofMembers && cluster.alarms.empty() ? "-" : count(cluster.alarms.size()),
                                       unknownOr(cluster.uptimeMs, humanDuration)};
        if (!withSystem) cells.erase(cells.begin() + 1);
        table.add(std::move(cells));
        const bool worth = !cluster.reason.empty() && cluster.state != "down";
        if (worth) notes += wrapped(fmt::format("  {}: {}", cluster.name, cluster.reason), style.columns - 4, 4) + "\n";
    }
    return table.empty() ? "No clusters are drawn.\n" : table.text(style.fit ? style.columns : 0) + notes;
}

std::vector<std::string> topicsOf(const TableRow& stream) {
    return stream.described && stream.described->topics ? *stream.described->topics : std::vector<std::string>();
}

std::string tablesSection(const WorkspaceStatus& status, const StatusStyle& style) {
    // A row written again that is not on disk yet counts twice, and one deleted counts until its mark is purged.
    TextTable table({"TABLE", "ROWS AT MOST", "FAMILIES"});
    table.alignRight(1);
    std::string notes;
    for (const ClusterRow& cluster : status.clusters) {
        for (const TableRow& row : cluster.tables) {
            if (isStream(row) || cluster.ofMembers) continue;
            const bool there = row.unavailable.empty();
            table.add({row.path, there ? groupedDigits(row.rows) : "?", join(row.families, ", ")});
            if (!there) notes += wrapped("  " + row.unavailable, style.columns - 4, 4) + "\n";
        }
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0) + notes;
}

std::string streamsSection(const WorkspaceStatus& status, const StatusStyle& style) {
    TextTable table({"STREAM", "MESSAGES AT MOST", "TOPICS"});
    table.alignRight(1);
    std::string notes;
    for (const ClusterRow& cluster : status.clusters) {
        for (const TableRow& row : cluster.tables) {
            if (!isStream(row)) continue;
            const bool there = row.unavailable.empty();
            const std::vector<std::string> topics = topicsOf(row);
            const std::size_t shown = std::min(topics.size(), kTopicsShownMax);
            std::string cell = join({topics.begin(), topics.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
            if (shown < topics.size()) cell += fmt::format(" and {} more", topics.size() - shown);
            table.add({row.path, there ? groupedDigits(row.rows) : "?", there ? cell : "?"});
            if (!there) notes += wrapped("  " + row.unavailable, style.columns - 4, 4) + "\n";
        }
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0) + notes;
}

std::string stateCell(const LinkRow& link) {
    std::string text = link.state;
    if (link.copyPercent.has_value()) text += fmt::format(" {} %", *link.copyPercent);
    if (link.synchronous) text += link.fellBack ? ", sync fell back" : ", sync";
    if (!link.channel.empty()) text += ", " + link.channel.substr(0, link.channel.find(','));
    if (link.divergedMs) text += ", diverged possible";
    if (!link.fault.empty()) text += ", " + link.fault;
    return text;
}

std::string linksSection(const WorkspaceStatus& status, const StatusStyle& style) {
    const bool rates = style.columns >= kRatesFromColumns;
    std::vector<std::string> heads{"LINK", "STATE", "LAG", "BYTES", "OPERATIONS"};
    if (rates) heads.emplace_back("PER SECOND");
    TextTable table(heads);
    for (std::size_t column = 2; column < heads.size(); ++column) table.alignRight(column);
    std::size_t longest = 0;
    for (const LinkRow& link : status.links) {
        if (!link.ofMembers) longest = std::max(longest, link.from.size() + link.to.size() + 4);
    }
    const bool oneLine = static_cast<int>(longest) + kLinkFigures <= style.columns;
    std::string notes;
    for (const LinkRow& link : status.links) {
        if (link.ofMembers) continue;
        const auto grouped = [](std::int64_t n) { return groupedDigits(static_cast<std::uint64_t>(n)); };
        std::vector<std::string> cells{
            link.from + (oneLine ? " -> " : "\n  -> ") + link.to, stateCell(link), unknownOr(link.lagMs, humanDuration),
            unknownOr(link.bytesPending, [](std::int64_t n) { return humanBytes(static_cast<std::uint64_t>(n)); }),
            unknownOr(link.operationsPending, grouped)};
        if (rates) cells.push_back(unknownOr(link.operationsPerS, grouped));
        table.add(std::move(cells));
        if (link.state == "?") continue;  // the cluster's own row says why
        for (const std::string& note : {link.error, linkNote(link), divergedNote(link)}) {
            if (note.empty()) continue;
            notes += wrapped(fmt::format("  {} -> {}: {}", link.from, link.to, note), style.columns - 4, 4) + "\n";
        }
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0) + notes;
}

std::string alarmsSection(const WorkspaceStatus& status, const StatusStyle& style) {
    TextTable table({"ALARM", "ENTITY", "SINCE", "CLUSTER"});
    std::string notes;
    for (const ClusterRow& cluster : status.clusters) {
        for (const AlarmRow& alarm : cluster.alarms) {
            const Millis ageMs = std::max<Millis>(0, style.nowMs - alarm.raisedMs);
            table.add({alarm.name, alarm.entity, alarm.raisedMs == 0 ? "?" : humanDuration(ageMs), cluster.name});
            // Of an alarm of the vendor's the name says what it is.
            if (!cluster.ofMembers) continue;
            notes += wrapped(fmt::format("  {}: {}", alarm.entity, alarm.description), style.columns - 4, 4) + "\n";
        }
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0) + notes;
}

std::string faultsSection(const WorkspaceStatus& status, const StatusStyle& style) {
    if (status.faults.empty()) return {};
    std::string out = "\n" + bold("Faults:", style) + "\n";
    for (const FaultRow& fault : status.faults) out += "  " + fault.text + "\n";
    return out;
}

std::string inForce(const NetworkRow& row) {
    if (row.state == "as-drawn") return networkText(row.drawn) + ", as drawn";
    const std::string drawn = fmt::format("drawn {}", networkText(row.drawn));
    if (row.state == "left-out") return drawn + ", left out (up --no-wan)";
    if (row.state == kNetworkNotCarried) return drawn + ", not in force: members that are processes send undelayed";
    return fmt::format("{}, in force {}", drawn, row.inForce ? networkText(*row.inForce) : "?");
}

// One line a pair when both directions are alike.
std::string networkSection(const WorkspaceStatus& status, const StatusStyle& style) {
    std::string out;
    for (const NetworkRow& row : status.networks) {
        const auto back = std::find_if(status.networks.begin(), status.networks.end(), [&](const NetworkRow& other) {
            return other.from == row.to && other.to == row.from && inForce(other) == inForce(row);
        });
        const bool both = back != status.networks.end() || row.state == kNetworkNotCarried;
        if (back != status.networks.end() && row.to < row.from) continue;
        out += wrapped(fmt::format("  {} {} {}: {}", row.from, both ? "<->" : "->", row.to, inForce(row)),
                       style.columns - 4, 4) +
               "\n";
    }
    return out.empty() ? out : "\n" + bold("Network between clusters:", style) + "\n" + out;
}

std::string differencesSection(const WorkspaceStatus& status, const StatusStyle& style) {
    if (status.differences.empty()) {
        return status.clusters.empty() ? std::string() : "\nWhat runs is what is drawn.\n";
    }
    std::string out = "\n" + bold("Drawn and observed differ:", style) + "\n";
    std::size_t shown = 0;
    for (const Difference& difference : status.differences) {
        if (++shown > kDifferencesShown) {
            out += fmt::format("  and {} more (--json has them all)\n", status.differences.size() - kDifferencesShown);
            break;
        }
        out += wrapped(fmt::format("  {} {} {}", difference.what(), difference.where(), difference.detail),
                       style.columns - 4, 4) +
               "\n";
    }
    return out;
}

/// Commands of ours work from where the asker stands.
std::string fromHere(const std::string& lines, const std::string& options) {
    std::string out;
    for (const std::string& line : split(lines, '\n')) {
        if (line.empty()) continue;
        out += line + (line.starts_with("  tributary ") ? options : std::string()) + "\n";
    }
    return out;
}

std::string nextSection(const WorkspaceStatus& status, const std::string& hereOptions) {
    std::string down;
    std::string out;
    // Who is down may be the master of before: whether it comes back is decided in the drawing first.
    const bool isSwitched =
        std::any_of(status.differences.begin(), status.differences.end(), [](const Difference& difference) {
            return difference.kind == DifferenceKind::Different && difference.attribute == "role";
        });
    for (const ClusterRow& cluster : status.clusters) {
        const bool isUpAgain =
            cluster.state == "down" || (cluster.ofMembers && cluster.state == "killed") || cluster.state == "partly up";
        if (isUpAgain && down.empty() && !isSwitched) down = "  tributary up\n";
        if (cluster.state == "stopped" || cluster.state == "failed") down = "  tributary down\n  tributary up\n";
    }
    std::set<std::string> fixes;
    for (const ClusterRow& cluster : status.clusters) {
        const bool command = cluster.fix.starts_with("kill -CONT") || !cluster.moved.empty();
        if (command && fixes.insert(cluster.fix).second) out += fmt::format("  {}\n", cluster.fix);
    }
    out += down;
    for (const LinkRow& link : status.links) {
        if (link.state == "stalled") out += fmt::format("  {}\n", copyAgainCommand(link));
    }
    if (!status.faults.empty()) out += "  tributary fault clear\n";
    const bool closable =
        std::any_of(status.differences.begin(), status.differences.end(), [](const Difference& difference) {
            const bool ofMember =
                std::holds_alternative<PeerId>(difference.element) || difference.attribute.starts_with("member.");
            return difference.kind != DifferenceKind::Unknown && !ofMember;
        });
    if (closable) out += "  tributary plan\n";
    return out.empty() ? out : "\nNext:\n" + fromHere(out, hereOptions);
}

Json ruleJson(const engine::EgressRule& rule) {
    return {{"latencyMs", rule.delayMs},
            {"bytesPerSecond", rule.bytesPerSecond == 0 ? Json() : Json(rule.bytesPerSecond)}};
}

Json clusterJson(const ClusterRow& cluster) {
    Json gateways = Json::array();
    for (const GatewayRow& gateway : cluster.gateways) {
        gateways.push_back(
            {{"name", gateway.name}, {"endpoint", gateway.endpoint}, {"running", orNull(gateway.running)}});
        if (!gateway.channel.empty()) gateways.back()["channel"] = gateway.channel;
    }
    Json tables;
    Json streams;
    Json alarms;
    if (cluster.answered) {
        tables = Json::array();
        streams = Json::array();
        alarms = Json::array();
    }
    for (const TableRow& table : cluster.tables) {
        if (isStream(table)) {
            const bool there = table.unavailable.empty();
            streams.push_back({{"path", table.path},
                               {"topics", there ? Json(topicsOf(table)) : Json()},
                               {"messages", there ? Json(table.rows) : Json()}});
            if (!there) streams.back()["unavailable"] = table.unavailable;
            continue;
        }
        Json row{{"path", table.path}, {"kind", table.kind}, {"families", table.families}, {"rows", table.rows}};
        if (!table.unavailable.empty()) {
            row["rows"] = nullptr;
            row["unavailable"] = table.unavailable;
        }
        tables.push_back(std::move(row));
    }
    for (const AlarmRow& alarm : cluster.alarms) {
        alarms.push_back({{"name", alarm.name},
                          {"entity", alarm.entity},
                          {"raised", isoTime(alarm.raisedMs)},
                          {"description", alarm.description}});
    }
    Json out{{"name", cluster.name},
             {"drawn", cluster.drawn},
             {"system", cluster.system},
             {"state", cluster.state},
             {"reason", cluster.reason},
             {"pid", cluster.pid == 0 ? Json() : Json(cluster.pid)},
             {"uptimeMs", orNull(cluster.uptimeMs)},
             {"durability", cluster.durability.empty() ? Json() : Json(cluster.durability)}};
    if (cluster.ofMembers) {
        out.update(membersJson(cluster));
        out["alarms"] = alarms;
        return out;
    }
    out.update(Json{{"gateways", gateways}, {"tables", tables}, {"streams", streams}, {"alarms", alarms}});
    return out;
}

void show(std::string& text) {
    text = shownLine(text);
}

void show(Difference& difference) {
    show(difference.detail);
    show(difference.attribute);
    for (std::optional<std::string>* value : {&difference.drawn, &difference.observed}) {
        if (*value) show(**value);
    }
    struct Ends {
        void operator()(ClusterId& id) const { show(id.name); }
        void operator()(DatasetId& id) const { show(id.path); }
        void operator()(ReplicaId& id) const { both(id.from, id.to); }
        void operator()(UpstreamId& id) const { both(id.at, id.from); }
        void operator()(PeerId& id) const { both(id.at, id.from); }
        void operator()(ConnectionId& id) const { both(id.at, id.from); }
        void operator()(WanId& id) const { both(id.a, id.b); }
        void operator()(RegionId& id) const { show(id.name); }
        static void both(std::string& one, std::string& other) {
            show(one);
            show(other);
        }
    };
    std::visit(Ends{}, difference.element);
}

void show(ClusterRow& cluster) {
    for (std::string* text : {&cluster.name, &cluster.system, &cluster.state, &cluster.reason, &cluster.durability}) {
        show(*text);
    }
    for (GatewayRow& gateway : cluster.gateways) {
        show(gateway.name);
        show(gateway.endpoint);
        show(gateway.channel);
    }
    for (TableRow& table : cluster.tables) {
        show(table.path);
        for (std::string& family : table.families) show(family);
        if (!table.described || !table.described->topics) continue;
        for (std::string& topic : *table.described->topics) show(topic);
    }
    for (MemberLook& member : cluster.members) {
        for (std::string* text : {&member.state, &member.reason, &member.readOnlyReason, &member.listen}) show(*text);
    }
    for (AlarmRow& alarm : cluster.alarms) {
        for (std::string* text : {&alarm.name, &alarm.entity, &alarm.description}) show(*text);
    }
}

}  // namespace

WorkspaceStatus shownStatus(WorkspaceStatus status) {
    show(status.root);
    show(status.user);
    for (ClusterRow& cluster : status.clusters) show(cluster);
    for (LinkRow& link : status.links) {
        for (std::string* text : {&link.from, &link.to, &link.state, &link.error, &link.columns, &link.sourceNote}) {
            show(*text);
        }
    }
    for (FaultRow& fault : status.faults) show(fault.text);
    for (Difference& difference : status.differences) show(difference);
    return status;
}

std::string statusText(const WorkspaceStatus& status, const StatusStyle& style) {
    return fmt::format("Workspace {} as {}\n\n", status.root, status.user) + clustersSection(status, style) +
           membersSection(status, style) + tablesSection(status, style) + streamsSection(status, style) +
           spacesSection(status, style) + linksSection(status, style) + followingSection(status, style) +
           alarmsSection(status, style) + networkSection(status, style) + faultsSection(status, style) +
           differencesSection(status, style) + nextSection(status, style.hereOptions);
}

Json statusJson(const WorkspaceStatus& status) {
    Json document{{"workspace", status.root},    {"user", status.user},     {"clusters", Json::array()},
                  {"links", Json::array()},      {"faults", Json::array()}, {"network", Json::array()},
                  {"differences", Json::array()}};
    for (const ClusterRow& cluster : status.clusters) document["clusters"].push_back(clusterJson(cluster));
    for (const LinkRow& link : status.links) {
        document["links"].push_back({{"from", link.from},
                                     {"to", link.to},
                                     {"state", link.state == "?" ? "unknown" : link.state},
                                     {"lagMs", orNull(link.lagMs)},
                                     {"bytesPending", orNull(link.bytesPending)},
                                     {"operationsPending", orNull(link.operationsPending)},
                                     {"bytesPerSecond", orNull(link.bytesPerS)},
                                     {"operationsPerSecond", orNull(link.operationsPerS)},
                                     {"drainMs", orNull(link.drainMs)},
                                     {"copyPercent", orNull(link.copyPercent)},
                                     {"paused", link.state == "?" ? Json() : Json(link.paused)},
                                     {"synchronous", link.state == "?" ? Json() : Json(link.synchronous)},
                                     {"fellBack", link.state == "?" ? Json() : Json(link.fellBack)},
                                     {"pausedSince", link.pausedMs ? Json(isoTime(*link.pausedMs)) : Json()},
                                     {"divergedSince", link.divergedMs ? Json(isoTime(*link.divergedMs)) : Json()},
                                     {"oldestPending", link.oldestMs ? Json(isoTime(*link.oldestMs)) : Json()},
                                     {"fault", link.fault},
                                     {"health", linkHealthName(link.health())},
                                     {"columns", link.columns},
                                     {"error", link.error}});
        if (!link.channel.empty()) document["links"].back()["channel"] = link.channel;
        if (!link.ofMembers) continue;
        Json& row = document["links"].back();
        row["idleMs"] = orNull(link.idleMs);
        row["rowsBehind"] = orNull(link.operationsPending);
        row["sourceSays"] = link.sourceNote;
    }
    for (const FaultRow& fault : status.faults) document["faults"].push_back(fault.json());
    for (const NetworkRow& row : status.networks) {
        document["network"].push_back({{"from", row.from},
                                       {"to", row.to},
                                       {"state", row.state},
                                       {"drawn", ruleJson(row.drawn)},
                                       {"inForce", row.inForce ? ruleJson(*row.inForce) : Json()}});
    }
    for (const Difference& difference : status.differences) {
        document["differences"].push_back(runbooks::differenceJson(difference));
    }
    return document;
}

int statusExit(const WorkspaceStatus& status) {
    const bool told = std::none_of(status.clusters.begin(), status.clusters.end(),
                                   [](const ClusterRow& cluster) { return cluster.state == "?"; });
    return static_cast<int>(told ? runbooks::ExitCode::Ok : runbooks::ExitCode::Unknown);
}

}  // namespace tributary::app
