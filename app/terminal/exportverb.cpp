// export: a runbook as a script or a page.
#include <fmt/format.h>

#include "app/observe/exportfile.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "runbooks/export/exporter.h"
#include "runbooks/library/library.h"

namespace tributary::app {
namespace {

struct ExportWords {
    RunWords run;  ///< runbook, --set and --params, as `run` takes them
    std::string target = "bash";
    std::string file;
};

std::string folderOf(const VerbContext& context) {
    const auto paths = findWorkspace(context.workspaceDir);
    return paths ? paths.value().root : std::string();
}

int printLosses(const VerbContext& context, const std::vector<runbooks::Loss>& losses) {
    if (context.quiet) return 0;
    fmt::print(stderr, "Not in the export, or not in the same way:\n");
    for (const runbooks::Loss& loss : losses) fmt::print(stderr, "  {}: {}\n", loss.what, loss.here);
    return 0;
}

int exportIt(const VerbContext& context, const ExportWords& words) {
    const auto target = runbooks::parseExportTarget(words.target);
    if (!target) return context.fail(target.error());
    const auto given = parametersOf(words.run);
    if (!given) return context.fail(given.error());
    const auto book = runbooks::findRunbook(words.run.runbook, folderOf(context));
    if (!book) return context.fail(book.error());
    const auto values = runbooks::resolveParameters(*book, *given);
    if (!values) return context.fail(values.error());
    const auto text = runbooks::exportRunbook(*book, *values, *target, TRIBUTARY_VERSION);
    if (!text) return context.fail(text.error());
    const auto losses = runbooks::lossesOf(*book, *target);
    if (!words.file.empty()) {
        if (Status saved = saveExport(words.file, *text, *target); !saved) return context.fail(saved.error());
    }
    if (context.json) {
        engine::Json rows = engine::Json::array();
        for (const runbooks::Loss& loss : losses) rows.push_back({{"what", loss.what}, {"here", loss.here}});
        engine::Json document{{"runbook", book->id}, {"hash", book->hash}, {"target", words.target}, {"losses", rows}};
        document[words.file.empty() ? "text" : "file"] = words.file.empty() ? *text : words.file;
        printJson(document);
        return 0;
    }
    printDocument(context.outIsTerminal, words.file.empty() ? *text : words.file + "\n");
    printLosses(context, losses);
    if (!context.quiet && context.errIsTerminal && !words.file.empty() && *target == runbooks::ExportTarget::Bash) {
        fmt::print(stderr, "\nNext:\n  bash {} --dry-run\n", words.file);
    }
    return 0;
}

}  // namespace

Verb exportVerb() {
    Verb verb{"export",
              "runbooks",
              "Write a runbook as a bash script or a page",
              "tributary export multi-master-setup --set source=/mapr/sanfrancisco/customers "
              "--set replica=/mapr/newyork/customers -o setup.sh\n"
              "tributary export replication-teardown --params pair.yaml --to markdown -o teardown.md",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<ExportWords>();
        app.add_option("RUNBOOK", words->run.runbook, "A name of `runbook list`, or a .yaml file")->required();
        app.add_option("--to", words->target, "What to write")
            ->check(CLI::IsMember({"bash", "markdown"}))
            ->type_name("TARGET");
        app.add_option("--set", words->run.set, "A parameter: NAME=VALUE; may be repeated")->expected(1)->take_all();
        app.add_option("--params", words->run.paramsFile, "Parameters out of a YAML or JSON file");
        app.add_option("-o,--output", words->file, "Write to this file instead of stdout")->type_name("FILE");
        return [words](VerbContext& context) { return exportIt(context, *words); };
    };
    return verb;
}

}  // namespace tributary::app
