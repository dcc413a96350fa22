// report: what a run did, drawn from its journal.
#include <fmt/format.h>

#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/report.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {
namespace {

using engine::Json;
using runbooks::RunState;

Json known(std::int64_t value) {
    return value < 0 ? Json(nullptr) : Json(value);
}

Json stepJson(const runbooks::StepState& step) {
    Json json{{"id", step.id},
              {"title", step.title},
              {"state", runbooks::stepPhaseName(step.phase)},
              {"attempts", step.attempts},
              {"reason", step.reason},
              {"fix", step.fix},
              {"started", step.startedAtMs > 0 ? Json(isoTime(step.startedAtMs)) : Json(nullptr)},
              {"ended", step.endedAtMs > 0 ? Json(isoTime(step.endedAtMs)) : Json(nullptr)},
              {"duration_ms", known(step.tookMs())},
              {"person_ms", step.personMs},
              {"undo_problem", step.undoProblem},
              {"commands", Json::array()},
              {"evidence", Json::array()}};
    for (const auto& line : step.lines) {
        json["commands"].push_back(Json{{"text", line.text},
                                        {"tries", line.tries},
                                        {"in_doubt", line.inDoubt()},
                                        {"output", line.output},
                                        {"error", line.error},
                                        {"duration_ms", line.durationMs}});
    }
    for (const auto& evidence : step.evidence) {
        json["evidence"].push_back(Json{
            {"check", evidence.check}, {"verdict", runbooks::verdictName(evidence.verdict)}, {"seen", evidence.seen}});
    }
    return json;
}

Json stateJson(const RunState& state) {
    Json json{{"run", state.runId},
              {"number", state.number > 0 ? Json(state.number) : Json(nullptr)},
              {"runbook", state.runbookId},
              {"title", state.title},
              {"outcome", state.standing()},
              {"exit", state.finished ? Json(static_cast<int>(runbooks::exitCodeOf(state.outcome))) : Json(nullptr)},
              {"reason", state.reason},
              {"fix", state.fix},
              {"user", state.user},
              {"hash", state.hash},
              {"sessions", state.sessions},
              {"started", isoTime(state.startedAtMs)},
              {"ended", state.endedAtMs > 0 ? Json(isoTime(state.endedAtMs)) : Json(nullptr)},
              {"person_ms", state.personMs()},
              {"parameters", state.parameters},
              {"steps", Json::array()},
              {"approvals", Json::array()},
              {"lag", Json::object()}};
    for (const auto& step : state.steps) json["steps"].push_back(stepJson(step));
    for (const auto& approval : state.approvals) {
        json["approvals"].push_back(Json{
            {"step", approval.stepId}, {"who", approval.who}, {"how", approval.how}, {"at", isoTime(approval.atMs)}});
    }
    for (const auto& [link, lag] : state.lag) {
        json["lag"][link] = Json{{"max_lag_ms", known(lag.maxLagMs)},
                                 {"last_lag_ms", known(lag.lastLagMs)},
                                 {"max_bytes_pending", known(lag.maxBytesPending)},
                                 {"samples", lag.samples},
                                 {"unknown_samples", lag.unknownSamples},
                                 {"last_state", lag.lastState}};
    }
    return json;
}

int listRuns(const VerbContext& context, const runbooks::RunStore& store) {
    const auto runs = store.list();
    if (!runs) return context.fail(runs.error());
    Json rows = Json::array();
    for (const runbooks::RunSummary& run : runs.value()) {
        if (context.json) {
            rows.push_back(Json{{"run", run.runId},
                                {"number", run.number > 0 ? Json(run.number) : Json(nullptr)},
                                {"runbook", run.runbookId},
                                {"outcome", run.standing},
                                {"started", run.startedAtMs > 0 ? Json(isoTime(run.startedAtMs)) : Json(nullptr)}});
        } else {
            fmt::print("{}\t{}\t{}\n", run.runId, run.standing, run.problem.empty() ? run.runbookId : run.problem);
        }
    }
    if (context.json) printJson(Json{{"runs", rows}});
    if (runs.value().empty() && !context.json && !context.quiet)
        fmt::print(stderr, "there are no runs yet; begin one: tributary run RUNBOOK (tributary runbook list)\n");
    return 0;
}

int report(const VerbContext& context, const std::string& run, std::string format, const std::string& file) {
    const auto folder = runsFolder(context);
    if (!folder) return context.fail(folder.error());
    const runbooks::RunStore store(folder.value());
    if (run == "list") return listRuns(context, store);
    const auto state = store.read(run);
    if (!state) return context.fail(state.error());
    if (format.empty()) format = context.json ? "json" : "markdown";
    std::string text;
    if (format == "junit") {
        text = runbooks::junitReport(state.value());
    } else if (format == "json") {
        text = stateJson(state.value()).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    } else {
        text = runbooks::markdownReport(state.value());
    }
    if (file.empty() || file == "-") {
        printDocument(context.outIsTerminal, format == "json" ? shownJson(text) : text);
        return 0;
    }
    if (Status saved = saveFileAtomically(file, text, NewFile::Private); !saved) return context.fail(saved.error());
    return 0;
}

}  // namespace

Verb reportVerb() {
    Verb verb{"report",
              "runbooks",
              "Show what a run did, from its journal",
              "tributary report\ntributary report list\ntributary report --format junit -o run.xml",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Words {
            std::string run, format, file;
        };
        auto words = std::make_shared<Words>();
        app.add_option("RUN", words->run, "A run of `report list`; the newest without it");
        app.add_option("--format", words->format, "markdown (default), junit or json")
            ->check(CLI::IsMember({"markdown", "junit", "json"}));
        app.add_option("-o,--output", words->file, "Write to a file");
        return [words](VerbContext& context) { return report(context, words->run, words->format, words->file); };
    };
    return verb;
}

}  // namespace tributary::app
