// The words of voltdb that runbooks carry.
#include "runbooks/dialects/voltdb/voltdb.h"

#include <algorithm>

#include "core/operations/schema.h"
#include "runbooks/dialects/positional/worddialect.h"
#include "runbooks/dialects/sqlcmd/statements.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/voltdb/checks.h"
#include "runbooks/dialects/voltdb/clusters.h"
#include "runbooks/dialects/voltdb/exports.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutVoltDb() {
    DialectWords words{"voltdb", "voltdb", "voltdb", "voltdb start --dir=voltdb/west/west1 --background",
                       "  voltdb init|start --dir=DIR\n      root folders of hosts, and hosts as processes\n"};
    words.datasets = kDatabaseDatasets;
    words.checks = databaseChecks();
    words.closed = {{"DRROLE", {"none", "master", "replica", "xdcr"}},
                    {"DRSTATE", {"disabled", "pending", "active", "stopped"}}};
    words.exports = databaseExports();
    return words;
}

WordTable voltDbTable() {
    const WordFlag dir{"dir", {"--dir", "-D"}, "DIR"};
    const WordFlag force{"force", {"--force", "-f"}};
    return {{{Verb::VoltInit,
              {"init"},
              {},
              {{"config", {"--config", "-C"}, "FILE"}, dir, {"schema", {"--schema", "-s"}, "FILE"}, force},
              "init --config=voltdb/west/deployment.xml --dir=voltdb/west/west1 --force"},
             {Verb::VoltStart,
              {"start"},
              {},
              {dir,
               {"host", {"--host", "-H"}, "HOST,..."},
               {"count", {"--count", "-c"}, "N"},
               {"background", {"--background", "-B"}},
               {"pause", {"--pause"}},
               {"replication", {"--replication"}, "ADDRESS:PORT"}},
              "start --dir=voltdb/west/west1 --background"}},
            {{"create", "init and start took its place", "voltdb init --dir=DIR --force, then voltdb start --dir=DIR"},
             {"recover", "start recovers by itself", "voltdb start --dir=DIR"},
             {"rejoin", "start rejoins by itself", "voltdb start --dir=DIR"},
             {"add", "clusters do not grow while they run in this version", "voltdb start --dir=DIR"},
             {"get", "files of a root folder are read where they lie", "cat DIR/voltdbroot/config/deployment.xml"},
             {"check", "the drawing is checked", "tributary check"},
             {"collect", "logs are not packed by lines", "tributary support"}}};
}

StepShape hostStep(std::string id, std::string title, const std::string& check) {
    StepShape shape;
    shape.id = std::move(id);
    shape.title = std::move(title);
    if (!check.empty()) shape.verify = {check};
    return shape;
}

class VoltDb : public WordDialect {
public:
    VoltDb() : WordDialect(aboutVoltDb(), voltDbTable()) {}

    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions options) const override {
        const auto replica =
            std::find_if(words.begin(), words.end(), [](const Word& word) { return word.text == "--replica"; });
        if (replica != words.end()) {
            return Error{ErrorCode::Unsupported,
                         "The --replica option is no longer allowed.",
                         {},
                         "voltdb init with a deployment file that has <dr role=\"replica\">"};
        }
        return WordDialect::parse(std::move(words), options);
    }

    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const std::string dir = quoteTemplateWord(op.text("dir", "."));
        if (op.verb == Verb::VoltInit) {
            StepShape shape = hostStep("init", "Make the root folder in " + dir, "root-made " + dir);
            if (op.flag("force")) {
                shape.irreversible = "the data in " + dir + " is gone";
                shape.approvalName = op.text("dir", ".");
            } else {
                shape.doneWhen = shape.verify.front();
                shape.irreversible = "a root folder stays until somebody removes it";
            }
            return shape;
        }
        StepShape shape = hostStep("start", "Start the host in " + dir, "host-runs " + dir);
        shape.doneWhen = shape.verify.front();
        shape.verifyWithin = "2m";
        shape.irreversible = "its cluster is shut down by voltadmin";
        return shape;
    }
};

}  // namespace

const Dialect& voltdb() {
    static const VoltDb kVoltDb;
    return kVoltDb;
}

bool changesDatabase(const Operation& op) {
    if (op.verb != Verb::SqlRun) return specOf(op.verb).mutates;
    return changesSomething(op.text("query"));
}

}  // namespace tributary::runbooks
