// The folders of engine: in which order they stand, and that the general ones name no system and no kind of data.
#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

const auto kFolder = u"^engine/([a-z]+)/"_s;

/// A word that a general folder may hold though it looks like one of a kind's, and why.
struct Allowed {
    QString where;  ///< the file's path
    QString what;
    QString why;
};

std::vector<Allowed> allowedWords() {
    return {
        {u"^engine/"_s, u"(im)?mutable|executable|(un)?stable"_s, u"other words"_s},
        {u"^engine/storage/"_s, u"memtables?|hash table|CREATE TABLE|core/db/rowtable\\.h|\\bcolumn(Bytes|Int)\\("_s,
         u"of the memory and of SQL, whatever the rows hold"_s},
        {u"^engine/(storage/sql(file|stateunit)|dataset/datasetkind)\\."_s, u"(?i)tables?|columns?"_s,
         u"of SQL, whatever they are of"_s},
        {u"^engine/(node/nodeconfig|seams/executor)\\.h"_s, u"memtables?"_s, u"of the memory"_s},
        {u"^engine/net/"_s, u"\\b(sun|sin|sin6|ss)_family\\b"_s, u"of socket addresses"_s},
        {u"^engine/replication/"_s, u"#include <tuple>"_s, u"the standard library's"_s},
        {u"^engine/(catalog|node)/"_s, u"\"(tables?|nexttable|columns|earliercolumns|/tables)\""_s,
         u"names on the disk since version 1"_s},
    };
}

/// Words of the kinds in folders that serve all of them.
QStringList wordsOfKinds(const Tree& tree) {
    static const auto kGeneral =
        pattern(u"^engine/(log|storage|dataset|catalog|replication|node|wire|sim|net|host|seams|machine|security)/"_s);
    static const auto kWords = pattern(u"(?i)table|famil|column|maprdb|tuple|topic"_s);
    const std::vector<Allowed> allowed = allowedWords();
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() || !kGeneral.match(file.path).hasMatch()) continue;
        QString left = file.raw;
        for (const Allowed& one : allowed) {
            if (pattern(one.where).match(file.path).hasMatch()) left.replace(pattern(one.what), u"-"_s);
        }
        const QStringList lines = left.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto match = kWords.match(lines[i]);
            if (!match.hasMatch()) continue;
            found << u"%1:%2: says '%3', which belongs to a kind of data: %4"_s.arg(file.path).arg(i + 1).arg(
                match.captured(), lines[i].trimmed());
        }
    }
    return found;
}

QStringList wrongOrder(const Tree& tree) {
    const QStringList order = engineOrder();
    QStringList found;
    for (const FolderInclude& one : engineIncludes(tree)) {
        const auto from = order.indexOf(one.from);
        const auto to = order.indexOf(one.to);
        if (from < 0 || to < 0) {
            found << u"%1: engine/%2 has no place in the order of folders"_s.arg(one.place,
                                                                                 from < 0 ? one.from : one.to);
        } else if (to > from) {
            found << u"%1: engine/%2 stands below engine/%3"_s.arg(one.place, one.from, one.to);
        }
    }
    return found;
}

}  // namespace

QStringList engineOrder() {
    return {u"seams"_s,   u"machine"_s, u"security"_s, u"log"_s,         u"wire"_s, u"storage"_s,
            u"dataset"_s, u"catalog"_s, u"alarms"_s,   u"replication"_s, u"node"_s, u"systems"_s,
            u"net"_s,     u"host"_s,    u"sim"_s,      u"admin"_s};
}

std::vector<FolderInclude> engineIncludes(const Tree& tree) {
    static const auto kOwn = pattern(kFolder);
    static const auto kInclude = pattern(uR"re(^[ \t]*#[ \t]*include[ \t]*"engine/([a-z]+)/)re"_s);
    std::vector<FolderInclude> found;
    for (const SourceFile& file : tree) {
        const auto own = kOwn.match(file.path);
        if (!file.isSource() || !own.hasMatch()) continue;
        for (auto it = kInclude.globalMatch(file.raw); it.hasNext();) {
            const auto match = it.next();
            if (match.captured(1) == own.captured(1)) continue;
            found.push_back({own.captured(1), match.captured(1), file.placeOf(match.capturedStart(1))});
        }
    }
    return found;
}

std::vector<Rule> engineRules() {
    return {
        {u"engine-order"_s, u"the folders of engine stand in one order, without a cycle"_s, wrongOrder},
        {u"general-names-no-kind"_s, u"what serves all kinds of data knows none of them"_s, wordsOfKinds},
    };
}

}  // namespace tributary::layers
