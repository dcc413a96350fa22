// What serves the runbooks of all systems names none of them: their words come from the dialects.
#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

/// A word of a system that a general folder may hold, and why.
struct RunbookWord {
    QString where;  ///< the file's path
    QString what;
    QString why;
};

std::vector<RunbookWord> runbookWords() {
    return {
        {u"^runbooks/model/runbookkeys\\.cpp"_s, u"maprdb, tarantool or voltdb"_s, u"the systems that can be drawn"_s},
        {u"^runbooks/runner/eventfields\\.cpp"_s, u"(maprcli table replica pause -path )?/mapr/(sf|ny)/t"_s,
         u"an example of an event in help"_s},
        {u"^runbooks/import/codesigns\\.cpp"_s, u"maprlogin"_s, u"a program of scripts, like kinit"_s},
        {u"^runbooks/import/observed(rows)?\\.cpp"_s, u"(?i)mapr(db|cli)?"_s,
         u"captured answers of maprcli become a drawing here, until its dialect does that"_s},
    };
}

QStringList wordsOfSystems(const Tree& tree) {
    static const auto kGeneral =
        pattern(u"^runbooks/(model|runner|export|import|port|dialects/[^/]+\\.|dialects/options/)"_s);
    static const auto kWords =
        pattern(u"(?i)mapr(?!educe)|hbase|copytable|difftables|\\btt\\b|tarantool|voltadmin|sqlcmd|voltdb"_s);
    const std::vector<RunbookWord> allowed = runbookWords();
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() || !kGeneral.match(file.path).hasMatch()) continue;
        QString left = file.raw;
        // What only explains may name what it is an example of.
        static const auto kComment = pattern(u"(^|\\s)//.*$"_s);
        left.replace(kComment, QString());
        for (const RunbookWord& one : allowed) {
            if (pattern(one.where).match(file.path).hasMatch()) left.replace(pattern(one.what), u"-"_s);
        }
        const QStringList lines = left.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto match = kWords.match(lines[i]);
            if (!match.hasMatch()) continue;
            found << u"%1:%2: says '%3', which a dialect says: %4"_s.arg(file.path).arg(i + 1).arg(match.captured(),
                                                                                                   lines[i].trimmed());
        }
    }
    return found;
}

}  // namespace

std::vector<Rule> runbookRules() {
    return {
        {u"runbooks-name-no-system"_s, u"what serves the runbooks of all systems knows none of them"_s, wordsOfSystems},
    };
}

}  // namespace tributary::layers
