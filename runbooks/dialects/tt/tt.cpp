// The words of tt that runbooks carry, and which of the others are done how.
#include "runbooks/dialects/tt/tt.h"

#include <fmt/format.h>

#include "core/operations/schema.h"
#include "runbooks/dialects/box/statements.h"
#include "runbooks/dialects/positional/worddialect.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/tt/checks.h"
#include "runbooks/dialects/tt/exports.h"
#include "runbooks/dialects/tt/instances.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutTt() {
    DialectWords words{"tt", "tarantool", "tt", "tt status master_master",
                       "  tt <verb> [APP[:INSTANCE]]\n      starts, stops and shows instances\n"};
    words.datasets = kInstanceDatasets;
    words.checks = instanceChecks();
    words.exports = instanceExports();
    return words;
}

WordTable ttTable() {
    const WordFlag yes{"yes", {"-y", "--yes"}};
    const WordFlag force{"force", {"-f", "--force"}};
    return {{{Verb::InstanceStart, {"start"}, {"instance"}, {}, "start master_master:instance001"},
             {Verb::InstanceStop, {"stop"}, {"instance"}, {yes}, "stop -y master_master:instance001"},
             {Verb::InstanceRestart, {"restart"}, {"instance"}, {yes}, "restart -y master_master:instance001"},
             {Verb::InstanceKill, {"kill"}, {"instance"}, {force}, "kill -f master_master:instance001"},
             {Verb::InstanceStatus, {"status"}, {"instance"}, {}, "status master_master"},
             {Verb::InstanceCheck, {"check"}, {"instance"}, {}, "check master_master"},
             {Verb::InstanceClean, {"clean"}, {"instance"}, {force}, "clean -f master_master:instance001"}},
            {{"connect", "a console asks for lines, and a runbook's line is one statement",
              "box APP:INSTANCE \"STATEMENT\""},
             {"replicaset", "what replicaset writes into config.yaml are edits of their own here",
              "instance set APP:INSTANCE database.mode rw, then box APP:INSTANCE \"require('config'):reload()\""},
             {"rs", "what replicaset writes into config.yaml are edits of their own here",
              "instance set APP:INSTANCE database.mode rw, then box APP:INSTANCE \"require('config'):reload()\""},
             {"cat", "logs are not printed by lines", "instance save-rows APP:INSTANCE OTHER FILE"},
             {"play", "logs are not replayed by lines", "box APP:INSTANCE \"box.space.NAME:insert(...)\""},
             {"init", "an environment is made by hand", "tributary tt init"},
             {"instances", "lines act on instances that are known", "tributary tt instances"},
             {"log", "a log is for people", "tributary tt log APP:INSTANCE"}}};
}

StepShape deed(std::string id, std::string title, const std::string& check, std::string undo) {
    StepShape shape;
    shape.id = std::move(id);
    shape.title = std::move(title);
    shape.doneWhen = check;
    shape.verify = {check};
    shape.undo = std::move(undo);
    return shape;
}

class Tt : public WordDialect {
public:
    Tt() : WordDialect(aboutTt(), ttTable()) {}

    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const std::string one = quoteTemplateWord(op.text("instance"));
        // Of an application the checks look at each instance; what deletes names one at a time.
        const bool isOne = one.find(':') != std::string::npos;
        if (op.text("instance").empty() || (op.verb == Verb::InstanceClean && !isOne)) return shapeByHand(op);
        switch (op.verb) {
            case Verb::InstanceStart: {
                StepShape shape = deed("start", "Start " + one, "instance-runs " + one, "tt stop -y " + one);
                shape.verifyWithin = "2m";
                return shape;
            }
            case Verb::InstanceStop:
            case Verb::InstanceKill: return deed("stop", "Stop " + one, "instance-stopped " + one, "tt start " + one);
            case Verb::InstanceRestart: {
                StepShape shape = deed("restart", "Restart " + one, "instance-ready " + one, "none");
                shape.doneWhen.clear();
                shape.verifyWithin = "2m";
                return shape;
            }
            case Verb::InstanceStatus: return shapeOfLook("status", "Look at " + one, "instance-runs " + one);
            case Verb::InstanceClean: {
                StepShape shape = deed("clean", "Delete the data of " + one, "data-absent " + one, {});
                shape.irreversible = "what only " + one + " held is gone";
                shape.approvalName = op.text("instance");
                return shape;
            }
            default: return shapeByHand(op);
        }
    }
    [[nodiscard]] bool opensConsole(const std::vector<std::string>& words) const override {
        return words.size() == 3 && words[1] == "connect" && words[2].find(':') != std::string::npos;
    }
};

}  // namespace

const Dialect& tt() {
    static const Tt kTt;
    return kTt;
}

Status requireInstance(const Operation& op, std::string_view parameter) {
    const std::string value = op.text(parameter);
    if (value.find(':') != std::string::npos || value.find("{{") != std::string::npos) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is an application, and one instance is meant", value),
                 {},
                 fmt::format("write {}:INSTANCE", value)};
}

bool changesInstances(const Operation& op) {
    if (op.verb != Verb::BoxRun) return specOf(op.verb).mutates;
    const auto form = statementForm(op.text("statement"));
    return !form || form->mutates;
}

}  // namespace tributary::runbooks
