// Streams on real processes: the page's commands as they stand, kill -9, what is drawn.
#include <QDir>
#include <QSet>
#include <array>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

constexpr const char* kSource = "/mapr/sanfrancisco/activity";
constexpr const char* kReplica = "/mapr/newyork/activity";

QString text(const char* format) {
    return QString::fromLatin1(format)
        .replace(QLatin1String("SF"), QLatin1String(kSource))
        .replace(QLatin1String("NY"), QLatin1String(kReplica));
}

/// Two clusters; the source is drawn with a topic and is to exist, and the replica with both records of the link.
class StreamWorld : public TerminalWorld {
public:
    StreamWorld() : TerminalWorld(QStringLiteral("multi-master")) {
        QFile drawing(dir() + QStringLiteral("/topology.yaml"));
        if (!drawing.open(QIODevice::WriteOnly)) return;
        drawing.write(
            "tributary: 1\n"
            "clusters:\n"
            "  sanfrancisco: {system: maprdb, gateways: [gw-sf-1, gw-sf-2]}\n"
            "  newyork: {system: maprdb, gateways: [gw-ny-1, gw-ny-2]}\n"
            "datasets:\n"
            "  /mapr/sanfrancisco/activity: {kind: stream, topics: [topic_1], exists: true}\n"
            "  /mapr/newyork/activity: {kind: stream}\n"
            "replicas:\n"
            "  - {from: /mapr/sanfrancisco/activity, to: /mapr/newyork/activity}\n"
            "upstreams:\n"
            "  - {at: /mapr/newyork/activity, from: /mapr/sanfrancisco/activity}\n");
    }
    [[nodiscard]] Ran line(const char* format) const { return verb(text(format)); }
    /// Partition, offset and value of every message, one a line; what went wrong when it did.
    [[nodiscard]] QString consumed(const char* topic) const {
        const Ran ran = line(topic);
        return ran.code == 0 ? ran.out : ran.all();
    }
    /// True when a topic of the replica reads as the source's does, before long.
    [[nodiscard]] bool same(const char* topic) const {
        const QByteArray at(topic);
        const QString wanted = consumed(QByteArray("consume SF:" + at).constData());
        const QByteArray there("consume NY:" + at);
        return !wanted.isEmpty() && QTest::qWaitFor([&] { return consumed(there.constData()) == wanted; }, 60'000);
    }
};

/// Lines of the page that begin with a command and name no placeholder, wrapped lines joined as the reader means them.
QStringList literalCommands() {
    QDir seeds(QStringLiteral(TRIBUTARY_SOURCE_DIR "/../shared/seeds"));
    const QStringList files = seeds.entryList({QStringLiteral("001_*.txt")}, QDir::Files);
    if (files.isEmpty()) return {};
    QFile page(seeds.filePath(files.first()));
    if (!page.open(QIODevice::ReadOnly)) return {};
    QStringList out;
    const QStringList lines = QString::fromUtf8(page.readAll()).split(QLatin1Char('\n'));
    for (qsizetype i = 0; i + 1 < lines.size(); ++i) {
        const QString first = lines[i].trimmed();
        if (!first.startsWith(QStringLiteral("maprcli stream ")) || first.endsWith(QLatin1Char('.'))) continue;
        QString next = lines[i + 1].trimmed();
        next.truncate(next.indexOf(QStringLiteral("Replica Autosetup")) < 0
                          ? next.size()
                          : next.indexOf(QStringLiteral("Replica Autosetup")));
        const bool wrapped =
            next.startsWith(QLatin1Char('/')) || next.startsWith(QLatin1Char('-')) || next.startsWith(QLatin1Char('<'));
        const QString command = wrapped ? first + QLatin1Char(' ') + next : first;
        if (!command.contains(QLatin1Char('<'))) out << command;
    }
    return out;
}

}  // namespace

class TestStreams : public QObject {
    Q_OBJECT
private slots:
    void procedureOfThePageRunsAsItStands() {
        QStringList commands = literalCommands();
        if (commands.isEmpty()) {
            qInfo("the folder shared/seeds is absent: the page's order is followed from memory");
            for (const char* line :
                 {"maprcli stream replica autosetup -path SF -replica NY",
                  "maprcli stream replica autosetup -path /mapr/sanfrancisco/activityA -replica "
                  "/mapr/sanfrancisco/activityB",
                  "maprcli stream create -path NY -copymetafrom SF",
                  "maprcli stream replica add -path SF -replica NY -paused true",
                  "maprcli stream replica list -path SF", "maprcli stream upstream add -path NY -upstream SF",
                  "maprcli stream upstream list -path NY",
                  "maprcli stream replica resume -path mapr/sanfrancisco/activity -replica NY"}) {
                commands << text(line);
            }
        }
        QCOMPARE(commands.size(), 8);
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("produce SF:topic_1 one two three"));
        // By the cluster itself, to another and within one.
        QVERIFY_RAN(world.verb(commands[0]));
        QVERIFY(world.same("topic_1"));
        QVERIFY_RAN(world.line("maprcli stream create -path /mapr/sanfrancisco/activityA"));
        QVERIFY_RAN(world.verb(commands[1]));
        QVERIFY_RAN(world.line("produce /mapr/sanfrancisco/activityA:a inside"));
        QVERIFY(QTest::qWaitFor(
            [&] { return world.consumed("consume /mapr/sanfrancisco/activityB:a").contains(QStringLiteral("inside")); },
            60'000));
        for (const char* line :
             {"maprcli stream replica remove -path SF -replica NY", "maprcli stream delete -path NY"}) {
            QVERIFY_RAN(world.line(line));
        }
        QVERIFY_RAN(
            world.line("maprcli stream replica autosetup -path SF -replica /mapr/newyork/other -directcopy false"));
        const Ran again =
            world.line("maprcli stream replica autosetup -path SF -replica /mapr/newyork/other -directcopy false");
        QVERIFY2(again.code != 0 && again.all().contains(QStringLiteral("already exists")), qPrintable(again.all()));
        for (int i = 2; i < 7; ++i) QVERIFY_RAN(world.verb(commands[i]));
        // Written while the link is paused and the agreement whole: nothing may flow yet.
        QVERIFY_RAN(world.line("produce SF:topic_1 early"));
        QVERIFY(!world.consumed("consume NY:topic_1").contains(QStringLiteral("early")));
        QVERIFY_RAN(world.line("mapr copystream -src SF -dst NY -mapreduce false"));
        const Ran trap = world.verb(commands[7]);
        QVERIFY2(trap.code != 0 && trap.all().contains(QStringLiteral("slash")), qPrintable(trap.all()));
        QVERIFY_RAN(world.verb(QString(commands[7]).replace(QStringLiteral(" mapr/"), QStringLiteral(" /mapr/"))));
        QVERIFY_RAN(world.line("produce SF:topic_2 --key k late"));
        QVERIFY(world.same("topic_1"));
        QVERIFY(world.same("topic_2"));
        QVERIFY(QTest::qWaitFor(
            [&] { return world.consumed("consume /mapr/newyork/other:topic_1").contains(QStringLiteral("3\tearly")); },
            60'000));
        QCOMPARE(world.consumed("consume NY:topic_1"),
                 QStringLiteral("0\t0\tone\n0\t1\ttwo\n0\t2\tthree\n0\t3\tearly\n"));
    }
    void consumersOfAGroupShareThePartitions() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("maprcli stream topic create -path SF -topic shared -partitions 4"));
        const QString read = text("consume SF:shared --group g --wait 2m");
        (void)world.start(read);
        QProcess& second = world.start(read);
        const auto readers = [&] {
            const Ran list = world.line("maprcli stream assign list -path SF -consumergroup g -json");
            const QJsonArray rows =
                QJsonDocument::fromJson(list.out.toUtf8()).object().value(QStringLiteral("data")).toArray();
            QSet<QString> names;
            for (const QJsonValue& row : rows) names << row.toObject().value(QStringLiteral("consumer")).toString();
            return rows.size() == 4 ? names.size() : 0;  // every partition has a reader, and one alone
        };
        QVERIFY(QTest::qWaitFor([&] { return readers() == 2; }, 30'000));
        second.kill();
        QVERIFY(second.waitForFinished());
        QVERIFY(QTest::qWaitFor([&] { return readers() == 1; }, 30'000));
        for (int partition = 0; partition < 4; ++partition) {
            QVERIFY_RAN(world.verb(
                QStringLiteral("produce %1:shared --partition %2 a b").arg(QLatin1String(kSource)).arg(partition)));
        }
        const auto committed = [&] {
            const Ran list = world.line("maprcli stream cursor list -path SF -consumergroup g -json");
            int sum = 0;
            const QJsonArray rows =
                QJsonDocument::fromJson(list.out.toUtf8()).object().value(QStringLiteral("data")).toArray();
            for (const QJsonValue& row : rows) sum += row.toObject().value(QStringLiteral("committedoffset")).toInt();
            return sum;
        };
        QVERIFY(QTest::qWaitFor([&] { return committed() == 8; }, 30'000));  // who stayed reads all four
    }
    void aBacklogIsSharedToo() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("maprcli stream create -path /mapr/sanfrancisco/backlog"));
        constexpr int kMessages = 120'000;  // several heartbeats
        QVERIFY_RAN(world.verb(
            QStringLiteral("mapr perfproducer -path /mapr/sanfrancisco/backlog -ntopics 1 -npart 4 -nmsgs %1 -rr true")
                .arg(kMessages)));
        std::array<QProcess, 2> readers;
        const auto shownBy = [&](std::size_t i) { return world.dir() + QStringLiteral("/shown%1").arg(i); };
        for (std::size_t i = 0; i < readers.size(); ++i) {
            readers[i].setStandardInputFile(QProcess::nullDevice());
            readers[i].setStandardOutputFile(shownBy(i));
            readers[i].start(
                TerminalWorld::executable(),
                world.words(QStringLiteral("consume /mapr/sanfrancisco/backlog:perf_0 --group g --from beginning")));
        }
        QSet<QByteArray> places;
        int sum = 0;
        for (std::size_t i = 0; i < readers.size(); ++i) {
            QVERIFY(readers[i].waitForFinished(120'000));
            QCOMPARE(readers[i].exitCode(), 0);
            QFile shown(shownBy(i));
            QVERIFY(shown.open(QIODevice::ReadOnly));
            int here = 0;
            for (; !shown.atEnd(); ++here) {
                const QByteArray line = shown.readLine();
                places << line.left(line.indexOf('\t', line.indexOf('\t') + 1));
            }
            QVERIFY2(here > 0, "one of them read it all");
            sum += here;
        }
        QCOMPARE(places.size(), kMessages);
        QCOMPARE(sum, kMessages);  // nothing twice
    }
    /// A group has read what somebody saw, and not what a full disk swallowed.
    void whatIsNotShownIsNotCommitted_data() {
        QTest::addColumn<QString>("option");
        QTest::newRow("lines") << QString();
        QTest::newRow("one document") << QStringLiteral(" --json");
    }
    void whatIsNotShownIsNotCommitted() {
        QFETCH(QString, option);
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const QString topic = QStringLiteral("%1:swallowed").arg(QLatin1String(kSource));
        QVERIFY_RAN(world.verb(QStringLiteral("produce %1 one two three").arg(topic)));
        QProcess full;
        full.setStandardInputFile(QProcess::nullDevice());
        full.setStandardOutputFile(QStringLiteral("/dev/full"));
        full.start(TerminalWorld::executable(),
                   world.words(QStringLiteral("consume %1 --group g").arg(topic) + option));
        QVERIFY(full.waitForFinished());
        QCOMPARE(full.exitCode(), 74);
        const Ran read = world.verb(QStringLiteral("consume %1 --group g").arg(topic) + option);
        QVERIFY2(read.code == 0 && read.out.contains(QStringLiteral("three")), qPrintable(read.all()));
        const Ran again = world.verb(QStringLiteral("consume %1 --group g").arg(topic) + option);
        QVERIFY2(again.code == 0 && !again.out.contains(QStringLiteral("three")), qPrintable(again.all()));
        const Ran named = world.run(world.words(QStringLiteral("consume %1 --group").arg(topic)) +
                                    QStringList(QStringLiteral("a\x1b")));
        QVERIFY2(named.code == 2 && named.err.contains(QStringLiteral("a group cannot be called 'a\\x1b'")),
                 qPrintable(named.all()));
    }
    void toolsCountAndCompare() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("mapr perfproducer -path SF -ntopics 2 -npart 3 -nmsgs 7000 -rr true"));
        QVERIFY(world.line("mapr perfconsumer -path SF -ntopics 2 -npart 3").out.contains(QStringLiteral("14,000")));
        const Ran counted = world.line("mapr streamanalyzer -path SF");
        QVERIFY2(counted.out.trimmed().endsWith(QStringLiteral(": 14000")), qPrintable(counted.all()));
        QVERIFY_RAN(world.line("mapr copystream -src SF -dst NY -mapreduce false"));
        const char* compare = "mapr diffstreams -src SF -dst NY -mapreduce false";
        QVERIFY(world.line(compare).out.contains(QStringLiteral("the streams are identical")));
        QVERIFY_RAN(world.line("produce NY:perf_1 --partition 2 alone"));
        const Ran differ = world.line(compare);
        QVERIFY2(differ.out.contains(QStringLiteral("topic perf_1, partition 2, offset")) &&
                     differ.out.contains(QStringLiteral("messages that differ: 1")),
                 qPrintable(differ.all()));
        QVERIFY(world.line("mapr perfconsumer -path NY -ntopics 3").code != 0);
    }
    void trapsOfThePageAreToldWithTheirFix() {
        StreamWorld world;
        const Ran joined = world.line("maprcli stream replica autosetup -pathSF -replica NY");
        QVERIFY2(joined.code != 0 && joined.all().contains(QStringLiteral("are one word")), qPrintable(joined.all()));
        // The first of two lines that were pasted one after the other.
        const Ran wrapped = world.line("maprcli stream create -path");
        QVERIFY2(wrapped.code != 0 && wrapped.all().contains(QStringLiteral("-path")), qPrintable(wrapped.all()));
    }
    void killedClustersKeepMessagesOffsetsAndCursors() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        for (const char* line :
             {"maprcli stream create -path NY -copymetafrom SF", "maprcli stream replica add -path SF -replica NY",
              "maprcli stream upstream add -path NY -upstream SF", "produce SF:topic_1 one two three",
              "consume SF:topic_1 --messages 2 --group reports"}) {
            QVERIFY_RAN(world.line(line));
        }
        QVERIFY(world.same("topic_1"));
        for (const char* cluster : {"sanfrancisco", "newyork"}) world.killDaemon(QString::fromLatin1(cluster));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("produce SF:topic_1 four"));
        QCOMPARE(world.consumed("consume SF:topic_1"),
                 QStringLiteral("0\t0\tone\n0\t1\ttwo\n0\t2\tthree\n0\t3\tfour\n"));
        QVERIFY(world.same("topic_1"));
        // The group goes on at the replica, after what it has committed at the source.
        QVERIFY(QTest::qWaitFor(
            [&] { return world.consumed("maprcli stream cursor list -path NY").contains(QStringLiteral("reports")); },
            30'000));
        QCOMPARE(world.consumed("consume NY:topic_1 --group reports"), QStringLiteral("0\t2\tthree\n0\t3\tfour\n"));
    }
    void planMakesTheDrawnLinkAndThenAgrees() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("check")));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY(world.consumed("maprcli stream topic list -path SF").contains(QStringLiteral("topic_1\t1\t")));
        QVERIFY_RAN(world.line("produce SF:topic_1 one two"));
        const Ran before = world.verb(QStringLiteral("status"));
        QVERIFY2(before.out.contains(text("dataset NY is drawn and not created yet")), qPrintable(before.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("apply --yes")));
        QVERIFY(world.same("topic_1"));
        const Ran after = world.verb(QStringLiteral("status"));
        QCOMPARE(after.code, 0);
        QVERIFY2(!after.out.contains(QStringLiteral("differ")), qPrintable(after.out));
        QVERIFY2(after.out.contains(QStringLiteral("replicating")), qPrintable(after.out));
        QVERIFY_RAN(world.verb(QStringLiteral("doctor")));
    }
    void runbooksOfStreamsRunAndATopicProducedAtBothIsToldFirst() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("produce SF:topic_1 one two three"));
        QVERIFY_RAN(world.line("run stream-replication-manual --set source=SF --set replica=NY"));
        QVERIFY(world.same("topic_1"));
        QVERIFY_RAN(world.line("consume SF:topic_1 --messages 2 --group reports"));
        QVERIFY(QTest::qWaitFor(
            [&] { return world.consumed("maprcli stream cursor list -path NY").contains(QStringLiteral("reports")); },
            30'000));
        QVERIFY_RAN(world.line("run stream-failover --set source=SF --set replica=NY --yes"));
        QCOMPARE(world.consumed("consume NY:topic_1 --group reports"), QStringLiteral("0\t2\tthree\n"));
        QCOMPARE(world.consumed("produce NY:topic_1 four"), QStringLiteral("0\t3\n"));
        // The old source is back and was produced to: what both gave offset 3 to would collide.
        QVERIFY_RAN(world.line("produce SF:topic_1 other"));
        const Ran both = world.line("run stream-multi-master --set source=SF --set replica=NY");
        QVERIFY2(both.code != 0 && both.all().contains(QStringLiteral("topic topic_1 has messages of both")),
                 qPrintable(both.all()));
        QVERIFY_RAN(world.line("run stream-multi-master --set source=SF --set replica=/mapr/newyork/apart"));
    }
    void whatTakesMessagesWantsItsNameTyped() {
        const StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("produce SF:topic_1 a b c"));
        const auto book = [&](const QString& name, const char* steps) {
            (void)QDir(world.dir()).mkpath(QStringLiteral("runbooks"));
            QFile file(world.dir() + QStringLiteral("/runbooks/") + name);
            const QByteArray whole =
                "runbook: " + name.chopped(5).toUtf8() + "\ntitle: T\nsystem: maprdb\nsteps:\n" + text(steps).toUtf8();
            return file.open(QIODevice::WriteOnly) && file.write(whole) == whole.size();
        };
        QVERIFY(
            book(QStringLiteral("change.yaml"),
                 "  - id: longer\n    title: Longer\n    do: maprcli stream edit -path SF -ttl 864000\n"
                 "    undo: maprcli stream edit -path SF -ttl 86400\n    verify: dataset-exists SF\n"
                 "  - id: topic\n    title: Topic\n    do: maprcli stream topic create -path SF -topic extra\n"
                 "    undo: maprcli stream topic delete -path SF -topic extra\n    verify: topic-exists SF extra\n"));
        QVERIFY_RAN(world.verb(QStringLiteral("run change --yes --no-input")));
        QVERIFY_RAN(world.line("produce SF:extra x"));
        const Ran refused = world.verb(QStringLiteral("run --undo --yes --no-input"));
        QVERIFY2(refused.code == 8, qPrintable(refused.all()));
        for (const char* option : {"--approve topic=extra", "--approve longer=SF"}) {
            QVERIFY2(refused.all().contains(text(option)), qPrintable(refused.all()));
        }
        QVERIFY_RAN(world.line("run --undo --no-input --approve topic=extra --approve longer=SF"));
        QVERIFY(world.line("consume SF:extra").code != 0);
        QVERIFY(book(QStringLiteral("drop.yaml"),
                     "  - id: drop\n    title: Drop\n    do: maprcli stream topic delete -path SF -topic topic_1\n"
                     "    undo: none\n    verify: dataset-exists SF\n"));
        const Ran unasked = world.verb(QStringLiteral("run drop --yes --no-input"));
        QVERIFY2(unasked.code == 8 && unasked.all().contains(QStringLiteral("drop")), qPrintable(unasked.all()));
        QCOMPARE(world.consumed("consume SF:topic_1"), QStringLiteral("0\t0\ta\n0\t1\tb\n0\t2\tc\n"));
    }

    void verbsOfOtherKindsAreRefusedByName() {
        StreamWorld world;
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        QVERIFY_RAN(world.line("maprcli table create -path /mapr/newyork/customers"));
        for (const char* line :
             {"maprcli table info -path SF", "put SF k f:q=1", "scan SF",
              "maprcli stream info -path /mapr/newyork/customers", "produce /mapr/newyork/customers:topic_1 x",
              "maprcli stream replica add -path SF -replica "
              "/mapr/newyork/customers",
              "maprcli stream replica add -path SF -replica SF"}) {
            const Ran ran = world.line(line);
            QVERIFY2(ran.code != 0, line);
            QVERIFY2(ran.all().contains(QStringLiteral("not a table")) ||
                         ran.all().contains(QStringLiteral("not a stream")) ||
                         ran.all().contains(QStringLiteral("its own replica")),
                     qPrintable(QString::fromLatin1(line) + QLatin1Char('\n') + ran.all()));
        }
        const Ran compared = world.line("diff SF SF");
        QVERIFY2(compared.code == 2 && compared.err.contains(QStringLiteral("mapr diffstreams -src ")),
                 qPrintable(compared.all()));
    }
};
TRIBUTARY_TEST(TestStreams)
#include "tst_streams.moc"
