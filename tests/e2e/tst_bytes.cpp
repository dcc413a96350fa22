// Keys and values of any bytes through the executable: what is printed can be typed again; what is too large is named.
#include <QRegularExpression>
#include <random>

#include "core/base/escape.h"
#include "terminalworld.h"
#include "testmain.h"

using tributary::Bytes;
using tributary::bytesOfEscaped;
using tributary::escapedBytes;
using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

QString toQt(const std::string& text) {
    return QString::fromStdString(text);
}

/// Every byte value, the ways to be mistaken for an escape, and random ones.
std::vector<Bytes> oddKeys() {
    std::vector<Bytes> keys{"a\\b", "a\\\\b", "\\x41", "\\", "a\tb", "\xc3\xbc", "it's", "-x", "=", "\xe2\x80\xae"};
    for (int from = 0; from < 256; from += 32) {
        Bytes key;
        for (int byte = from; byte < from + 32; ++byte) key.push_back(static_cast<char>(byte));
        keys.push_back(key);
    }
    std::mt19937 random(11);
    for (int i = 0; i < 6; ++i) {
        Bytes key(1 + random() % 20, ' ');
        for (char& byte : key) byte = static_cast<char>(random());
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

}  // namespace

class TestBytes : public QObject {
    Q_OBJECT

    std::unique_ptr<TerminalWorld> world_;

    [[nodiscard]] Ran in(const QStringList& words) const {
        return TerminalWorld::run(QStringList{QStringLiteral("-w"), world_->dir()} + words);
    }
    [[nodiscard]] static QString sf() { return QLatin1String(TerminalWorld::kSf); }
    [[nodiscard]] static QString ny() { return QLatin1String(TerminalWorld::kNy); }
    /// Writes a CSV file beside the workspace.
    [[nodiscard]] QString csv(const QString& name, const QByteArray& text) const {
        const QString path = world_->dir() + QLatin1Char('/') + name;
        QFile file(path);
        if (file.open(QIODevice::WriteOnly)) file.write(text);
        return path;
    }

private slots:
    void initTestCase() {
        world_ = std::make_unique<TerminalWorld>(QStringLiteral("multi-master"));
        QVERIFY_RAN(world_->verb(QStringLiteral("up")));
        QVERIFY_RAN(world_->verb(QStringLiteral("maprcli table create -path ") + ny()));
        for (const char* family : {"profile", "orders"}) {
            QVERIFY_RAN(world_->verb(
                QStringLiteral("maprcli table cf create -path %1 -cfname %2").arg(ny(), QLatin1String(family))));
        }
    }
    void cleanupTestCase() { world_.reset(); }

    void whatIsPrintedCanBeTypedAgain() {
        const std::vector<Bytes> keys = oddKeys();
        for (const Bytes& key : keys) {
            const QString typed = toQt(escapedBytes(key));
            QVERIFY_RAN(
                in({QStringLiteral("put"), sf(), QStringLiteral("--"), typed, QStringLiteral("profile:v=") + typed}));
        }
        const Ran scanned = in({QStringLiteral("scan"), sf(), QStringLiteral("--limit"), QStringLiteral("0")});
        QVERIFY_RAN(scanned);
        const QStringList lines = scanned.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), static_cast<qsizetype>(keys.size()));
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const QString shown = lines[static_cast<qsizetype>(i)].section(QLatin1Char('\t'), 0, 0);
            QCOMPARE(bytesOfEscaped(shown.toStdString()), keys[i]);
            const Ran got = in({QStringLiteral("get"), sf(), QStringLiteral("--"), shown});
            QVERIFY_RAN(got);
            QCOMPARE(got.out, QStringLiteral("profile:v=%1\n").arg(shown));
            const Ran from = in({QStringLiteral("scan"), sf(), QStringLiteral("--from=") + shown,
                                 QStringLiteral("--limit"), QStringLiteral("1")});
            QVERIFY(from.out.startsWith(shown + QLatin1Char('\t')));
        }
    }

    void documentsHoldTheKeyItself_data() {
        QTest::addColumn<QStringList>("verb");
        QTest::newRow("put") << QStringList{QStringLiteral("put"), sf(), QStringLiteral("q\\\\z"),
                                            QStringLiteral("profile:v=1")};
        QTest::newRow("get") << QStringList{QStringLiteral("get"), sf(), QStringLiteral("q\\\\z")};
        QTest::newRow("delete") << QStringList{QStringLiteral("delete"), sf(), QStringLiteral("q\\\\z"),
                                               QStringLiteral("profile:other")};
    }
    void documentsHoldTheKeyItself() {
        QFETCH(QStringList, verb);
        const Ran ran = in(QStringList{QStringLiteral("--json")} + verb);
        QVERIFY_RAN(ran);
        const QJsonObject json = QJsonDocument::fromJson(ran.out.toUtf8()).object();
        QCOMPARE(json.value(QStringLiteral("key")).toString(), QStringLiteral("q\\z"));
        QCOMPARE(json.value(QStringLiteral("key_escaped")).toString(), QStringLiteral("q\\\\z"));
    }

    void aDifferenceNamesTheKeyItself() {
        QVERIFY_RAN(
            in({QStringLiteral("put"), sf(), QStringLiteral("zz\\x00\\\\y"), QStringLiteral("profile:v=\\xff")}));
        const Ran text = in({QStringLiteral("diff"), sf(), ny()});
        QCOMPARE(text.code, 1);
        QVERIFY2(text.out.contains(QStringLiteral("\nzz\\x00\\\\y\tmissing-at-b\t")), qPrintable(text.out));
        const Ran ran = in({QStringLiteral("--json"), QStringLiteral("diff"), sf(), ny()});
        bool found = false;
        for (const QJsonValue& row :
             QJsonDocument::fromJson(ran.out.toUtf8()).object().value(QStringLiteral("differences")).toArray()) {
            found = found ||
                    row.toObject().value(QStringLiteral("key_escaped")).toString() == QStringLiteral("zz\\x00\\\\y");
        }
        QVERIFY2(found, qPrintable(ran.out));
    }

    void aFileMayHoldAnyBytes() {
        const QString file = csv(QStringLiteral("odd.csv"), "key,profile:v\nl\\x00d,a\\\\b\nC:\\temp,raw\\q\n");
        QVERIFY_RAN(in({QStringLiteral("load"), sf(), file}));
        const Ran got = in({QStringLiteral("get"), sf(), QStringLiteral("l\\x00d")});
        QCOMPARE(got.out, QStringLiteral("profile:v=a\\\\b\n"));
        QVERIFY_RAN(in({QStringLiteral("get"), sf(), QStringLiteral("C:\\temp")}));
        QVERIFY_RAN(in({QStringLiteral("load"), sf(), file, QStringLiteral("--raw")}));
        const Ran raw = in({QStringLiteral("get"), sf(), QStringLiteral("l\\\\x00d")});
        QCOMPARE(raw.out, QStringLiteral("profile:v=a\\\\\\\\b\n"));
    }

    void nothingReachesTheTerminalRaw_data() {
        QTest::addColumn<QStringList>("words");
        const QString evil = QString::fromUtf8("x\x1b[31m\xc2\x9b\xe2\x80\xaey");
        QTest::newRow("verb") << QStringList{evil};
        QTest::newRow("option") << QStringList{QStringLiteral("status"), QStringLiteral("--") + evil};
        QTest::newRow("key") << QStringList{QStringLiteral("get"), sf(), evil};
        QTest::newRow("cell") << QStringList{QStringLiteral("put"), sf(), QStringLiteral("k"), evil};
        QTest::newRow("table") << QStringList{QStringLiteral("scan"), QStringLiteral("/mapr/sanfrancisco/") + evil};
        QTest::newRow("file") << QStringList{QStringLiteral("load"), sf(), evil};
        QTest::newRow("runbook") << QStringList{QStringLiteral("run"), evil};
        QTest::newRow("parameter") << QStringList{QStringLiteral("run"), QStringLiteral("multi-master-setup"),
                                                  QStringLiteral("--set"), QStringLiteral("source=") + evil,
                                                  QStringLiteral("--dry-run")};
        QTest::newRow("command") << QStringList{QStringLiteral("maprcli"), QStringLiteral("table"),
                                                QStringLiteral("info"), QStringLiteral("-path"), evil};
        QTest::newRow("user") << QStringList{QStringLiteral("--as"), evil, QStringLiteral("get"), sf(),
                                             QStringLiteral("k")};
        QTest::newRow("workspace") << QStringList{QStringLiteral("-w"), evil, QStringLiteral("check")};
        QTest::newRow("rule") << QStringList{QStringLiteral("check"), QStringLiteral("--rule"), evil};
        QTest::newRow("document") << QStringList{QStringLiteral("--json"), QStringLiteral("get"), sf(), evil};
        QTest::newRow("topic") << QStringList{QStringLiteral("help"), evil};
    }
    void nothingReachesTheTerminalRaw() {
        QFETCH(QStringList, words);
        const Ran ran = in(words);
        QVERIFY(ran.code != 0);
        static const QRegularExpression kRaw(QStringLiteral("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\x{202a}-\\x{202e}]"));
        QVERIFY2(!kRaw.match(ran.all()).hasMatch(), qPrintable(ran.all()));
        QVERIFY(ran.all().size() < 1'500);
    }

    void anEndlessHeaderGivesABoundedError() {
        const QString file = csv(QStringLiteral("endless.csv"), "key," + QByteArray(3'145'728, '\x1b') + "\nk,v\n");
        const Ran ran = in({QStringLiteral("load"), sf(), file});
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains(QStringLiteral("... (3,145,728 bytes)")), qPrintable(ran.err));
        QVERIFY(ran.err.size() < 2'000);
    }

    void wideRowsAreScannedToTheEnd() {
        QByteArray text = "key,profile:wide\n";
        for (int i = 0; i < 450; ++i) {
            text += QByteArray("w") + QByteArray::number(1000 + i) + "," + QByteArray(40'000, 'x') + "\n";
        }
        QVERIFY_RAN(in({QStringLiteral("load"), sf(), csv(QStringLiteral("wide.csv"), text)}));
        const Ran ran =
            in({QStringLiteral("scan"), sf(), QStringLiteral("--from"), QStringLiteral("w1000"), QStringLiteral("--to"),
                QStringLiteral("w2000"), QStringLiteral("--limit"), QStringLiteral("0")});
        QVERIFY(ran.code == 0);
        QCOMPARE(ran.out.count(QLatin1Char('\n')), 450);
    }

    void aValueOfSeventeenMegabytesIsRefusedByName() {
        const QString file =
            csv(QStringLiteral("large.csv"), "key,profile:v\nbig," + QByteArray(17'000'000, 'x') + "\n");
        const Ran ran = in({QStringLiteral("load"), sf(), file});
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains(QStringLiteral("larger than the limit 'value' of 16,777,216 bytes")),
                 qPrintable(ran.err));
        QVERIFY(ran.err.contains(QStringLiteral("large.csv:2:5")));
        QVERIFY(ran.err.contains(QStringLiteral("tributary help limits")));
    }

    void tenMegabytesAreReadCopiedAndCompared() {
        const QByteArray cell(10'000'000, 'y');
        QVERIFY_RAN(in({QStringLiteral("load"), sf(),
                        csv(QStringLiteral("ten.csv"), "key,profile:v\nten1," + cell + "\nten2," + cell + "\n")}));
        const Ran got = in({QStringLiteral("get"), sf(), QStringLiteral("ten1")});
        QCOMPARE(got.out.size(), qsizetype{10'000'011});
        const QStringList both{QStringLiteral("-src"),       sf(),
                               QStringLiteral("-dst"),       ny(),
                               QStringLiteral("-bulkload"),  QStringLiteral("false"),
                               QStringLiteral("-mapreduce"), QStringLiteral("false")};
        QVERIFY_RAN(
            in(QStringList{QStringLiteral("hbase"), QStringLiteral("com.mapr.fs.hbase.tools.mapreduce.CopyTable")} +
               both));
        QVERIFY_RAN(in({QStringLiteral("diff"), sf(), ny()}));
    }
};
TRIBUTARY_TEST(TestBytes)
#include "tst_bytes.moc"
