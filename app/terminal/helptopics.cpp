// The texts of help topics; tables of codes, checks and rules come from where they are defined.
#include "app/terminal/helptopics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/terminal/helpconcepts.h"
#include "app/terminal/helpdrawing.h"
#include "app/terminal/helpplans.h"
#include "app/terminal/helprunbooks.h"
#include "app/terminal/terminalhelp.h"
#include "app/terminal/verb.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/systems/catalogue.h"
#include "runbooks/model/checks.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

constexpr int kWidest = 100;

std::string entry(const std::string& head, const std::string& text, int columns) {
    return head + "\n    " + wrapped(text, std::min(columns, kWidest) - 4, 4) + "\n";
}

std::string verbsText(int columns) {
    return overviewHelp(columns);
}

std::string exitCodesText(int columns) {
    constexpr int kIndent = 30;
    std::string out;
    for (const runbooks::ExitCodeRow& row : runbooks::exitCodeTable()) {
        const int room = std::max(std::min(columns, kWidest) - kIndent, kIndent);
        out += fmt::format("{:>4}  {:<22}  {}\n", static_cast<int>(row.code), row.name,
                           wrapped(std::string(row.meaning), room, kIndent));
    }
    return out;
}

std::string rulesText(int columns) {
    std::string out;
    for (const Rule& rule : ruleCatalogue()) {
        out += entry(fmt::format("{} ({})", rule.id, severityName(rule.severity)), sentence(rule.title) + ".", columns);
    }
    return out + flowing(
                     "\n- An error makes check exit with 1; warnings and infos leave it 0.\n"
                     "- Without --as (and TRIBUTARY_USER) a permission passes when any one of the drawn users of "
                     "the cluster holds it; with --as USER that user must. Where no users are drawn, only an empty "
                     "permission is certain to stop everybody.\n"
                     "- Every other verb acts as you when --as is not given; check says on stderr to which tables "
                     "you may not write.\n"
                     "- The restrictions are those that the vendor's pages state; where they give no figure it is "
                     "ours, and only warns.\n"
                     "\nOne rule alone: tributary check --rule ID\n",
                     columns);
}

std::string faultsText(int columns) {
    return flowing(
        "Faults are real: the engine's own sockets, disk and threads fail. They last until they are healed, and end "
        "with the "
        "process that runs the cluster.\n"
        "\n"
        "- cut A B: nothing passes. Connections stay open and silent, as with a broken route; --one-way cuts only what "
        "A "
        "sends to B.\n"
        "- delay A B MS, bandwidth A B RATE: both ways unless --one-way. Each setting leaves the others as they are.\n"
        "- These lie above the drawn network (wan: latency is one way, bandwidth is per direction), which `up` puts in "
        "force and `up --no-wan` leaves out: delays add up, the narrower bandwidth counts. Links, copies, "
        "comparisons and what a command does at another cluster than its own all pass the same line and share it; "
        "your own commands to a cluster do not. `status` tells which network is in force.\n"
        "- kill CLUSTER: as kill -9. What was on disk stays, nothing more is written; start brings it back from its "
        "disk.\n"
        "- freeze CLUSTER: alive and silent, as a stopped process or a stalled machine; thaw lets it go on.\n"
        "- disk full CLUSTER: writes are refused, reads go on; disk slow CLUSTER: each sync takes longer.\n"
        "- gateway stop NAME: links try the other gateways of the cluster; with all stopped they wait.\n"
        "- All of these are made in clusters of maprdb. An instance of Tarantool or a host of VoltDB is a process of "
        "its "
        "own: kill -9, kill -STOP and kill -CONT what `status` shows as its PID; nothing delays what they send.\n"
        "- list shows what is in force; clear ends all of it and proves by asking again that nothing is left.\n"
        "\n"
        "An example:\n"
        "  tributary fault cut sanfrancisco newyork\n"
        "  tributary status\n"
        "  tributary fault clear\n",
        columns);
}

std::string guaranteesText(int columns) {
    return flowing(
        "Promised\n"
        "- An acknowledged write is durable: with fsync, the default, it is on the disk of its cluster before the "
        "client "
        "hears of it, and survives kill -9 and loss of power there.\n"
        "- Exactly once in effect: a link that breaks sends again what was not acknowledged durable, and the receiver "
        "recognises what it has. No write is lost or applied twice, whatever restarts.\n"
        "- Convergence: once writes stop and links are whole, all tables that replicate to each other show the same "
        "cells. "
        "Of two writes to one cell the newer timestamp wins, on every side alike.\n"
        "- A row's cells of one put arrive together or not at all.\n"
        "\n"
        "Not promised\n"
        "- Not linearizable between clusters: each cluster takes writes by itself, and of two writes to one cell the "
        "older "
        "one yields, without an error.\n"
        "- An asynchronous link loses nothing, but lags: what a replica shows is the past by as much as `tributary "
        "status` "
        "tells. A lag that cannot be known is shown as '?', never as 0.\n"
        "- If the disk of a cluster is destroyed, what it had acknowledged and not yet sent is gone: the data at risk "
        "is the "
        "lag at that moment. A synchronous link keeps it near nothing, while the link is whole.\n"
        "- Clocks matter: a cluster whose clock runs ahead wins conflicts. More than a minute ahead its links are "
        "held, with "
        "an alarm, until time has caught up or an administrator clears NODE_ALARM_TIME_SKEW.\n"
        "- Tombstones live for deletettl: a replica that was away longer may bring deleted cells back. An alarm tells "
        "before; `diverged possible` stays in status after, and the runbook replica-resync mends.\n",
        columns);
}

std::string environmentText(int columns) {
    return flowing(
        "TRIBUTARY_WORKSPACE  the workspace when -w is not given; else the current folder and those above it are "
        "searched.\n"
        "TRIBUTARY_USER       the user of the clusters when --as is not given; else that of the "
        "operating system; check alone then asks for no one in particular (tributary help rules).\n"
        "NO_COLOR             set and not empty: no colours. They are also off for pipes, TERM=dumb and --no-color.\n"
        "XDG_STATE_HOME       the console keeps its history in its folder tributary/.\n"
        "\n"
        "Links to the executable named maprcli or hbase behave as those commands, on the workspace.\n",
        columns);
}

std::string limitsText(int columns) {
    std::string out = flowing(
        "What is larger is refused by the name of the limit, where the command stands and again at the cluster. What "
        "is "
        "accepted can be shipped by a link.\n",
        columns);
    for (const limits::Limit& limit : limits::table()) {
        out += entry(fmt::format("{:<14} {}", limit.name, limits::text(limit)), std::string(limit.meaning), columns);
    }
    return out;
}

std::string bytesText(int columns) {
    return flowing(
        "Keys, columns and values are bytes. Wherever they are shown, and wherever a command takes them (put, get, "
        "delete, "
        "scan --from and --to, CSV files of load), they are written in one way:\n"
        "\n"
        "  text         as it is, when it is UTF-8\n"
        "  \\xNN         one byte: control characters, what turns the writing direction, what is no UTF-8\n"
        "  \\\\           a backslash\n"
        "\n"
        "So what is printed can be typed again and means the same bytes. A backslash that begins neither form stands "
        "for "
        "itself: a\\b and a\\\\b are one key. 'load --raw' takes the fields of a file as they stand.\n"
        "\n"
        "JSON documents hold text as it is, other bytes as digits in key_hex, column_hex, value_hex; where the command "
        "line writes them differently, key_escaped is the word for it.\n"
        "\n"
        "Names of clusters, gateways, users, groups and column families have letters and digits of any script and . _ "
        "- "
        "@ + and begin with a letter, a digit or _.\n",
        columns);
}

std::string topicsText(int columns) {
    std::string out = "Topics (tributary help TOPIC):\n";
    std::size_t width = 0;
    for (const HelpTopic& topic : helpTopics()) width = std::max(width, topic.name.size());
    const int indent = static_cast<int>(width) + 4;
    for (const HelpTopic& topic : helpTopics()) {
        out += fmt::format("  {:<{}}  {}\n", topic.name, width,
                           wrapped(topic.summary, std::min(columns, kWidest) - indent, indent));
    }
    return out + "\nOf a verb: tributary help VERB\nOf a command: tributary maprcli table replica add --help\n";
}

}  // namespace

std::string flowing(const std::string& text, int columns) {
    std::string out;
    for (const std::string& line : split(text, '\n')) {
        const bool asIs = line.starts_with(" ");
        const int indent = line.starts_with("- ") ? 2 : 0;
        out += (asIs ? line : wrapped(line, std::min(columns, kWidest) - indent, indent)) + "\n";
    }
    out.pop_back();
    return out;
}

std::string sentence(std::string_view text) {
    std::string out(text);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

std::string yamlQuotingText(int columns) {
    return flowing(
        "\nQuotes and blanks\n"
        "- The file is YAML: blanks at the begin of a line say what belongs to what; never tabs. # begins a comment.\n"
        "- Put a text in \"...\" when it begins with one of { [ * & ! | > % @ ` ' \" or with - or ? and a blank, and "
        "when \": \" or \" #\" is in it or it ends with a colon.\n"
        "- Inside [...] and {...} also when one of , ? { } [ ] is in it. A colon without a blank behind it needs no "
        "quotes anywhere: u:ana, orders:total.\n"
        "- In \"...\" write \\\" for a quote and \\\\ for a backslash; in '...' write '' for a quote.\n"
        "- A flag or a number that a key asks for stands without quotes. Where a text is asked for, quotes make no "
        "difference: no, 007 and \"no\" are texts there.\n"
        "- Not allowed: anchors and aliases (&x, *x), tags (!x), a second document, a key twice.\n",
        columns);
}

std::string topicMeant(const std::string& word) {
    static const std::map<std::string, std::string> kOther{{"drawings", "drawing"},
                                                           {"topology", "drawing"},
                                                           {"topology.yaml", "drawing"},
                                                           {"yaml", "drawing"},
                                                           {"permissions", "drawing"},
                                                           {"permission", "drawing"},
                                                           {"ace", "drawing"},
                                                           {"wan", "drawing"},
                                                           {"network", "faults"},
                                                           {"runbooks", "runbook-format"},
                                                           {"parameters", "runbook-format"},
                                                           {"exit", "exit-codes"},
                                                           {"exitcodes", "exit-codes"},
                                                           {"codes", "exit-codes"},
                                                           {"event", "events"},
                                                           {"rule", "rules"},
                                                           {"check-names", "checks"},
                                                           {"variables", "environment"},
                                                           {"keys", "bytes"},
                                                           {"tls", "security"},
                                                           {"certificates", "security"},
                                                           {"encryption", "security"},
                                                           {"names", "bytes"}};
    const auto other = kOther.find(word);
    return other == kOther.end() ? word : other->second;
}

const std::vector<HelpTopic>& helpTopics() {
    static const std::vector<HelpTopic> kTopics{
        {"topics", "this list", topicsText},
        {"concepts", "clusters, tables, edges, links, runbooks", conceptsText},
        {"verbs", "what tributary can do", verbsText},
        {"drawing", "how topology.yaml is written", drawingText},
        {"plans", "from what runs to what is drawn, and back", plansText},
        {"runbook-format", "how a runbook is written", runbookFormatText},
        {"exit-codes", "what a script may branch on", exitCodesText},
        {"events", "the JSON lines of run --events", eventsText},
        {"checks", "what runbooks may ask of a system", checksText},
        {"rules", "the restrictions that `check` proves a drawing against", rulesText},
        {"faults", "what can be made to fail, and what that means", faultsText},
        {"guarantees", "what replication promises, and what it does not", guaranteesText},
        {"security", "who may speak with a cluster: keys, certificates, TLS", securityText},
        {"monitoring", "alarm hook, figures for Prometheus, logs", monitoringText},
        {"bytes", "how keys and values are written, and what may be a name", bytesText},
        {"limits", "the largest key, value, request, list", limitsText},
        {"environment", "variables, and the executable's other names", environmentText},
    };
    return kTopics;
}

std::vector<std::string> helpTopicNames() {
    std::vector<std::string> names;
    for (const HelpTopic& topic : helpTopics()) names.push_back(topic.name);
    for (const Verb& verb : verbTable()) {
        if (verb.group != kHiddenGroup) names.push_back(verb.name);
    }
    return names;
}

}  // namespace tributary::app
