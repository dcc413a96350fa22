// Walking through typed lines.
#include "app/desktop/live/consolehistory.h"

namespace tributary::desktop {

void ConsoleHistory::add(const QString& line) {
    if (!line.trimmed().isEmpty() && (lines_.isEmpty() || lines_.back() != line)) lines_ << line;
    while (lines_.size() > kLinesMax) lines_.removeFirst();
    at_ = lines_.size();
    typed_.clear();
}

void ConsoleHistory::setLines(QStringList lines) {
    lines_ = std::move(lines);
    while (lines_.size() > kLinesMax) lines_.removeFirst();
    at_ = lines_.size();
}

QString ConsoleHistory::back(const QString& typed) {
    if (at_ == lines_.size()) typed_ = typed;
    if (at_ > 0) --at_;
    return lines_.isEmpty() ? typed : lines_[at_];
}

QString ConsoleHistory::on() {
    if (at_ < lines_.size()) ++at_;
    return at_ == lines_.size() ? typed_ : lines_[at_];
}

}  // namespace tributary::desktop
