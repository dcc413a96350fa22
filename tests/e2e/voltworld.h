// A workspace with clusters of VoltDB, driven through the built executable.
#pragma once

#include <signal.h>

#include "terminalworld.h"

namespace tributary::test {

inline constexpr int kSoonMs = 60'000;

using namespace Qt::StringLiterals;

class VoltWorld : public TerminalWorld {
public:
    using TerminalWorld::TerminalWorld;

    /// One word holds blanks, so words are not split here.
    [[nodiscard]] Ran sql(const QString& cluster, const QString& statement) const {
        return run({u"-w"_s, dir(), u"sqlcmd"_s, u"--servers="_s + cluster, u"--output-format=csv"_s,
                    u"--output-skip-metadata"_s, u"--query="_s + statement});
    }
    /// The rows of a statement, sorted.
    [[nodiscard]] QStringList rows(const QString& cluster, const QString& statement) const {
        QStringList lines = sql(cluster, statement).out.split(u'\n', Qt::SkipEmptyParts);
        lines.sort();
        return lines;
    }
    [[nodiscard]] bool becomes(const QString& cluster, const QString& statement, const QStringList& wanted) const {
        return QTest::qWaitFor([&] { return rows(cluster, statement) == wanted; }, kSoonMs);
    }
    [[nodiscard]] int pidOf(const QString& cluster, const QString& host) const {
        QFile file(dir() + u"/voltdb/"_s + cluster + u'/' + host + u"/voltdbroot/voltdb.pid"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    }
    [[nodiscard]] bool kill(const QString& cluster, const QString& host) const {
        const int pid = pidOf(cluster, host);
        return pid > 1 && ::kill(pid, SIGKILL) == 0;
    }
    [[nodiscard]] QFile::Permissions permissions(const QString& path) const {
        return QFile(dir() + u'/' + path).permissions();
    }
};

inline constexpr QFile::Permissions kOthers =
    QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

inline QString textOf(const Ran& ran) {
    return QString::number(ran.code) + u": "_s + ran.all();
}

}  // namespace tributary::test
