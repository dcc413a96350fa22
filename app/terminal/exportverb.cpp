// export: a runbook as a script or a page, a drawing as configuration files.
#include <fmt/format.h>

#include "app/observe/exportfile.h"
#include "app/systems/dialects.h"
#include "app/terminal/configfiles.h"
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
    std::vector<std::string> passwords;  ///< of configuration files
    bool force = false;
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
    if (words.target == "config") {
        if (words.run.runbook.empty()) return exportConfig(context, {words.file, words.passwords, words.force});
        return context.fail(Error{ErrorCode::InvalidInput,
                                  "configuration files come from the drawing, not from a runbook", "RUNBOOK",
                                  "tributary export --to config -o DIR"});
    }
    if (words.run.runbook.empty()) {
        return context.fail(Error{ErrorCode::InvalidInput, "a runbook is needed", "RUNBOOK", "tributary runbook list"});
    }
    const auto target = runbooks::parseExportTarget(words.target);
    if (!target) return context.fail(target.error());
    const auto given = parametersOf(words.run);
    if (!given) return context.fail(given.error());
    const auto book = runbooks::findRunbook(words.run.runbook, folderOf(context), dialects());
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
              "Write a runbook as a script or page, or a drawing's configuration",
              "tributary export multi-master-setup --set source=/mapr/sanfrancisco/customers "
              "--set replica=/mapr/newyork/customers -o setup.sh\n"
              "tributary export replication-teardown --params pair.yaml --to markdown -o teardown.md\n"
              "tributary export --to config --password replicator=file:secret.txt -o .",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<ExportWords>();
        app.add_option("RUNBOOK", words->run.runbook, "A name of `runbook list`, or a .yaml file");
        app.add_option(
               "--to", words->target,
               "What to write; config: config.yaml and instances.yml of the drawn replica sets, deployment.xml of "
               "drawn clusters of VoltDB, without RUNBOOK")
            ->check(CLI::IsMember({"bash", "markdown", "config"}))
            ->type_name("TARGET");
        app.add_option("--set", words->run.set, "A parameter: NAME=VALUE; may be repeated")->expected(1)->take_all();
        app.add_option("--params", words->run.paramsFile, "Parameters out of a YAML or JSON file");
        app.add_option(
               "-o,--output", words->file,
               "Write to this file instead of stdout; with --to config, into this folder. A deployment.xml that is "
               "there is changed at what the drawing says, and kept otherwise")
            ->type_name("FILE");
        app.add_option("--password", words->passwords,
                       "With --to config: a password that shall stand in the files, USER=file:PATH; may be repeated")
            ->expected(1)
            ->take_all();
        app.add_flag("--force", words->force, "With --to config: replace files that say something else");
        return [words](VerbContext& context) { return exportIt(context, *words); };
    };
    return verb;
}

}  // namespace tributary::app
