// Writing, reading and clearing the recovery journal.
#include "app/desktop/document/recoveryjournal.h"

#include <QStandardPaths>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/privatefolder.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"

namespace fs = std::filesystem;

namespace tributary::desktop {

RecoveryJournal RecoveryJournal::ofWorkspace(const std::string& folder) {
    return RecoveryJournal(folder + "/.tributary/designer-recovery.json");
}

RecoveryJournal RecoveryJournal::ofUntitled() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    return RecoveryJournal(folder.toStdString() + "/untitled-recovery.json");
}

Status RecoveryJournal::write(const RecoveredDrawing& drawing) const {
    if (Status made = makePrivateFolders(fs::path(path_).parent_path()); !made) return made;
    const nlohmann::json json{{"format", 1},
                              {"text", drawing.text},
                              {"layout", drawing.layout},
                              {"base", drawing.baseText},
                              {"time", drawing.time}};
    // Text that is not UTF-8 cannot come from an editor, but from a file that was opened because it does not parse.
    return saveFileAtomically(path_, json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace),
                              NewFile::Private);
}

std::optional<RecoveredDrawing> RecoveryJournal::read() const {
    const Result<std::string> text = readTextFile(path_, std::size_t{64} << 20U);
    if (!text) return std::nullopt;
    const nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    RecoveredDrawing out;
    const auto take = [&](const char* key, std::string& into) {
        const auto found = json.find(key);
        if (found == json.end() || !found->is_string()) return false;
        into = found->get<std::string>();
        return true;
    };
    const bool whole =
        take("text", out.text) && take("layout", out.layout) && take("base", out.baseText) && take("time", out.time);
    return whole ? std::optional(out) : std::nullopt;
}

void RecoveryJournal::clear() const {
    std::error_code problem;
    fs::remove(path_, problem);  // a journal that cannot be removed is offered again, which loses nothing
}

}  // namespace tributary::desktop
