// The walk over folders and files.
#include "app/care/modescheck.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "app/daemon/session.h"
#include "app/systems/membersystem.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {
namespace {

class Modes {
public:
    std::vector<HealthFinding> examine(const WorkspacePaths& paths) {
        writable(paths);
        closed(paths);
        replaceable(paths);
        return std::move(findings_);
    }

private:
    void add(std::string subject, Health health, std::string detail, std::string fix = {}) {
        findings_.push_back({std::move(subject), health, std::move(detail), std::move(fix)});
    }

    /// The folders that a cluster writes into, and the files that it must be able to change.
    void writable(const WorkspacePaths& paths) {
        std::vector<std::string> wanted{paths.root};
        if (::access(paths.state().c_str(), F_OK) == 0) wanted.push_back(paths.state());
        std::error_code problem;
        auto at = std::filesystem::recursive_directory_iterator(paths.state() + "/clusters", problem);
        for (const auto end = std::filesystem::recursive_directory_iterator(); !problem && at != end;
             at.increment(problem)) {
            if (at->is_directory(problem) || at->is_regular_file(problem)) wanted.push_back(at->path().string());
        }
        int refused = 0;
        for (const std::string& path : wanted) {
            if (::access(path.c_str(), W_OK) == 0 || ++refused > 3) continue;
            add("permissions", Health::Bad, path + " cannot be written",
                fmt::format("chown {} {}, or run as its owner", systemUser(), engine::maprdb::shellWord(path)));
        }
        if (refused == 0) add("permissions", Health::Good, fmt::format("{} files and folders", wanted.size()));
        if (refused > 3) add("permissions", Health::Bad, fmt::format("and {} more", refused - 3), "the same");
    }

    /// Rows, logs and secrets are their owner's. A workspace made by an earlier version, or copied, may be open.
    void closed(const WorkspacePaths& paths) {
        std::vector<std::string> looked;
        std::error_code problem;
        for (const std::string& folder : writtenFolders(paths)) {
            if (::access(folder.c_str(), F_OK) != 0) continue;
            looked.push_back(folder);
            auto at = std::filesystem::recursive_directory_iterator(folder, problem);
            for (const auto end = std::filesystem::recursive_directory_iterator(); !problem && at != end;
                 at.increment(problem)) {
                looked.push_back(at->path().string());
                // What a hook writes has the modes that its program gave: only the folder around it is ours to close.
                if (at.depth() == 0 && at->path().filename() == "hooks") at.disable_recursion_pending();
            }
        }
        if (looked.empty()) return;
        std::size_t open = 0;
        std::string first;
        for (const std::string& path : looked) {
            struct stat info {};
            if (::lstat(path.c_str(), &info) != 0 || S_ISLNK(info.st_mode) || (info.st_mode & 077U) == 0) continue;
            if (++open == 1) first = path;
        }
        if (open == 0) return add("privacy", Health::Good, "only its owner reads what the engine writes");
        add("privacy", Health::Bad,
            open == 1 ? first + " is open to others"
                      : fmt::format("{} and {} more are open to others", first, open - 1),
            "chmod -R go-rwx " + engine::maprdb::shellWord(first.starts_with(paths.state()) ? paths.state() : first));
    }

    /// Folders that only their owner may look into: the daemon's, and the volumes of members that are processes.
    static std::vector<std::string> writtenFolders(const WorkspacePaths& paths) {
        std::vector<std::string> out{paths.state()};
        for (const MemberSystem* system : memberSystems()) {
            const auto volumes = system->volumes(paths);
            if (!volumes) continue;  // said where members are looked at
            for (const MemberVolume& volume : *volumes) out.push_back(volume.folder);
        }
        return out;
    }

    /// Who may write into a folder puts another file into the place of one in it, whoever may read that.
    void replaceable(const WorkspacePaths& paths) {
        std::set<std::string> folders;
        for (std::filesystem::path at : writtenFolders(paths)) {
            for (; at.string().size() >= paths.root.size() && at.string().starts_with(paths.root);
                 at = at.parent_path()) {
                folders.insert(at.string());
                if (at == paths.root) break;
            }
        }
        for (const std::string& folder : folders) {
            struct stat info {};
            if (::lstat(folder.c_str(), &info) != 0 || (info.st_mode & 022U) == 0) continue;
            add("privacy", Health::Bad, folder + ": others may put files of their own into it",
                "chmod go-w " + engine::maprdb::shellWord(folder));
        }
    }

    std::vector<HealthFinding> findings_;
};

}  // namespace

std::vector<HealthFinding> examineModes(const WorkspacePaths& paths) {
    return Modes().examine(paths);
}

}  // namespace tributary::app
