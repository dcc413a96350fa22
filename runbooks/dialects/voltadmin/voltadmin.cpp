// The words of voltadmin, and what it says of options that do not go together.
#include "runbooks/dialects/voltadmin/voltadmin.h"

#include <algorithm>
#include <charconv>

#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/voltdb/clusters.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutVoltAdmin() {
    DialectWords words{"voltadmin", "voltdb", "voltadmin", "voltadmin status --host=west --dr",
                       "  voltadmin <verb> [--host=CLUSTER|HOST]\n      administers a running cluster\n"};
    words.datasets = kDatabaseDatasets;
    return words;
}

WordTable voltAdminTable() {
    const WordFlag host = hostFlag();
    const WordFlag timeout{"timeout", {"--timeout", "-t"}, "SECONDS"};
    const WordFlag force{"force", {"--force", "-f"}};
    const WordFlag all{"all", {"--all"}};
    const WordFlag remote{"remote", {"--cluster", "-c"}, "ID"};
    return {
        {{Verb::VoltPromote, {"promote"}, {}, {host}, "promote --host=west"},
         {Verb::VoltPause, {"pause"}, {}, {host, {"wait", {"--wait"}}, timeout}, "pause --host=east --wait"},
         {Verb::VoltResume, {"resume"}, {}, {host}, "resume --host=east"},
         {Verb::VoltDrReset, {"dr", "reset"}, {}, {host, remote, force, all}, "dr reset --host=east --cluster=2"},
         {Verb::VoltDrDrop, {"dr", "drop"}, {}, {host, timeout}, "dr drop --host=lima"},
         {Verb::VoltShutdown,
          {"shutdown"},
          {},
          {host, {"save", {"--save"}}, force, timeout},
          "shutdown --host=east --save"},
         {Verb::VoltStatus,
          {"status"},
          {},
          {host, {"dr", {"--dr"}}, {"as-json", {"--json"}}},
          "status --host=east --dr"},
         {Verb::VoltSave, {"save"}, {"directory", "nonce"}, {host}, "save --host=east /tmp/backup monday"},
         {Verb::VoltRestore, {"restore"}, {"directory", "nonce"}, {host}, "restore --host=east /tmp/backup monday"},
         {Verb::VoltUpdate, {"update"}, {"config"}, {host}, "update --host=west voltdb/west/deployment.xml"}},
        {{"stop", "one host of several cannot be stopped: clusters have one host in this version",
          "voltadmin shutdown --host=CLUSTER"},
         {"show", "snapshots lie where they were saved", "ls DIRECTORY"},
         {"log4j", "logs are text files", "tail DIR/voltdbroot/log/volt.log"},
         {"export", "export to other systems is not carried", "voltadmin status --host=CLUSTER"},
         {"resize", "clusters do not change their size", "voltadmin save, voltdb init --force, voltadmin restore"}}};
}

bool hasFlag(const std::vector<Word>& words, std::string_view flag) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
        return word.text == flag || (word.text.starts_with(flag) && word.text.substr(flag.size()).starts_with('='));
    });
}

Error refused(std::string what, std::string fix) {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

/// The words of dr reset and dr drop that do not go together, as voltadmin refuses them.
Status examineReset(const std::vector<Word>& words) {
    const bool isDr = words.size() > 2 && words[1].text == "dr";
    if (!isDr) return okStatus();
    const bool force = hasFlag(words, "--force");
    const bool all = hasFlag(words, "--all");
    const bool cluster = hasFlag(words, "--cluster");
    if (words[2].text == "drop" && (force || all || cluster)) {
        return refused("You cannot specify either --force, --cluster or --all for drop.", "voltadmin dr drop");
    }
    if (words[2].text != "reset") return okStatus();
    if (force && all) {
        return refused("You cannot specify both --force and --all options.", "voltadmin dr reset --all");
    }
    if (cluster && all) {
        return refused("You cannot specify both --cluster and --all options.", "voltadmin dr reset --cluster=ID");
    }
    for (const Word& word : words) {
        if (!word.text.starts_with("--cluster=") || word.placeholder) continue;
        const std::string text = word.text.substr(word.text.find('=') + 1);
        int id = -1;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
        const bool isNumber = read.ec == std::errc() && read.ptr == text.data() + text.size();
        if (isNumber && id >= 0 && id <= 127) continue;
        return refused("The specified cluster ID must be in the range of 0 to 127.", "voltadmin status --dr");
    }
    return okStatus();
}

StepShape adminStep(std::string id, std::string title, std::string check, std::string undo) {
    StepShape shape;
    shape.id = std::move(id);
    shape.title = std::move(title);
    shape.doneWhen = check;
    shape.verify = {std::move(check)};
    shape.undo = std::move(undo);
    return shape;
}

class VoltAdmin : public WordDialect {
public:
    VoltAdmin() : WordDialect(aboutVoltAdmin(), voltAdminTable()) {}

    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const override {
        if (Status fits = examineReset(words); !fits) return fits.error();
        return WordDialect::parse(std::move(words), options);
    }

    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        if (!op.has("host")) return shapeByHand(op);  // checks name a cluster
        const std::string one = quoteTemplateWord(op.text("host"));
        switch (op.verb) {
            case Verb::VoltPromote: {
                StepShape shape = adminStep("promote", "Promote " + one, "dr-role " + one + " master", {});
                shape.irreversible = "a promoted database is no replica again until it is made from scratch";
                shape.approvalName = op.text("host");
                return shape;
            }
            case Verb::VoltPause:
                return adminStep("pause", "Pause " + one, "paused " + one, "voltadmin resume --host=" + one);
            case Verb::VoltResume:
                return adminStep("resume", "Resume " + one, "not-paused " + one, "voltadmin pause --host=" + one);
            case Verb::VoltShutdown: {
                StepShape shape = adminStep("shutdown", "Shut " + one + " down", "database-down " + one, {});
                shape.irreversible = "voltdb start on each of its hosts starts it again";
                return shape;
            }
            case Verb::VoltDrReset: {
                if (!op.has("remote")) return shapeByHand(op);
                const std::string id = quoteTemplateWord(op.text("remote"));
                StepShape shape =
                    adminStep("reset", one + " forgets cluster " + id, "dr-forgotten " + one + " " + id, {});
                shape.irreversible = "the logs kept for cluster " + id + " are gone: it comes back only from scratch";
                shape.approvalName = op.text("host");
                return shape;
            }
            case Verb::VoltStatus: return shapeOfLook("status", "Look at " + one, "database-up " + one);
            default: return shapeByHand(op);
        }
    }
};

}  // namespace

const Dialect& voltadmin() {
    static const VoltAdmin kVoltAdmin;
    return kVoltAdmin;
}

}  // namespace tributary::runbooks
