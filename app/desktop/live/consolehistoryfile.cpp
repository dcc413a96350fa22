// Reading and writing the kept lines.
#include "app/desktop/live/consolehistoryfile.h"

#include <QFile>
#include <algorithm>
#include <array>

#include "core/workspace/atomicfile.h"

namespace tributary::desktop {

namespace {

constexpr qint64 kBytesMax = 256 * 1024;

void write(const std::string& path, const QStringList& lines) {
    QString text;
    for (const QString& line : lines) text += line + u'\n';
    const QString name = QString::fromStdString(path);
    if (!QFile::exists(name)) {
        // Saving keeps a file's mode: an empty one is made first, for its owner alone.
        QFile fresh(name);
        if (!fresh.open(QIODevice::WriteOnly)) return;
        fresh.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }
    // A history is a comfort: a folder that cannot be written to is told when something that counts is saved.
    (void)saveFileAtomically(path, text.toStdString());
}

}  // namespace

ConsoleHistoryFile::~ConsoleHistoryFile() {
    pool_.waitForDone();
}

bool ConsoleHistoryFile::mayKeep(const QString& line) {
    constexpr std::array kTelling{"password", "passwd", "secret", "token"};
    return !line.trimmed().isEmpty() && !line.contains(u'\n') &&
           std::none_of(kTelling.begin(), kTelling.end(),
                        [&](const char* word) { return line.contains(QLatin1String(word), Qt::CaseInsensitive); });
}

QStringList ConsoleHistoryFile::load() const {
    QFile file(QString::fromStdString(path_));
    if (!file.open(QIODevice::ReadOnly)) return {};
    if (file.size() > kBytesMax) file.seek(file.size() - kBytesMax);
    QStringList lines = QString::fromUtf8(file.read(kBytesMax)).split(u'\n', Qt::SkipEmptyParts);
    if (lines.size() > kLinesMax) lines = lines.last(kLinesMax);
    return lines;
}

void ConsoleHistoryFile::save(const QStringList& lines) {
    QStringList kept;
    for (const QString& line : lines) {
        if (mayKeep(line)) kept << line;
    }
    if (kept.size() > kLinesMax) kept = kept.last(kLinesMax);
    pool_.clear();  // what waits is older
    pool_.start([path = path_, kept] { write(path, kept); });
}

}  // namespace tributary::desktop
