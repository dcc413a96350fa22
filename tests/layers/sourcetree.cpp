// Walks the repository and blanks what is not code.
#include "sourcetree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

bool isWordChar(QChar c) {
    return c.isLetterOrNumber() || c == u'_';
}

/// A cursor that copies code and blanks the rest.
class Blanker {
public:
    explicit Blanker(const QString& text) : in_(text), out_(text) {}

    QString run() {
        while (at_ < in_.size()) step();
        return out_;
    }

private:
    [[nodiscard]] bool looksAt(QStringView word) const { return QStringView(in_).mid(at_).startsWith(word); }

    void blankTo(qsizetype end) {
        for (end = std::min(end, in_.size()); at_ < end; ++at_) {
            if (in_[at_] != u'\n') out_[at_] = u' ';
        }
    }

    void step() {
        if (looksAt(u"//")) {
            const qsizetype end = in_.indexOf(u'\n', at_);
            blankTo(end < 0 ? in_.size() : end);
        } else if (looksAt(u"/*")) {
            const qsizetype end = in_.indexOf("*/"_L1, at_ + 2);
            blankTo(end < 0 ? in_.size() : end + 2);
        } else if (in_[at_] == u'"') {
            at_ > 0 && in_[at_ - 1] == u'R' ? rawString() : quoted(u'"');
        } else if (in_[at_] == u'\'' && !isDigitSeparator()) {
            quoted(u'\'');
        } else {
            ++at_;
        }
    }

    /// 1'000 and 0xff'ff are numbers; u'x' and L'x' are literals.
    [[nodiscard]] bool isDigitSeparator() const {
        qsizetype start = at_;
        while (start > 0 && (isWordChar(in_[start - 1]) || in_[start - 1] == u'\'')) --start;
        return start < at_ && in_[start].isDigit();
    }

    void quoted(QChar mark) {
        qsizetype end = at_ + 1;
        while (end < in_.size() && in_[end] != mark && in_[end] != u'\n') end += in_[end] == u'\\' ? 2 : 1;
        ++at_;
        blankTo(end);
        if (at_ < in_.size()) ++at_;
    }

    void rawString() {
        const qsizetype open = in_.indexOf(u'(', at_);
        if (open < 0) return blankTo(in_.size());
        const QString close = u')' + in_.mid(at_ + 1, open - at_ - 1) + u'"';
        const qsizetype end = in_.indexOf(close, open);
        ++at_;
        blankTo(end < 0 ? in_.size() : end + close.size() - 1);
        if (at_ < in_.size()) ++at_;
    }

    const QString& in_;
    QString out_;
    qsizetype at_ = 0;
};

bool belongs(const QString& path) {
    static const QStringList kTops{u"core/"_s, u"engine/"_s, u"runbooks/"_s, u"app/"_s, u"tests/"_s};
    if (path.startsWith(u"packaging/") || path.startsWith(u".ci/")) return true;
    if (path.startsWith(u"tests/data/") || path.startsWith(u"tests/golden/")) return false;
    const QString name = path.section(u'/', -1);
    if (path == u"CMakeLists.txt" || path == u"README.md") return true;
    const bool below =
        std::any_of(kTops.begin(), kTops.end(), [&](const QString& top) { return path.startsWith(top); });
    return below && (name.endsWith(u".h") || name.endsWith(u".cpp") || name == u"CMakeLists.txt" ||
                     name.endsWith(u".md") || name.endsWith(u".cmake"));
}

}  // namespace

QString SourceFile::placeOf(qsizetype offset) const {
    return u"%1:%2"_s.arg(path).arg(QStringView(raw).left(offset).count(u'\n') + 1);
}

QString blankCommentsAndLiterals(const QString& text) {
    return Blanker(text).run();
}

SourceFile makeSource(const QString& path, const QString& text) {
    SourceFile file{path, text, text};
    if (file.isSource()) file.code = blankCommentsAndLiterals(text);
    return file;
}

std::optional<Tree> readTree(const QString& root) {
    const QDir top(root);
    if (!top.exists(u"CMakePresets.json"_s) || !top.exists(u"core"_s)) return std::nullopt;
    QStringList starts{u"CMakeLists.txt"_s, u"README.md"_s};
    for (const QString& part :
         {u"core"_s, u"engine"_s, u"runbooks"_s, u"app"_s, u"tests"_s, u"packaging"_s, u".ci"_s}) {
        QDirIterator walk(top.filePath(part), QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) starts << top.relativeFilePath(walk.next());
    }
    starts.sort();
    Tree tree;
    for (const QString& path : starts) {
        if (!belongs(path)) continue;
        QFile file(top.filePath(path));
        if (!file.open(QIODevice::ReadOnly)) continue;
        tree.push_back(makeSource(path, QString::fromUtf8(file.readAll())));
    }
    return tree;
}

}  // namespace tributary::layers
