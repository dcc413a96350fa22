// The shape of files: first line, width, length of files and functions, leftover markers, READMEs, unlisted sources.
#include <QHash>
#include <QMap>
#include <QSet>
#include <algorithm>

#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

constexpr int kColumnsMax = 120;
constexpr int kHeaderLinesMax = 250;
constexpr int kCppLinesMax = 500;
constexpr int kFunctionLinesMax = 100;
constexpr int kSourcesWithoutReadmeMax = 3;

qsizetype lineCount(const SourceFile& file) {
    return file.raw.count(u'\n') + (file.raw.endsWith(u'\n') ? 0 : 1);
}

QStringList missingFirstLines(const Tree& tree) {
    static const auto kJob = pattern(u"\\A// \\S+ \\S+"_s);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (file.isSource() && !kJob.match(file.raw).hasMatch()) {
            found << u"%1:1: the first line is a comment that states the file's job"_s.arg(file.path);
        }
    }
    return found;
}

QStringList wideLines(const Tree& tree) {
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() && !file.isCMake()) continue;
        const auto lines = file.rawLines();
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto columns = lines[i].toUcs4().size();
            if (columns > kColumnsMax)
                found << u"%1:%2: %3 columns, at most %4"_s.arg(file.path).arg(i + 1).arg(columns).arg(kColumnsMax);
        }
    }
    return found;
}

QStringList longFiles(const Tree& tree) {
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource()) continue;
        const int limit = file.isHeader() ? kHeaderLinesMax : kCppLinesMax;
        const auto lines = lineCount(file);
        if (lines > limit)
            found << u"%1:%2: %2 lines, at most %3; find the second job"_s.arg(file.path).arg(lines).arg(limit);
    }
    return found;
}

/// Finds the braces that open at namespace or class scope and are functions: everything there that is neither a
/// container (namespace, class, enum) nor a table. Approximate, but exact enough to find a long one.
class FunctionFinder {
public:
    explicit FunctionFinder(const SourceFile& file) : file_(file), code_(file.code) {
        // Braces of macros belong to nobody here; a macro's body may go over many lines.
        static const auto kDirective = pattern(u"^[ \\t]*#(.*\\\\\\n)*.*$"_s);
        for (auto it = kDirective.globalMatch(file.code); it.hasNext();) {
            const auto match = it.next();
            for (auto at = match.capturedStart(); at < match.capturedEnd(); ++at) {
                if (code_[at] != u'\n') code_[at] = u' ';
            }
        }
    }

    QStringList longOnes() {
        for (qsizetype at = 0; at < code_.size(); ++at) {
            const QChar c = code_[at];
            if (c == u'{') open(at);
            if (c == u'}') close(at);
            if (c == u';' || c == u'{' || c == u'}') headStart_ = at + 1;
        }
        return found_;
    }

private:
    enum class Scope { Container, Function, Other };

    [[nodiscard]] Scope kindOf(QString head) const {
        static const auto kContainer = pattern(
            u"\\A(template\\s*<[^{]*>\\s*)?(inline\\s+|typedef\\s+|export\\s+)*"
            "(namespace|class|struct|union|enum|extern)\\b"_s);
        static const auto kLabel = pattern(u"\\A(public|private|protected|signals|(public|private)\\s+slots)\\s*:"_s);
        static const auto kTable = pattern(u"(?<![=!<>+*/&|^%-])=(?!=)"_s);
        head = head.trimmed().remove(kLabel).trimmed();
        if (!scopes_.empty() && scopes_.back() != Scope::Container) return Scope::Other;
        if (kContainer.match(head).hasMatch()) return Scope::Container;
        const qsizetype paren = head.indexOf(u'(');
        const auto equals = kTable.match(head);
        const bool table =
            equals.hasMatch() && (paren < 0 || equals.capturedStart() < paren) && !head.contains(u"operator");
        if (table) return Scope::Other;
        return paren >= 0 || head.isEmpty() || head.startsWith(u',') ? Scope::Function : Scope::Other;
    }

    void open(qsizetype at) {
        scopes_.push_back(kindOf(code_.mid(headStart_, at - headStart_)));
        if (scopes_.back() != Scope::Function) return;
        functionStart_ = headStart_;
        while (functionStart_ < at && code_[functionStart_].isSpace()) ++functionStart_;
    }

    void close(qsizetype at) {
        if (scopes_.empty()) return;
        const Scope closed = scopes_.back();
        scopes_.pop_back();
        if (closed != Scope::Function) return;
        const auto lines = QStringView(code_).mid(functionStart_, at - functionStart_).count(u'\n') + 1;
        if (lines <= kFunctionLinesMax) return;
        found_ << u"%1: a function of %2 lines, at most %3"_s.arg(file_.placeOf(functionStart_))
                      .arg(lines)
                      .arg(kFunctionLinesMax);
    }

    const SourceFile& file_;
    QString code_;
    std::vector<Scope> scopes_;
    qsizetype headStart_ = 0;
    qsizetype functionStart_ = 0;
    QStringList found_;
};

QStringList longFunctions(const Tree& tree) {
    QStringList found;
    for (const SourceFile& file : tree) {
        if (file.isSource()) found << FunctionFinder(file).longOnes();
    }
    return found;
}

QStringList leftoverMarkers(const Tree& tree) {
    static const auto kMarker = pattern(
        u"\\b(TO"
        u"DO|FIX"
        u"ME|XX"
        u"X|HA"
        u"CK)\\b"_s);
    QStringList found;
    for (const SourceFile& file : tree) {
        for (auto it = kMarker.globalMatch(file.raw); it.hasNext();) {
            const auto match = it.next();
            found << u"%1: %2; finish it or write an issue"_s.arg(file.placeOf(match.capturedStart()),
                                                                  match.captured());
        }
    }
    return found;
}

QStringList foldersWithoutReadme(const Tree& tree) {
    QMap<QString, int> sources;
    QSet<QString> described;
    for (const SourceFile& file : tree) {
        if (file.isSource() && !file.path.startsWith(u"tests/")) ++sources[file.folder()];
        if (file.name() == u"README.md") described.insert(file.folder());
    }
    QStringList found;
    for (auto it = sources.cbegin(); it != sources.cend(); ++it) {
        if (it.value() <= kSourcesWithoutReadmeMax || described.contains(it.key())) continue;
        found << u"%1/: %2 sources and no README.md"_s.arg(it.key()).arg(it.value());
    }
    return found;
}

/// A .cpp that no CMakeLists.txt above it names is never compiled.
QStringList unlistedSources(const Tree& tree) {
    QHash<QString, QString> lists;
    for (const SourceFile& file : tree) {
        if (file.isCMake()) lists.insert(file.folder(), file.raw);
    }
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isCpp()) continue;
        bool listed = false;
        QString relative = file.name();
        for (QString folder = file.folder(); !listed;
             folder = folder.contains(u'/') ? folder.section(u'/', 0, -2) : QString()) {
            const auto named = pattern(u"(?<![\\w./-])(\\$\\{CMAKE_(CURRENT_)?SOURCE_DIR\\}/)?%1(?![\\w.-])"_s.arg(
                QRegularExpression::escape(relative)));
            listed = named.match(lists.value(folder)).hasMatch();
            if (folder.isEmpty()) break;
            relative = folder.section(u'/', -1) + u'/' + relative;
        }
        if (!listed) found << u"%1:1: named by no CMakeLists.txt"_s.arg(file.path);
    }
    return found;
}

QStringList unregisteredTests(const Tree& tree) {
    static const auto kRegistered = pattern(u"^(TRIBUTARY_TEST\\s*\\(|QTEST_\\w*MAIN\\s*\\()"_s);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isCpp() || !file.name().startsWith(u"tst_") || kRegistered.match(file.code).hasMatch()) continue;
        found << u"%1:1: no TRIBUTARY_TEST(Class); the test never runs"_s.arg(file.path);
    }
    return found;
}

}  // namespace

std::vector<Rule> shapeRules() {
    return {
        {u"first-line"_s, u"a file says its job"_s, missingFirstLines},
        {u"columns"_s, u"lines fit"_s, wideLines},
        {u"file-length"_s, u"one job per file"_s, longFiles},
        {u"function-length"_s, u"one job per function"_s, longFunctions},
        {u"no-markers"_s, u"nothing is left for later"_s, leftoverMarkers},
        {u"folder-readme"_s, u"a folder of weight explains itself"_s, foldersWithoutReadme},
        {u"every-source-built"_s, u"no dead files"_s, unlistedSources},
        {u"every-test-runs"_s, u"no dead tests"_s, unregisteredTests},
    };
}

}  // namespace tributary::layers
