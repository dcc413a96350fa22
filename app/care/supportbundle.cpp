// Collecting, redacting, packing.
#include "app/care/supportbundle.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <QtGlobal>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/care/archivewriter.h"
#include "app/care/redaction.h"
#include "core/base/text.h"
#include "core/workspace/settings.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"
#include "runbooks/runner/runstore.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLogBytesShown = 2 << 20;
constexpr std::size_t kJournalsShown = 20;
constexpr std::size_t kDigitsHidden = 6;  // a shorter number or a "true" would be found in everything

/// The last `bytesMax` bytes, from the start of a line.
std::string tailOf(const std::string& path, std::size_t bytesMax) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return {};
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
    const std::size_t from = size > bytesMax ? size - bytesMax : 0;
    file.seekg(static_cast<std::streamoff>(from));
    std::string text(size - from, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (from > 0) text.erase(0, text.find('\n') + 1);
    return text;
}

/// JSON lines, each by `redact`; what does not parse is withheld.
template <typename F>
std::string eachLine(const std::string& text, F redact) {
    std::string out;
    for (const std::string& line : split(text, '\n')) {
        if (line.empty()) continue;
        const Json record = Json::parse(line, nullptr, false);
        out +=
            record.is_object() ? redact(record).dump(-1, ' ', false, Json::error_handler_t::replace) : withheld(line);
        out += '\n';
    }
    return out;
}

class Collector {
public:
    Collector(const WorkspacePaths& paths, const SupportRequest& request) : paths_(paths), request_(request) {}

    std::vector<SupportText> collect() {
        learn();
        add("versions.txt", versions());
        for (const SupportText& text : request_.texts) add(text.name, text.text);
        add("topology.yaml", drawing());
        add("settings.txt", settings());
        add("sizes.txt", sizes());
        add("daemon.log", daemonLines());
        add("audit.jsonl", audit());
        for (const std::string& run : runs()) add("runs/" + run + ".jsonl", journal(run));
        return std::move(texts_);
    }

private:
    /// Everything that must not be seen is known before the first line is written.
    void learn() {
        redactor_.hide(tailOf(paths_.state() + "/secret", 4096));
        std::error_code ignored;
        for (const auto& each : std::filesystem::directory_iterator(paths_.state() + "/clusters", ignored)) {
            redactor_.hide(tailOf(each.path().string() + "/key", 4096));
            for (const char* held : {"/tls/cluster.pem", "/tls/authority.pem"}) {
                redactor_.hide(tailOf(each.path().string() + held, 4096));
            }
        }
        for (const auto& each : std::filesystem::directory_iterator(paths_.state() + "/passwords", ignored)) {
            redactor_.hide(tailOf(each.path().string(), 4096));
        }
        for (char** at = environ; *at != nullptr; ++at) {
            const std::string text = *at;
            const std::size_t equals = text.find('=');
            if (equals == std::string::npos) continue;
            const std::string name = toLower(text.substr(0, equals));
            for (const char* word : {"secret", "token", "pass", "key", "credential", "auth", "cookie"}) {
                const std::string value = text.substr(equals + 1);
                if (name.find(word) != std::string::npos && (!isPlainValue(value) || value.size() >= kDigitsHidden))
                    redactor_.hide(value);
            }
        }
        for (const std::string& run : runs()) {
            for (const std::string& line : split(journalText(run), '\n')) {
                const Json record = Json::parse(line, nullptr, false);
                if (record.is_object()) hideSecretsOf(record, redactor_);
            }
        }
        const auto loaded = loadSettings(paths_);
        if (!loaded) return;
        for (std::size_t i = 1; i < loaded.value().alarmHook.size(); ++i) redactor_.hide(loaded.value().alarmHook[i]);
    }

    void add(const std::string& name, const std::string& text) {
        std::string shown = redactor_.scrub(text);
        for (std::size_t at = shown.find(paths_.root); at != std::string::npos; at = shown.find(paths_.root, at))
            shown.replace(at, paths_.root.size(), "WORKSPACE");
        texts_.push_back({name, std::move(shown)});
    }

    /// The newest, by the order that runs have themselves: their names only tell what the clock said.
    [[nodiscard]] std::vector<std::string> runs() const {
        std::vector<std::string> ids = runs_.ids().valueOr({});
        if (ids.size() > kJournalsShown) ids.resize(kJournalsShown);
        return ids;
    }
    [[nodiscard]] std::string journalText(const std::string& run) const {
        return tailOf(runs_.journalPath(run), 8 * kLogBytesShown);
    }
    [[nodiscard]] std::string journal(const std::string& run) const {
        return eachLine(journalText(run), [&](const Json& record) { return redactedRecord(record, redactor_); });
    }

    [[nodiscard]] std::string audit() const {
        return eachLine(tailOf(paths_.state() + "/audit.log", kLogBytesShown), [&](const Json& record) {
            Json shown = Json::object();
            for (const char* name : {"at", "by", "as", "ok", "error", "runbook", "hash"}) {
                if (record.contains(name)) shown[name] = record[name];
            }
            const auto line = record.find("line");
            if (line != record.end() && line->is_string()) shown["line"] = redactedCommand(line->get<std::string>());
            return shown;
        });
    }

    [[nodiscard]] std::string daemonLines() const {
        constexpr std::string_view kSays = " hook alarm says: ";
        std::string out;
        for (const std::string& line : split(tailOf(paths_.state() + "/daemon.log", kLogBytesShown), '\n')) {
            const std::size_t says = line.find(kSays);
            if (says == std::string::npos) {
                out += line + "\n";
            } else {
                const std::size_t from = says + kSays.size();
                out += line.substr(0, from) + withheld(line.substr(from)) + "\n";
            }
        }
        return out;
    }

    /// The drawing written anew from what was read: comments are not part of it.
    [[nodiscard]] std::string drawing() const {
        const auto loaded = loadTopology(paths_.topology());
        if (loaded) return writeTopology(loaded.value());
        return fmt::format("# it cannot be read: {} at {}\n", errorCodeName(loaded.error().code), loaded.error().where);
    }

    [[nodiscard]] std::string settings() const {
        const auto loaded = loadSettings(paths_);
        if (!loaded) {
            return fmt::format("they cannot be read: {} at {}\n", errorCodeName(loaded.error().code),
                               loaded.error().where);
        }
        const WorkspaceSettings& found = loaded.value();
        if (found.alarmHook.empty()) return "no hook\n";
        return fmt::format("alarm hook: {} and {} words, at most {} ms\n", found.alarmHook.front(),
                           found.alarmHook.size() - 1, found.alarmHookTimeoutMs);
    }

    [[nodiscard]] std::string sizes() const {
        std::vector<std::string> lines;
        std::error_code problem;
        auto at = fs::recursive_directory_iterator(paths_.state(), problem);
        for (const auto end = fs::recursive_directory_iterator(); !problem && at != end; at.increment(problem)) {
            struct stat info {};
            if (::lstat(at->path().c_str(), &info) != 0) continue;
            lines.push_back(fmt::format("{:04o} {:>14} {}", info.st_mode & 07777U, info.st_size,
                                        fs::path(at->path()).lexically_relative(paths_.root).string()));
        }
        std::sort(lines.begin(), lines.end(),
                  [](const std::string& a, const std::string& b) { return a.substr(20) < b.substr(20); });
        struct statvfs space {};
        if (::statvfs(paths_.root.c_str(), &space) == 0) {
            lines.push_back(fmt::format("free: {} of {} bytes", std::uint64_t{space.f_bavail} * space.f_frsize,
                                        std::uint64_t{space.f_blocks} * space.f_frsize));
        }
        return join(lines, "\n") + "\n";
    }

    [[nodiscard]] std::string versions() const {
        utsname system{};
        ::uname(&system);
        std::string text = fmt::format("tributary {}\nQt {}\n{} {} {}\n", TRIBUTARY_VERSION, qVersion(), system.sysname,
                                       system.release, system.machine);
        for (const std::string& line : split(tailOf("/etc/os-release", 4096), '\n')) {
            if (line.starts_with("PRETTY_NAME=")) text += line.substr(12) + "\n";
        }
        text += fmt::format("{} processors\nwritten {}\n\nVariables that are set (names only):\n",
                            ::sysconf(_SC_NPROCESSORS_ONLN), isoTime(request_.nowMs));
        std::vector<std::string> names;
        for (char** at = environ; *at != nullptr; ++at) {
            const std::string name = std::string(*at).substr(0, std::string(*at).find('='));
            for (const char* prefix : {"TRIBUTARY_", "LC_", "LANG", "TERM", "NO_COLOR", "XDG_", "QT_"}) {
                if (name.starts_with(prefix)) names.push_back("  " + name);
            }
        }
        std::sort(names.begin(), names.end());
        return text + join(names, "\n") + "\n";
    }

    const WorkspacePaths& paths_;
    const SupportRequest& request_;
    const runbooks::RunStore runs_{paths_.state() + "/runs"};
    Redactor redactor_;
    std::vector<SupportText> texts_;
};

std::vector<std::string> leftOutOf() {
    return {"rows, and everything else that the engine stores",
            "the clusters' keys, and the files that runbooks refer to",
            "values of parameters that are no path, number, true or false",
            "output of commands and of hooks; words of the hook's command",
            "texts of runbooks, comments of the drawing, the layout",
            "values of environment variables"};
}

}  // namespace

std::string supportFileName(Millis nowMs) {
    std::string stamp;
    for (const char c : isoTime(nowMs).substr(0, 19)) {
        if (c != '-' && c != ':') stamp += c;
    }
    return "tributary-support-" + stamp + "Z.tar.gz";
}

Result<SupportReport> writeSupportBundle(const WorkspacePaths& paths, const SupportRequest& request) {
    auto writer = ArchiveWriter::create(request.file, ArchiveWriter::Compression::Gzip);
    if (!writer) return writer.error();
    SupportReport report;
    report.file = request.file;
    report.leftOut = leftOutOf();
    std::vector<SupportText> texts = Collector(paths, request).collect();
    std::string readme = "A look at a workspace of Tributary, for a person who helps. It holds:\n";
    for (const SupportText& text : texts) readme += "  " + text.name + "\n";
    readme += "It does not hold:\n";
    for (const std::string& line : report.leftOut) readme += "  " + line + "\n";
    texts.insert(texts.begin(), {"README.txt", readme});
    for (const SupportText& text : texts) {
        if (Status added = writer.value()->addText("tributary-support/" + text.name, text.text, request.nowMs); !added)
            return added.error();
        report.contents.emplace_back(text.name, text.text.size());
    }
    const auto bytes = writer.value()->finish();
    if (!bytes) return bytes.error();
    report.archiveBytes = bytes.value();
    return report;
}

}  // namespace tributary::app
