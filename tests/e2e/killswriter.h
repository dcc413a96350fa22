// Clients that write all the time while something is killed, and the proof of what was acknowledged to them.
#pragma once

#include <QFile>
#include <QProcess>
#include <QRegularExpression>

#include "terminalworld.h"

namespace tributary::test {

/// How often each victim is killed: TRIBUTARY_KILL_ROUNDS, or a few for the gate.
inline int killRounds() {
    bool given = false;
    const int rounds = qEnvironmentVariableIntValue("TRIBUTARY_KILL_ROUNDS", &given);
    return given ? rounds : 1;
}

/// One workload with a log of its own, from its construction to stop().
class KillsWriter {
public:
    KillsWriter(const TerminalWorld& world, QString table, const QString& name)
        : world_(world), table_(std::move(table)), acks_(world.dir() + QStringLiteral("/acks-") + name) {
        process_.setStandardInputFile(QProcess::nullDevice());
        process_.setProcessChannelMode(QProcess::MergedChannels);
        process_.start(TerminalWorld::executable(),
                       {QStringLiteral("-w"), world.dir(), QStringLiteral("workload"), table_, QStringLiteral("--rate"),
                        QStringLiteral("1000"), QStringLiteral("--overwrite"), QStringLiteral("0.2"),
                        QStringLiteral("--prefix"), name, QStringLiteral("--ack-log"), acks_});
        (void)process_.waitForStarted();
    }
    ~KillsWriter() {
        if (process_.state() == QProcess::NotRunning) return;
        process_.kill();
        process_.waitForFinished();
    }

    /// Bytes of the log: they grow with every acknowledged write.
    [[nodiscard]] qint64 ackedBytes() const { return QFile(acks_).size(); }
    /// Ends the client as Ctrl-C does; false when it does not end.
    [[nodiscard]] bool stop() {
        process_.terminate();
        return process_.waitForFinished(30'000);
    }
    /// Asks `table` for everything that was acknowledged.
    [[nodiscard]] Ran provenAt(const QString& table) const {
        return TerminalWorld::run({QStringLiteral("-w"), world_.dir(), QStringLiteral("workload"), table,
                                   QStringLiteral("--verify"), QStringLiteral("--ack-log"), acks_});
    }
    /// How many writes a proof speaks of.
    static qint64 provenWrites(const Ran& proof) {
        static const QRegularExpression count(QStringLiteral("^all there\t([0-9,]+) acknowledged"));
        return count.match(proof.out).captured(1).remove(QLatin1Char(',')).toLongLong();
    }

private:
    const TerminalWorld& world_;
    QString table_;
    QString acks_;
    QProcess process_;
};

/// Waits until every writer had some more writes acknowledged, between 0.05 and 0.5 s of their work, by the round: the
/// kill that follows meets another moment each time.
inline bool moreAcknowledged(const std::vector<const KillsWriter*>& writers, int round) {
    const qint64 more = 2'000 + (round * 7'919) % 18'000;
    std::vector<qint64> before;
    for (const KillsWriter* writer : writers) before.push_back(writer->ackedBytes());
    return QTest::qWaitFor(
        [&] {
            for (std::size_t i = 0; i < writers.size(); ++i) {
                if (writers[i]->ackedBytes() < before[i] + more) return false;
            }
            return true;
        },
        60'000);
}

/// Ends the writers, waits until both tables are equal, and asks each for everything that any writer was told to be
/// safe. Says how much that was; the verb that failed otherwise.
inline Ran proveAtBothEnds(const TerminalWorld& world, const QStringList& tables,
                           const std::vector<KillsWriter*>& writers, const char* victim, int kills) {
    Ran last;
    for (KillsWriter* writer : writers) {
        last.err = QStringLiteral("a writer does not end");
        if (!writer->stop()) return last;
    }
    last = world.until0(QStringLiteral("diff ") + tables.join(QLatin1Char(' ')), 120'000);
    qint64 proven = 0;
    for (const QString& table : tables) {
        for (const KillsWriter* writer : writers) {
            if (last.code != 0) return last;
            last = writer->provenAt(table);
            proven += KillsWriter::provenWrites(last);
        }
    }
    if (last.code == 0 && proven == 0) return {1, {}, QStringLiteral("nothing was acknowledged: nothing is proved")};
    qInfo("%s: %d kills, %lld acknowledged writes each proved at both ends, lost 0", victim, kills,
          proven / tables.size());
    return last;
}

}  // namespace tributary::test
