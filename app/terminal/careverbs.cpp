// doctor, metrics and support; backup and restore join them here.
#include "app/terminal/careverbs.h"

#include <fmt/format.h>

#include "app/care/doctor.h"
#include "app/care/supportbundle.h"
#include "app/observe/metricstext.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/statusview.h"
#include "app/terminal/texttable.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

int doctor(const VerbContext& context, HealthDepth depth) {
    if (!context.workspaceDir.empty()) {  // without one the machine alone is examined
        const auto named = findWorkspace(context.workspaceDir);
        if (!named) return context.fail(named.error());
    }
    const std::vector<HealthFinding> findings = examineHealth(context.workspaceDir, context.user, depth);
    const auto json = healthJson(findings);
    if (context.json) {
        printJson(json);
    } else {
        TextTable table({"WHAT", "", "SEEN"});
        for (const HealthFinding& finding : findings) {
            const std::string fix = finding.fix.empty() ? std::string() : "\n  try: " + finding.fix;
            table.add({finding.subject, std::string(healthName(finding.health)), finding.detail + fix});
        }
        fmt::print("{}", table.text(context.outIsTerminal ? context.columns : 0));
    }
    return json["healthy"].get<bool>() ? 0 : 1;
}

int metrics(const VerbContext& context) {
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    const std::string text = metricsText(collectStatus(**session));
    if (context.json) {
        printJson({{"metrics", text}});
    } else {
        fmt::print("{}", text);
    }
    return 0;
}

int support(const VerbContext& context, const std::string& asked) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    SupportRequest request;
    request.nowMs = wallNowMs();
    request.file = asked.empty() ? supportFileName(request.nowMs) : asked;
    request.texts.push_back({"doctor.json", healthJson(examineHealth(paths->root, context.user)).dump(1) + "\n"});
    if (auto session = openSession(context)) {
        const WorkspaceStatus status = collectStatus(**session);
        request.texts.push_back({"status.json", statusJson(status).dump(1) + "\n"});
        request.texts.push_back({"metrics.txt", metricsText(status)});
    }
    const auto report = writeSupportBundle(paths.value(), request);
    if (!report) return context.fail(report.error());
    if (context.json) {
        engine::Json contents = engine::Json::array();
        for (const auto& [name, bytes] : report->contents) contents.push_back({{"name", name}, {"bytes", bytes}});
        printJson({{"archive", report->file},
                   {"archive_bytes", report->archiveBytes},
                   {"contents", contents},
                   {"left_out", report->leftOut}});
        return 0;
    }
    fmt::print("{}\n", report->file);
    std::fflush(stdout);
    if (context.quiet) return 0;
    fmt::print(stderr, "{}. In it:\n", humanBytes(report->archiveBytes));
    for (const auto& [name, bytes] : report->contents) fmt::print(stderr, "  {:<50} {:>10}\n", name, humanBytes(bytes));
    fmt::print(stderr, "Left out:\n");
    for (const std::string& line : report->leftOut) fmt::print(stderr, "  {}\n", line);
    fmt::print(stderr, "Names of clusters, tables and users are in it: read it before you send it.\n");
    return 0;
}

Verb supportVerb() {
    Verb verb{"support",
              "help",
              "Pack what a person who helps needs to see, without rows and secrets",
              "tributary support -w demo\ntributary support -w demo -o bundle.tar.gz",
              {}};
    verb.describe = [](CLI::App& app) {
        auto file = std::make_shared<std::string>();
        app.add_option("-o,--output", *file, "The archive; it must not exist. Else tributary-support-TIME.tar.gz")
            ->type_name("FILE");
        return [file](VerbContext& context) { return support(context, *file); };
    };
    return verb;
}

}  // namespace

std::vector<Verb> careVerbs() {
    return {
        backupVerb(),
        restoreVerb(),
        {"doctor", "help", "Look whether machine, workspace, clusters and links are as they should be",
         "tributary doctor\ntributary doctor -w demo --json\ntributary down -w demo && tributary doctor -w demo --deep",
         [](CLI::App& app) {
             auto deep = std::make_shared<bool>(false);
             app.add_flag("--deep", *deep, "Read every page of the clusters that are down, and compare its checksum");
             return [deep](VerbContext& context) {
                 return doctor(context, *deep ? HealthDepth::Deep : HealthDepth::Usual);
             };
         }},
        supportVerb(),
        {"metrics", "workspace", "Print figures of clusters and links for Prometheus",
         "tributary metrics -w demo\n"
         "curl --unix-socket demo/.tributary/metrics.sock http://localhost/metrics",
         [](CLI::App&) { return [](VerbContext& context) { return metrics(context); }; }},
    };
}

}  // namespace tributary::app
