// The unsaved drawing on disk, so that kill -9 loses nothing: a file of its own, never the workspace's files.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"

namespace tributary::desktop {

/// What was being edited when the journal was written.
struct RecoveredDrawing {
    std::string text;      ///< of topology.yaml, perhaps unparsable
    std::string layout;    ///< of layout.yaml
    std::string baseText;  ///< topology.yaml as it was last read or saved
    std::string time;      ///< UTC, ISO-8601
};

/// One journal file. Blocking; a drawing is small.
class RecoveryJournal {
public:
    /// Of a workspace folder: <folder>/.tributary/designer-recovery.json.
    [[nodiscard]] static RecoveryJournal ofWorkspace(const std::string& folder);
    /// Of a drawing that has no folder yet: in the user's data folder, one for all.
    [[nodiscard]] static RecoveryJournal ofUntitled();

    /// Replaces the journal atomically. Errors: what saving says; the drawing in memory is not touched by one.
    [[nodiscard]] Status write(const RecoveredDrawing& drawing) const;
    /// nullopt when there is none, or none that can be read.
    [[nodiscard]] std::optional<RecoveredDrawing> read() const;
    /// Forgets it: the drawing is saved, or was given up.
    void clear() const;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit RecoveryJournal(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

}  // namespace tributary::desktop
