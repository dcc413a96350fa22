// backup and restore: a workspace as one file, and back.
#include <fmt/format.h>

#include "app/care/backup.h"
#include "app/terminal/careverbs.h"
#include "app/terminal/dataverbscommon.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::shellWord;

Json reportJson(const BackupReport& report) {
    return {{"archive", report.file},
            {"files", report.files},
            {"bytes", report.bytes},
            {"version", report.version},
            {"created", report.created}};
}

int backup(const VerbContext& context, const std::string& asked) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    const Millis nowMs = wallNowMs();
    const std::string file = asked.empty() ? backupFileName(paths.value(), nowMs) : asked;
    const auto report = backupWorkspace(paths.value(), file, nowMs);
    if (!report) return context.fail(report.error());
    if (context.json) {
        Json json = reportJson(report.value());
        json["archive_bytes"] = report->archiveBytes;
        printJson(json);
        return 0;
    }
    fmt::print("{}\n", file);
    std::fflush(stdout);
    if (context.quiet) return 0;
    fmt::print(stderr,
               "{} files, {} in an archive of {}. It holds every row: keep it as you keep the data.\n"
               "\nNext:\n  tributary restore {} --check\n",
               report->files, humanBytes(report->bytes), humanBytes(report->archiveBytes), shellWord(file));
    return 0;
}

int restore(const VerbContext& context, const std::string& file, const std::string& dir, bool check) {
    if (check != dir.empty()) {
        const char* what = check ? "--check only reads the archive" : "'tributary restore' needs DIR";
        return context.fail(
            Error{ErrorCode::InvalidInput, what, {}, "tributary restore FILE DIR, or tributary restore FILE --check"});
    }
    const auto report = check ? checkBackup(file) : restoreWorkspace(file, dir);
    if (!report) return context.fail(report.error());
    if (context.json) {
        Json json = reportJson(report.value());
        if (!check) json["workspace"] = dir;
        printJson(json);
        return 0;
    }
    if (check) {
        fmt::print("whole: {} files, {}, written {} by tributary {}\n", report->files, humanBytes(report->bytes),
                   report->created, report->version);
        return 0;
    }
    fmt::print("{}\n", dir);
    std::fflush(stdout);
    if (context.quiet) return 0;
    fmt::print(
        stderr,
        "{} files, {}, as of {}. What was written after that is not in it. Its clusters number their next writes "
        "anew and raise NODE_ALARM_VOLUME_PUT_BACK, so that no replica takes them for writes that it has.\n"
        "\nNext:\n  tributary up -w {}\n",
        report->files, humanBytes(report->bytes), report->created, shellWord(dir));
    return 0;
}

}  // namespace

Verb backupVerb() {
    Verb verb{"backup",
              "workspace",
              "Write the workspace with its data and journals to one file; the clusters must be down",
              "tributary down -w demo && tributary backup -w demo && tributary up -w demo\n"
              "tributary backup -w demo /srv/backups/demo.backup.tar.zst",
              {}};
    verb.describe = [](CLI::App& app) {
        auto file = std::make_shared<std::string>();
        app.add_option("FILE", *file, "The archive (tar, zstd); it must not exist. Else WORKSPACE-TIME.backup.tar.zst");
        return [file](VerbContext& context) { return backup(context, *file); };
    };
    return verb;
}

Verb restoreVerb() {
    Verb verb{"restore",
              "workspace",
              "Make a workspace of a backup, once all of its checksums are right",
              "tributary restore demo-20260131T090000Z.backup.tar.zst demo2\n"
              "tributary restore demo-20260131T090000Z.backup.tar.zst --check",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Options {
            std::string file, dir;
            bool check = false;
        };
        auto options = std::make_shared<Options>();
        app.add_option("FILE", options->file, "An archive that `tributary backup` wrote")->required();
        app.add_option("DIR", options->dir, "The folder to make; it must be new or empty");
        app.add_flag("--check", options->check, "Read all of it and compare the checksums; write nothing");
        return
            [options](VerbContext& context) { return restore(context, options->file, options->dir, options->check); };
    };
    return verb;
}

}  // namespace tributary::app
