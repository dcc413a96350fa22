// The lines that were typed, and walking through them.
#pragma once

#include <QString>
#include <QStringList>

namespace tributary::desktop {

/// Bounded; a line that repeats the last one is kept once. The line being typed waits at the end of the walk.
class ConsoleHistory {
public:
    static constexpr int kLinesMax = 1'000;

    void add(const QString& line);
    /// One line back or on from the present place; `typed` is what stands in the input when the walk begins.
    QString back(const QString& typed);
    QString on();
    [[nodiscard]] const QStringList& lines() const { return lines_; }
    void setLines(QStringList lines);

private:
    QStringList lines_;
    QString typed_;
    qsizetype at_ = 0;  // lines_.size() = the line being typed
};

}  // namespace tributary::desktop
