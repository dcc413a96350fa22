// The console's lines from one day to the next.
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <string>

namespace tributary::desktop {

/// A text file, one line each, in the workspace's state folder; only its owner may read it. Lines that name a password,
/// a secret or a token are never written. A history that cannot be kept is no trouble: nobody is told.
class ConsoleHistoryFile final {
public:
    static constexpr int kLinesMax = 500;

    explicit ConsoleHistoryFile(std::string path) : path_(std::move(path)) { pool_.setMaxThreadCount(1); }
    /// Waits for what is being written.
    ~ConsoleHistoryFile();

    /// What was kept, the newest last; at most kLinesMax.
    [[nodiscard]] QStringList load() const;
    /// Writes what may be kept of `lines`, on a thread of its own.
    void save(const QStringList& lines);
    /// Whether a line may be written down.
    [[nodiscard]] static bool mayKeep(const QString& line);

private:
    std::string path_;
    QThreadPool pool_;
};

}  // namespace tributary::desktop
