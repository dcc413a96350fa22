// The steps of a runbook file.
#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/loadparts.h"
#include "runbooks/model/runbookkeys.h"
#include "runbooks/model/typecheck.h"

namespace tributary::runbooks::detail {
namespace {

constexpr int kAttemptsMax = 100;

}  // namespace

Millis RunbookReader::duration(const StrictNode& node, std::string_view thing) {
    const std::string text = reader_.text(node, thing);
    if (!reader_.ok()) return 0;
    const Result<std::int64_t> parsed = parseMillis(text);
    if (parsed.ok() && *parsed > 0) return *parsed;
    if (text.find("{{") != std::string::npos) {
        reader_.fail(node.pos(), "`" + std::string(thing) + "` takes no parameter",
                     "write the duration itself, such as 30s");
        return 0;
    }
    reader_.fail(node.pos(), "`" + text + "` is no duration for " + std::string(thing),
                 "write a number above 0 with ms, s, m, h or d, such as 30s");
    return 0;
}

std::vector<Condition> RunbookReader::conditions(const StrictNode& node) {
    std::vector<Condition> out;
    const auto one = [&](const StrictNode& item) {
        const std::string text = templated(item, "a condition");
        if (!reader_.ok()) return;
        Result<Condition> parsed = parseCondition(text, runbook_.dialects);
        if (!parsed.ok()) {
            reader_.fail(item.pos(), parsed.error().what, parsed.error().fix);
            return;
        }
        if (const Status typed = checkConditionTypes(*parsed, runbook_); !typed) {
            reader_.fail(item.pos(), typed.error().what, typed.error().fix);
            return;
        }
        parsed->place = item.pos();
        out.push_back(std::move(parsed).value());
    };
    if (node.isSequence()) {
        notEmpty(node, "`when`");
        for (const StrictNode& child : node.children) one(child);
    } else {
        one(node);
    }
    return out;
}

CommandLine RunbookReader::line(const StrictNode& node, std::string_view thing) {
    CommandLine out;
    out.place = node.pos();
    if (!node.isMap()) {
        out.text = templated(node, thing);
    } else if (reader_.map(node, thing, runbookKeyNames("a command"))) {
        if (const StrictNode* run = reader_.require(node, "run", thing)) out.text = templated(*run, thing);
        if (const StrictNode* done = node.find("done-when")) out.doneWhen = check(*done, "a check");
    }
    if (reader_.ok() && out.text.find('\n') != std::string::npos) {
        reader_.fail(node.pos(), "a command spans several lines", "make it a list with one command per item");
    }
    const auto words = splitTemplateWords(out.text);
    if (reader_.ok() && !words.ok()) reader_.fail(node.pos(), words.error().what, words.error().fix);
    return out;
}

std::vector<CommandLine> RunbookReader::lines(const StrictNode& node, std::string_view thing) {
    std::vector<CommandLine> out;
    if (node.isSequence()) {
        notEmpty(node, thing);
        for (const StrictNode& child : node.children) out.push_back(line(child, thing));
    } else {
        out.push_back(line(node, thing));
    }
    return out;
}

VerifyClause RunbookReader::verifyClause(const StrictNode& node) {
    VerifyClause clause;
    if (!node.isMap()) {
        clause.check = check(node, "a check");
        return clause;
    }
    if (!reader_.map(node, "a verify clause", runbookKeyNames("a verify clause"))) return clause;
    const StrictNode* becomes = node.find("becomes");
    const StrictNode* stays = node.find("stays");
    if ((becomes == nullptr) == (stays == nullptr)) {
        reader_.fail(node.pos(), "a verify clause has exactly one of `becomes` and `stays`");
        return clause;
    }
    clause.kind = becomes != nullptr ? VerifyClause::Kind::Becomes : VerifyClause::Kind::Stays;
    clause.check = check(becomes != nullptr ? *becomes : *stays, "a check");
    const StrictNode* within = node.find("within");
    const StrictNode* lasting = node.find("for");
    if (becomes != nullptr && lasting != nullptr) {
        reader_.fail(lasting->keyPos(), "`for` belongs to `stays`", "write within: for `becomes`");
    }
    if (stays != nullptr && within != nullptr) {
        reader_.fail(within->keyPos(), "`within` belongs to `becomes`", "write for: for `stays`");
    }
    if (stays != nullptr) clause.withinMs = 0;
    if (within != nullptr) clause.withinMs = duration(*within, "within");
    if (lasting != nullptr) clause.withinMs = duration(*lasting, "for");
    if (const StrictNode* interval = node.find("interval")) clause.intervalMs = duration(*interval, "interval");
    return clause;
}

std::vector<VerifyClause> RunbookReader::verifyClauses(const StrictNode& node) {
    std::vector<VerifyClause> out;
    if (node.isSequence()) {
        notEmpty(node, "`verify`");
        for (const StrictNode& child : node.children) out.push_back(verifyClause(child));
    } else {
        out.push_back(verifyClause(node));
    }
    return out;
}

void RunbookReader::refuseUseless(const StrictNode& node, const Step& step) {
    const auto refuse = [&](const char* key, const char* why, const char* fix) {
        const StrictNode* given = node.find(key);
        if (given != nullptr) reader_.fail(given->keyPos(), "`" + std::string(key) + "` " + why, fix);
    };
    const bool person = step.kind == StepKind::Human || step.kind == StepKind::Ask;
    if (step.kind == StepKind::Commands || (person && !step.undo.empty())) return;
    for (const char* key : {"retry", "timeout", "repeatable"}) {
        refuse(key, "belongs to commands, and the step has none",
               "leave it out; for a check that needs time write verify: {becomes: CHECK, within: 5m}");
    }
    if (person) return;  // what a person does can be taken back, or not
    refuse("undo", "takes back what a step does, and this one only looks or waits", "leave it out");
    refuse("irreversible", "says what a step does for good, and this one only looks or waits", "leave it out");
}

void RunbookReader::readDeed(const StrictNode& node, Step& step) {
    int deeds = 0;
    if (const StrictNode* commands = node.find("do")) {
        step.kind = StepKind::Commands;
        step.commands = lines(*commands, "a command");
        ++deeds;
    }
    for (const bool human : {true, false}) {
        const StrictNode* text = node.find(human ? "human" : "ask");
        if (text == nullptr) continue;
        step.kind = human ? StepKind::Human : StepKind::Ask;
        step.instruction = templated(*text, human ? "an instruction" : "a question");
        ++deeds;
    }
    if (const StrictNode* wait = node.find("wait")) {
        step.kind = StepKind::Wait;
        step.waitMs = duration(*wait, "wait");
        ++deeds;
    }
    if (deeds > 1) {
        reader_.fail(node.pos(), "step " + step.id + " does more than one thing",
                     "keep one of `do`, `human`, `ask` and `wait`, and make the rest steps of their own");
    }
}

void RunbookReader::readUndo(const StrictNode& node, Step& step) {
    if (const StrictNode* undo = node.find("undo")) {
        if (undo->isScalar() && undo->scalar == "none") {
            step.nothingToUndo = true;
        } else {
            step.undo = lines(*undo, "an undo command");
        }
    }
    if (const StrictNode* reason = node.find("irreversible")) step.irreversible = templated(*reason, "the reason");
    if (const StrictNode* repeatable = node.find("repeatable")) {
        step.repeatable = reader_.boolean(*repeatable, "repeatable");
    }
}

void RunbookReader::readApproval(const StrictNode& node, Step& step) {
    step.approval.needed = true;
    if (node.isMap()) {
        if (!reader_.map(node, "an approval", runbookKeyNames("an approval"))) return;
        if (const StrictNode* text = node.find("text")) step.approval.text = templated(*text, "an approval's text");
        if (const StrictNode* name = node.find("type-the-name")) {
            step.approval.typeTheName = templated(*name, "the name to type");
        }
        if (step.approval.text.empty() && step.approval.typeTheName.empty()) {
            reader_.fail(node.pos(), "an approval says nothing", "give it `text` or `type-the-name`, or write true");
        }
        return;
    }
    if (!node.quoted && (node.scalar == "true" || node.scalar == "false")) {
        step.approval.needed = node.scalar == "true";
    } else {
        step.approval.text = templated(node, "an approval's text");
    }
}

void RunbookReader::readRetry(const StrictNode& node, Step& step) {
    if (!reader_.map(node, "a retry policy", runbookKeyNames("a retry policy"))) return;
    if (const StrictNode* attempts = reader_.require(node, "attempts", "a retry policy")) {
        step.retry.attempts = static_cast<int>(reader_.integer(*attempts, "attempts", 1, kAttemptsMax));
    }
    step.retry.on = {FailureClass::Transient, FailureClass::Unreachable};
    if (const StrictNode* on = node.find("on")) {
        step.retry.on.clear();
        const std::vector<std::string> names{"transient", "unreachable", "timeout"};
        const std::vector<FailureClass> classes{FailureClass::Transient, FailureClass::Unreachable,
                                                FailureClass::Timeout};
        const auto one = [&](const StrictNode& item) {
            const std::string name = word(item, "class to retry", names);
            if (!reader_.ok()) return;
            const auto index = std::find(names.begin(), names.end(), name) - names.begin();
            step.retry.on.push_back(classes[static_cast<std::size_t>(index)]);
        };
        if (on->isSequence()) {
            for (const StrictNode& child : on->children) one(child);
        } else {
            one(*on);
        }
    }
    if (const StrictNode* delay = node.find("delay")) step.retry.delayMs = duration(*delay, "delay");
}

void RunbookReader::readPolicy(const StrictNode& node, Step& step) {
    if (const StrictNode* timeout = node.find("timeout")) step.timeoutMs = duration(*timeout, "timeout");
    if (const StrictNode* retry = node.find("retry")) readRetry(*retry, step);
    if (const StrictNode* onFailure = node.find("on-failure")) {
        const std::vector<std::string> names{"abort", "continue", "pause", "compensate"};
        const std::string name = word(*onFailure, "way to go on after a failure", names);
        const auto at = std::find(names.begin(), names.end(), name);
        if (at != names.end()) step.onFailure = static_cast<OnFailure>(at - names.begin());
    }
    if (const StrictNode* approval = node.find("approval")) readApproval(*approval, step);
    if (const StrictNode* safe = node.find("safe-to-stop")) step.safeToStop = reader_.boolean(*safe, "safe-to-stop");
    if (const StrictNode* enabled = node.find("enabled")) step.enabled = reader_.boolean(*enabled, "enabled");
    if (const StrictNode* reason = node.find("disabled-because")) {
        step.disabledBecause = templated(*reason, "the reason");
    }
    if (const StrictNode* expect = node.find("expect")) step.expect = templated(*expect, "the expectation");
    if (const StrictNode* docs = node.find("docs")) step.docs = templated(*docs, "a citation");
}

void RunbookReader::wantNamesOfDeletions(Step& step) {
    for (const CommandLine& line : step.commands) {
        // A line that cannot be read is told by the type check, with its place.
        const auto parsed = runbook_.dialects.parseLine(line.text, {.placeholders = true});
        if (!parsed.ok()) continue;
        const Dialect* dialect = runbook_.dialects.ofOperation(parsed->op);
        if (dialect == nullptr) continue;
        const StepShape shape = dialect->shapeOf(parsed->op);
        if (shape.approvalName.empty()) continue;
        step.approval.needed = true;
        step.approval.text += (step.approval.text.empty() ? "" : "; ") + shape.irreversible;
        step.approval.typeTheName += (step.approval.typeTheName.empty() ? "" : " ") + shape.approvalName;
    }
}

void RunbookReader::checkStep(const StrictNode& node, const Step& step) {
    const std::string name = "step " + step.id;
    if (!isIdentifier(step.id)) {
        reader_.fail(node.pos(), "`" + step.id + "` is no step id", "use lower case, digits and dashes");
    }
    if (runbook_.findStep(step.id) != nullptr) {
        reader_.fail(node.pos(), "two steps have the id `" + step.id + "`",
                     "ids name steps in journals: make them differ");
    }
    if (step.kind == StepKind::CheckOnly && step.verify.empty() && step.requirements.empty()) {
        reader_.fail(node.pos(), name + " neither does nor checks anything",
                     "give it `do`, `human`, `wait` or `verify`");
    }
    const int declared = static_cast<int>(!step.undo.empty()) + static_cast<int>(step.nothingToUndo) +
                         static_cast<int>(!step.irreversible.empty());
    if (step.kind == StepKind::Commands && declared != 1) {
        reader_.fail(node.pos(),
                     name + (declared == 0 ? " does not say how it is undone" : " says twice how it is undone"),
                     "give it one of: undo: COMMAND, undo: none, irreversible: REASON");
    }
    if (step.kind == StepKind::Commands && step.verify.empty()) {
        reader_.fail(node.pos(), name + " has no `verify`", "a command that returned is not yet true at both ends");
    }
    if (step.enabled != step.disabledBecause.empty()) {
        reader_.fail(node.pos(), name + " needs `enabled: false` and `disabled-because` together");
    }
}

Step RunbookReader::step(const StrictNode& node) {
    Step step;
    step.place = node.pos();
    if (!reader_.map(node, "a step", runbookKeyNames("a step"))) return step;
    if (const StrictNode* id = reader_.require(node, "id", "a step")) step.id = reader_.text(*id, "a step's id");
    if (const StrictNode* title = reader_.require(node, "title", "a step")) step.title = templated(*title, "a title");
    if (const StrictNode* why = node.find("why")) step.why = templated(*why, "the reason");
    if (const StrictNode* target = node.find("target")) {
        step.targets = reader_.texts(*target, "a target");
        for (const std::string& text : step.targets) knownPlaceholders(*target, text);
    }
    if (const StrictNode* when = node.find("when")) step.when = conditions(*when);
    if (const StrictNode* done = node.find("done-when")) step.doneWhen = checks(*done, "a check");
    if (const StrictNode* required = node.find("requires")) step.requirements = checks(*required, "a requirement");
    readDeed(node, step);
    if (const StrictNode* verify = node.find("verify")) step.verify = verifyClauses(*verify);
    readUndo(node, step);
    readPolicy(node, step);
    if (node.find("approval") == nullptr) wantNamesOfDeletions(step);
    if (reader_.ok()) checkStep(node, step);
    if (reader_.ok()) refuseUseless(node, step);
    return step;
}

void RunbookReader::readSteps(const StrictNode& node) {
    if (!reader_.sequence(node, "steps")) return;
    if (node.children.empty()) reader_.fail(node.pos(), "a runbook has no steps", "`runbook new` writes a skeleton");
    for (const StrictNode& child : node.children) {
        Step read = step(child);
        if (!reader_.ok()) return;
        runbook_.steps.push_back(std::move(read));
    }
}

}  // namespace tributary::runbooks::detail
