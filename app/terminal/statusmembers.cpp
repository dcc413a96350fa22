// Members, who follows whom, spaces.
#include "app/terminal/statusmembers.h"

#include <fmt/format.h>

#include <set>

#include "app/instances/boxinfo.h"
#include "app/terminal/terminalhelp.h"
#include "app/terminal/texttable.h"
#include "core/base/text.h"
#include "core/systems/attributes.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFigures = 50;  ///< columns of a line of who follows whom, without the names
constexpr int kColumnsForClock = 90;

template <typename T>
Json valueOrNull(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

char upperCase(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// "a replicated table" -> "replicated table".
std::string bareNoun(std::string_view noun) {
    return std::string(noun.substr(noun.find(' ') + 1));
}

/// What members are called: of several systems as nobody calls them in particular.
std::string memberHead(const WorkspaceStatus& status) {
    std::set<std::string> nouns;
    for (const ClusterRow& cluster : status.clusters) {
        if (!cluster.members.empty()) nouns.insert(bareNoun(memberNoun(cluster.system)));
    }
    std::string out = nouns.size() == 1 ? *nouns.begin() : "member";
    for (char& c : out) c = upperCase(c);
    return out;
}

/// "Spaces", "Replicated tables".
std::string datasetsHead(const ClusterRow& cluster) {
    const TableRow& first = cluster.tables.front();
    std::string out = first.described && first.described->kind ? bareNoun(specOfKind(*first.described->kind).noun)
                                                               : std::string("dataset");
    out.front() = upperCase(out.front());
    return out + "s";
}

std::string duration(const std::optional<std::int64_t>& ms) {
    return ms ? humanDuration(*ms) : "?";
}

}  // namespace

std::string modeText(const MemberLook& member) {
    if (!member.readOnly) return "?";
    if (!*member.readOnly) return "rw";
    return member.readOnlyReason.empty() ? "ro" : fmt::format("ro ({})", member.readOnlyReason);
}

std::string positionsText(const MemberLook& member) {
    return member.answered() ? clockText(member.clock) : "?";
}

std::string membersSection(const WorkspaceStatus& status, const StatusStyle& style) {
    const bool withClock = style.columns >= kColumnsForClock;
    std::vector<std::string> heads{memberHead(status), "STATE", "MODE", "LISTENS AT", "ID"};
    if (withClock) heads.emplace_back("CLOCK");
    heads.emplace_back("PID");
    TextTable table(heads);
    table.alignRight(4);
    table.alignRight(heads.size() - 1);
    for (const ClusterRow& cluster : status.clusters) {
        for (const MemberLook& member : cluster.members) {
            std::vector<std::string> cells{withClock ? joinedMember(cluster.name, member.name) : member.name,
                                           member.drawn ? member.state : member.state + ", not drawn", modeText(member),
                                           member.listen.empty() ? "nowhere" : member.listen,
                                           member.id == 0 ? "?" : std::to_string(member.id)};
            if (withClock) cells.push_back(positionsText(member));
            cells.push_back(member.pid == 0 ? "-" : std::to_string(member.pid));
            table.add(std::move(cells));
        }
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0);
}

std::string followingSection(const WorkspaceStatus& status, const StatusStyle& style) {
    TextTable table({"FOLLOWED -> BY", "STATE", "LAG", "IDLE", "ROWS BEHIND"});
    for (std::size_t column = 2; column < 5; ++column) table.alignRight(column);
    std::size_t longest = 0;
    for (const LinkRow& link : status.links) {
        if (link.ofMembers) longest = std::max(longest, link.from.size() + link.to.size() + 4);
    }
    const bool oneLine = static_cast<int>(longest) + kFigures <= style.columns;
    std::string notes;
    for (const LinkRow& link : status.links) {
        if (!link.ofMembers) continue;
        table.add({link.from + (oneLine ? " -> " : "\n  -> ") + link.to, link.state, duration(link.lagMs),
                   duration(link.idleMs),
                   link.operationsPending ? groupedDigits(static_cast<std::uint64_t>(*link.operationsPending)) : "?"});
        const auto note = [&](const std::string& text) {
            notes += wrapped(fmt::format("  {} -> {}: {}", link.from, link.to, text), style.columns - 4, 4) + "\n";
        };
        if (link.state != "?" && !link.error.empty()) note(link.error);
        if (!link.sourceNote.empty()) note("as the source sees it: " + link.sourceNote);
    }
    return table.empty() ? std::string() : "\n" + table.text(style.fit ? style.columns : 0) + notes;
}

std::string spacesSection(const WorkspaceStatus& status, const StatusStyle& style) {
    std::string out;
    for (const ClusterRow& cluster : status.clusters) {
        if (!cluster.ofMembers || cluster.tables.empty()) continue;
        std::vector<std::string> names;
        names.reserve(cluster.tables.size());
        for (const TableRow& row : cluster.tables) names.push_back(endpointOf(row.path).dataset);
        out += wrapped(fmt::format("{} of {}: {}", datasetsHead(cluster), cluster.name, join(names, ", ")),
                       style.columns - 4, 4) +
               "\n";
    }
    return out.empty() ? out : "\n" + out;
}

Json membersJson(const ClusterRow& cluster) {
    Json members = Json::array();
    for (const MemberLook& member : cluster.members) {
        Json clock;
        if (member.answered()) {
            clock = Json::object();
            for (const auto& [id, lsn] : member.clock) clock[std::to_string(id)] = lsn;
        }
        members.push_back({{"name", member.name},
                           {"drawn", member.drawn},
                           {"state", member.state == "?" ? "unknown" : member.state},
                           {"reason", member.reason},
                           {"pid", member.pid == 0 ? Json() : Json(member.pid)},
                           {"readOnly", valueOrNull(member.readOnly)},
                           {"readOnlyReason", member.readOnlyReason},
                           {"listen", member.listen},
                           {"id", member.id == 0 ? Json() : Json(member.id)},
                           {"uuid", member.uuid.empty() ? Json() : Json(member.uuid)},
                           {"vclock", clock},
                           {"uptimeMs", valueOrNull(member.uptimeMs)}});
    }
    Json spaces;
    if (cluster.answered) {
        spaces = Json::array();
        for (const TableRow& row : cluster.tables) spaces.push_back(row.path);
    }
    return {{"instances", members}, {"spaces", spaces}};
}

}  // namespace tributary::app
