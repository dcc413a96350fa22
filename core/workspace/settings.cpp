// Reading settings.yaml.
#include "core/workspace/settings.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/topology/measures.h"
#include "core/workspace/strictyaml.h"

namespace tributary {
namespace {

constexpr Millis kHookTimeoutMsMax = 3'600'000;

void readHooks(StrictReader& reader, const StrictNode& node, WorkspaceSettings& settings) {
    if (!reader.map(node, "hooks", {"alarm", "alarm-timeout"})) return;
    if (const StrictNode* alarm = node.find("alarm")) {
        settings.alarmHook = reader.texts(*alarm, "the program that runs on alarms");
        if (reader.ok() && settings.alarmHook.front().find('/') != 0) {
            reader.fail(alarm->pos(), fmt::format("'{}' is no absolute path of a program", settings.alarmHook.front()),
                        "alarm: [/path/of/program, word, ...]; for a shell's line: [/bin/sh, -c, 'LINE']");
        }
    }
    if (const StrictNode* timeout = node.find("alarm-timeout")) {
        const auto us = parseDuration(reader.text(*timeout, "the hook's time"));
        if (reader.ok() && (!us || us.value() < 1'000 || us.value() > kHookTimeoutMsMax * 1'000)) {
            reader.fail(timeout->pos(), "the hook's time is no duration up to an hour", "alarm-timeout: 30s");
        }
        if (reader.ok()) settings.alarmHookTimeoutMs = us.value() / 1'000;
    }
}

/// A file of `tls:`, beside the settings unless the path is absolute.
std::string readPath(StrictReader& reader, const StrictNode& node, std::string_view what, std::string_view file) {
    const std::string path = reader.text(node, std::string(what));
    if (!reader.ok() || path.starts_with("/")) return path;
    const std::size_t folder = file.rfind('/');
    return (folder == std::string_view::npos ? "" : std::string(file.substr(0, folder + 1))) + path;
}

void readTls(StrictReader& reader, const StrictNode& node, WorkspaceSettings& settings, std::string_view file) {
    constexpr const char* kThing = "the certificates of a cluster";
    if (!reader.namedMap(node, "tls")) return;
    for (const StrictNode& files : node.children) {
        ClusterTlsFiles out;
        if (!reader.map(files, kThing, {"certificate", "key", "authority", "revoked"})) return;
        const auto path = [&](const char* key) {
            const StrictNode* given = reader.require(files, key, kThing);
            return given == nullptr ? std::string() : readPath(reader, *given, key, file);
        };
        out.certificate = path("certificate");
        out.key = path("key");
        out.authority = path("authority");
        if (const StrictNode* revoked = files.find("revoked")) {
            out.revoked = readPath(reader, *revoked, "revoked", file);
        }
        if (!reader.ok()) return;
        settings.tls[files.key] = std::move(out);
    }
}

}  // namespace

std::string settingsPath(const WorkspacePaths& paths) {
    return paths.root + "/settings.yaml";
}

Result<WorkspaceSettings> parseSettings(std::string_view text, std::string_view file) {
    const auto root = parseStrictYaml(text, file);
    if (!root) return root.error();
    WorkspaceSettings settings;
    StrictReader reader(file);
    if (reader.map(root.value(), "the settings", {"tributary-settings", "hooks", "tls"})) {
        const StrictNode* format = reader.require(root.value(), "tributary-settings", "the settings");
        const std::int64_t version = format == nullptr ? 0 : reader.integer(*format, "the format", 1, 1'000'000);
        if (reader.ok() && version > kSettingsFormat) {
            return Error{ErrorCode::Unsupported, fmt::format("the settings have format {}, which is newer", version),
                         reader.where(format->pos()), "use a newer tributary"};
        }
        if (const StrictNode* hooks = root.value().find("hooks")) readHooks(reader, *hooks, settings);
        if (const StrictNode* tls = root.value().find("tls")) readTls(reader, *tls, settings, file);
    }
    if (!reader.ok()) return reader.error();
    return settings;
}

Result<WorkspaceSettings> loadSettings(const WorkspacePaths& paths) {
    const std::string path = settingsPath(paths);
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return WorkspaceSettings{};
    if ((info.st_mode & 022U) != 0 || (info.st_uid != ::geteuid() && info.st_uid != 0)) {
        return Error{ErrorCode::PermissionDenied, "others can write it, and it names programs that are run", path,
                     "chmod go-w " + path + ", and own it"};
    }
    const auto text = readTextFile(path);
    if (!text) return text.error();
    return parseSettings(text.value(), path);
}

}  // namespace tributary
