// Plans made and run against the model, as `tributary apply` does.
#pragma once

#include "modelport.h"
#include "runbooks/planner/plan.h"
#include "runbooks/runner/runner.h"
#include "spokenrunbooks.h"

namespace tributary::runbooks::test {

struct PlanHarness {
    /// Looks, plans, looks at what deletions take, plans again.
    Result<Plan> plan(const Topology& drawing, PlanOptions options = {}) {
        options.dialects = spoken();
        const Observation seen = port.observe();
        options.nowMs = clock.nowMs();
        Result<Plan> first = makePlan(drawing, seen, options);
        if (!first || first->deletions.empty()) return first;
        for (const Deletion& each : first->deletions) {
            const LineEffect effect = port.effectOf(each.line, {each.related, each.before});
            DataLoss& loss = options.losses[each.key()];
            if (effect.rows >= 0) loss.rows = effect.rows;
            if (effect.onlyHere >= 0) loss.onlyHere = effect.onlyHere;
            loss.keys = effect.keys;
            loss.problem = effect.problem;
        }
        return makePlan(drawing, seen, options);
    }
    /// Runs it with every name typed.
    RunResult run(const Plan& made) {
        journalText.clear();
        RunJournal journal(std::make_unique<MemorySink>(journalText), clock, "run-1");
        RunOptions options;
        options.approveAll = true;
        for (const Step& step : made.runbook.steps) {
            if (!step.approval.typeTheName.empty()) options.approvals[step.id] = step.approval.typeTheName;
        }
        AbsentApprover nobody;
        LogListener listener;
        Runner runner(port, clock, nobody, listener, spoken());
        return runner.run(made.runbook, {}, journal, options);
    }
    RunResult undo() {
        Result<JournalContents> contents = readJournal(journalText, "journal.jsonl");
        RunJournal journal(std::make_unique<MemorySink>(journalText), clock, std::move(contents).value());
        UndoOptions options;
        options.approveAll = true;
        Result<UndoPlan> plan = planUndo(journal.state(), port, {});
        if (plan) {
            for (const UndoPlanStep& step : plan->steps) {
                if (!step.approval.typeTheName.empty()) options.approvals[step.stepId] = step.approval.typeTheName;
            }
        }
        AbsentApprover nobody;
        LogListener listener;
        Runner runner(port, clock, nobody, listener, spoken());
        return runner.undo(journal, options);
    }

    FakeClock clock;
    ModelPort port{clock};
    std::string journalText;
};

}  // namespace tributary::runbooks::test
