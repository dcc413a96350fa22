// Lines of logs, cut to what both say.
#include "differences.h"

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

/// The transcript with the line behind each `log NAME TEXT` cut to what stands from TEXT on; whether any was.
QString unframed(const QString& transcript, bool& wasCut) {
    QStringList lines = transcript.split(u'\n');
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
        if (!lines[i].startsWith(u"log i")) continue;
        const QString text = lines[i].section(u' ', 2);
        QString& said = lines[i + 1];
        const QString before = said;
        const qsizetype at = said.indexOf(text);
        // Our own lines are cut where the real one's date and fiber end, which may be inside the text.
        said = at >= 0 ? text + said.mid(at + text.size()) : text + u' ' + said;
        said = said.section(u"; will retry"_s, 0, 0);
        const qsizetype row = said.indexOf(u'{');
        if (row >= 0 && at < 0) said = text + u": "_s + said.mid(row);
        wasCut = wasCut || said != before;
    }
    return lines.join(u'\n');
}

}  // namespace

Compared compared(const QString& real, const QString& ours) {
    Compared both;
    bool wasCut = false;
    both.real = unframed(real, wasCut);
    both.ours = unframed(ours, wasCut);
    if (wasCut) both.differences << QString::fromLatin1(kLogFrame.name);
    return both;
}

}  // namespace tributary::test
