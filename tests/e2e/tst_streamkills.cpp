// kill -9 of either end while producers are at work: what was acknowledged is there once, at its offset, at both ends.
#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include "killswriter.h"
#include "terminalworld.h"
#include "testmain.h"

using tributary::test::killRounds;
using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

constexpr const char* kProduced = "/mapr/sanfrancisco/activity";
constexpr const char* kFollower = "/mapr/newyork/activity";
constexpr int kLines = 20'000;
constexpr int kPartitions = 2;

/// Each cluster in a process of its own: a kill meets one of them.
Ran upApart(const TerminalWorld& world) {
    const Ran first = world.verb(QStringLiteral("up --no-wan --cluster sanfrancisco"));
    return first.code != 0 ? first : world.verb(QStringLiteral("up --no-wan --cluster newyork"));
}

/// A producer of one partition that reads its messages from a pipe. What it was told stands in its output.
class PipedProducer {
public:
    PipedProducer(const TerminalWorld& world, int partition, int round) {
        process_.start(TerminalWorld::executable(),
                       {QStringLiteral("-w"), world.dir(), QStringLiteral("produce"), QStringLiteral("--raw"),
                        QStringLiteral("--partition"), QString::number(partition),
                        QLatin1String(kProduced) + QStringLiteral(":t")});
        (void)process_.waitForStarted();
        QByteArray lines;
        for (int i = 0; i < kLines; ++i) {
            values_ << QStringLiteral("r%1p%2n%3").arg(round).arg(partition).arg(i);
            lines += values_.last().toLatin1() + '\n';
        }
        process_.write(lines);
    }
    /// Bytes that it has not taken yet.
    [[nodiscard]] qint64 left() { return process_.bytesToWrite(); }
    /// Ends by itself, with its input or with its cluster; adds what it was told of to `acked`. False: it does not end.
    bool end(QHash<QString, qint64>& acked) {
        process_.closeWriteChannel();
        if (process_.state() != QProcess::NotRunning && !process_.waitForFinished(60'000)) return false;
        static const QRegularExpression told(QStringLiteral("^(\\d+)\t(\\d+)(?:-(\\d+))?$"));
        qsizetype at = 0;
        for (const QString& line : QString::fromLatin1(process_.readAllStandardOutput()).split(QLatin1Char('\n'))) {
            const auto match = told.match(line);
            if (!match.hasMatch()) continue;
            const qint64 first = match.captured(2).toLongLong();
            const qint64 last = match.captured(3).isEmpty() ? first : match.captured(3).toLongLong();
            for (qint64 offset = first; offset <= last && at < values_.size(); ++offset) acked[values_[at++]] = offset;
        }
        if (at == 0) qInfo("a producer was told of nothing: %s", process_.readAllStandardError().constData());
        return true;
    }

private:
    QStringList values_;
    QProcess process_;
};

/// Offset of every value of the topic; a value that is there twice has the offset -2.
QHash<QString, qint64> offsetsAt(const TerminalWorld& world, const char* stream) {
    QHash<QString, qint64> offsets;
    const Ran ran = world.verb(QStringLiteral("consume %1:t").arg(QLatin1String(stream)), 300'000);
    for (const QString& line : ran.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QStringList parts = line.split(QLatin1Char('\t'));
        if (parts.size() != 3) continue;
        offsets[parts[2]] = offsets.contains(parts[2]) ? -2 : parts[1].toLongLong();
    }
    return offsets;
}

}  // namespace

class TestStreamKills : public QObject {
    Q_OBJECT
private slots:
    void noAcknowledgedMessageIsLostDoubledOrRenumbered() {
        TerminalWorld world(QStringLiteral("stream-pair"));
        QVERIFY_RAN(upApart(world));
        for (const QString& line :
             {QStringLiteral("stream create -path %1").arg(QLatin1String(kFollower)),
              QStringLiteral("stream topic create -path %1 -topic t -partitions 2").arg(QLatin1String(kProduced))}) {
            (void)world.verb(QStringLiteral("maprcli ") + line);  // the example may have drawn them
        }
        (void)world.verb(QStringLiteral("maprcli stream replica add -path %1 -replica %2")
                             .arg(QLatin1String(kProduced), QLatin1String(kFollower)));
        (void)world.verb(QStringLiteral("maprcli stream upstream add -path %1 -upstream %2")
                             .arg(QLatin1String(kFollower), QLatin1String(kProduced)));
        // The topics that are drawn were made before the link.
        QVERIFY_RAN(world.verb(QStringLiteral("mapr copystream -src %1 -dst %2 -mapreduce false")
                                   .arg(QLatin1String(kProduced), QLatin1String(kFollower))));
        QHash<QString, qint64> acked;
        int kills = 0;
        for (int round = 0; round < killRounds(); ++round) {
            for (const char* victim : {"sanfrancisco", "newyork"}) {
                std::vector<std::unique_ptr<PipedProducer>> producers;
                for (int partition = 0; partition < kPartitions; ++partition) {
                    producers.push_back(std::make_unique<PipedProducer>(world, partition, kills));
                }
                // Another moment each time.
                const qint64 rest = 150'000 - (kills * 17'389) % 140'000;
                QVERIFY(QTest::qWaitFor([&] { return producers.front()->left() <= rest; }, 60'000));
                world.killDaemon(QString::fromLatin1(victim));
                ++kills;
                QVERIFY_RAN(upApart(world));
                for (auto& producer : producers) QVERIFY(producer->end(acked));
            }
        }
        QVERIFY2(!acked.isEmpty(), "nothing was acknowledged: nothing is proved");
        const QString compare = QStringLiteral("mapr diffstreams -src %1 -dst %2 -mapreduce false")
                                    .arg(QLatin1String(kProduced), QLatin1String(kFollower));
        QVERIFY2(
            QTest::qWaitFor(
                [&] { return world.verb(compare).out.contains(QLatin1String("the streams are identical")); }, 180'000),
            qPrintable(world.verb(compare).all()));
        for (const char* stream : {kProduced, kFollower}) {
            const QHash<QString, qint64> there = offsetsAt(world, stream);
            qint64 lost = 0;
            qint64 doubled = 0;
            qint64 renumbered = 0;
            for (auto at = acked.cbegin(); at != acked.cend(); ++at) {
                const qint64 offset = there.value(at.key(), -1);
                lost += offset == -1 ? 1 : 0;
                doubled += offset == -2 ? 1 : 0;
                renumbered += offset >= 0 && offset != at.value() ? 1 : 0;
            }
            qInfo("%s: %d kills, %lld acknowledged messages: lost %lld, doubled %lld, renumbered %lld", stream, kills,
                  static_cast<long long>(acked.size()), lost, doubled, renumbered);
            QCOMPARE(lost + doubled + renumbered, 0);
        }
    }
};
TRIBUTARY_TEST(TestStreamKills)
#include "tst_streamkills.moc"
