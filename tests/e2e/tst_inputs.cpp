// Inputs that end by an error, in the middle of a record, or that are no files at all.
#include <netinet/in.h>
#include <sys/socket.h>

#include "shellworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::ShellWorld;
using tributary::test::TerminalWorld;

namespace {

/// Two ends of a TCP connection on loopback; -1 when the system refuses one.
struct TcpPair {
    int writer = -1;
    int reader = -1;
    TcpPair() {
        const int door = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        auto* address = reinterpret_cast<sockaddr*>(&at);
        if (::bind(door, address, size) != 0 || ::listen(door, 1) != 0) return;
        ::getsockname(door, address, &size);
        writer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(writer, address, size) == 0) reader = ::accept4(door, nullptr, nullptr, SOCK_CLOEXEC);
        ::close(door);
    }
    /// Ends the connection as a machine that fails does.
    void reset() {
        const linger atOnce{1, 0};
        ::setsockopt(writer, SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
        ::close(writer);
    }
};

}  // namespace

class TestInputs : public QObject {
    Q_OBJECT

    static constexpr int kRefused = -1;  ///< any code of an error that is not the program's

private slots:
    void initTestCase() {
        world_ = std::make_unique<ShellWorld>(QStringLiteral("multi-master"));
        QVERIFY_RAN(world_->verb(QStringLiteral("up")));
    }
    void cleanupTestCase() { world_.reset(); }

    void whatIsNoFileOfRowsIsAnErrorOfTheInput_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QString>("told");
        const QString load = QStringLiteral("tributary load /mapr/sanfrancisco/customers ");
        QTest::newRow("a folder") << load + QStringLiteral("/tmp") << 2 << QStringLiteral("/tmp: this is a folder");
        QTest::newRow("a folder on stdin")
            << load + QStringLiteral("- </tmp") << 2 << QStringLiteral("stdin: this is a folder");
        QTest::newRow("memory") << load + QStringLiteral("/proc/self/mem") << 1
                                << QStringLiteral("/proc/self/mem:1:1: reading failed: ");
        QTest::newRow("missing") << load + QStringLiteral("nowhere.csv") << kRefused
                                 << QStringLiteral("nowhere.csv: there is no such file");
        QTest::newRow("a device without end")
            << load + QStringLiteral("/dev/zero") << 2 << QStringLiteral("/dev/zero:1:1: a record is longer than any");
        QTest::newRow("an empty device") << load + QStringLiteral("/dev/null") << 2 << QStringLiteral("is empty");
        QTest::newRow("stdin is closed") << load + QStringLiteral("- <&-") << 1 << QStringLiteral("stdin");
        QTest::newRow("column twice") << QStringLiteral("printf 'key,profile:name,profile:name\\na,b,c\\n' | ") + load +
                                             QStringLiteral("-")
                                      << 2 << QStringLiteral("stdin:1:18: the header has column 'profile:name' twice");
        QTest::newRow("carriage return behind a quote")
            << QStringLiteral("printf 'key,profile:name\\na,\"Ada\"\\rX\\n' | ") + load + QStringLiteral("-") << 2
            << QStringLiteral("stdin:2:8: a carriage return stands by itself");
        QTest::newRow("a log that is a folder")
            << QStringLiteral("tributary workload --verify /tmp /mapr/sanfrancisco/customers") << 2
            << QStringLiteral("/tmp: this is a folder");
        QTest::newRow("a log that is missing")
            << QStringLiteral("tributary workload --verify nowhere.log /mapr/sanfrancisco/customers") << 2
            << QStringLiteral("nowhere.log: there is no such file");
        QTest::newRow("a log that is a device")
            << QStringLiteral("tributary workload /mapr/sanfrancisco/customers --seconds 1 --ack-log /dev/full") << 2
            << QStringLiteral("/dev/full: an acknowledgement log is a file");
        QTest::newRow("import of a folder")
            << QStringLiteral("tributary import /tmp") << kRefused << QStringLiteral("/tmp");
        QTest::newRow("restore of a folder")
            << QStringLiteral("tributary restore /tmp --check") << 2 << QStringLiteral("/tmp");
        QTest::newRow("a parameter file that is a folder")
            << QStringLiteral("tributary run multi-master-setup --params /tmp") << 2 << QStringLiteral("/tmp");
        QTest::newRow("a workspace that is a file") << QStringLiteral("tributary check -w /etc/passwd") << kRefused
                                                    << QStringLiteral("/etc/passwd: this is not a workspace");
    }
    void whatIsNoFileOfRowsIsAnErrorOfTheInput() {
        QFETCH(QString, line);
        QFETCH(int, exit);
        QFETCH(QString, told);
        const Ran ran = world_->shell(line);
        if (exit == kRefused) {
            QVERIFY2(ran.code > 0 && ran.code < 70, qPrintable(QString::number(ran.code) + ran.all()));
        } else {
            QCOMPARE_EXIT(ran, exit);
        }
        QVERIFY2(ran.err.contains(told), qPrintable(ran.all()));
        QVERIFY2(!ran.all().contains(QStringLiteral("mistake of the program")), qPrintable(ran.all()));
    }

    void aPipeThatEndsInARecordLoadsOnlyWholeOnes() {
        const QString load = QStringLiteral("tributary load /mapr/sanfrancisco/customers -");
        const Ran ran =
            world_->shell(QStringLiteral("printf 'key,profile:name\\nt1,Ada\\nt2,Bob\\nt3,Char' | ") + load);
        QCOMPARE_EXIT(ran, 2);
        QVERIFY2(ran.err.contains(QStringLiteral("stdin:4:8: the input ends in the middle of a record")),
                 qPrintable(ran.all()));
        QVERIFY2(ran.err.contains(QStringLiteral("(2 rows were loaded before)")), qPrintable(ran.all()));
        QVERIFY_RAN(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers t2")));
        QCOMPARE_EXIT(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers t3")), 1);
        // A file on a disk may lack its last line end.
        QVERIFY_RAN(
            world_->shell(QStringLiteral("printf 'key,profile:name\\nt4,Dora' >\"$TRIBUTARY_WORKSPACE/f.csv\"; ") +
                          load + QStringLiteral(" <\"$TRIBUTARY_WORKSPACE/f.csv\"")));
        QVERIFY_RAN(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers t4")));
    }

    void aConnectionThatFailsIsNotTheEnd() {
        TcpPair tcp;
        QVERIFY(tcp.reader >= 0);
        QProcess process;
        const QString line = QStringLiteral("tributary load /mapr/sanfrancisco/customers -");
        ShellWorld::prepare(process, world_->dir(), line);
        process.setChildProcessModifier([reader = tcp.reader] { ::dup2(reader, STDIN_FILENO); });
        process.start();
        QVERIFY(process.waitForStarted());
        ::close(tcp.reader);
        QByteArray rows("key,profile:name\n");
        for (int i = 0; i < 5'000; ++i) rows += "s" + QByteArray::number(i) + ",Ada\n";
        rows += "half,Ch";
        QCOMPARE(::send(tcp.writer, rows.constData(), static_cast<std::size_t>(rows.size()), 0), rows.size());
        // Only what the other end has read is safe from the reset that follows.
        QVERIFY_RAN(world_->until0(QStringLiteral("get /mapr/sanfrancisco/customers s3999")));
        tcp.reset();
        const Ran ran = ShellWorld::finish(process, line);
        QCOMPARE_EXIT(ran, 1);
        QVERIFY2(ran.err.contains(QStringLiteral("Connection reset by peer")), qPrintable(ran.all()));
        QVERIFY2(ran.err.contains(QStringLiteral("rows were loaded before)")), qPrintable(ran.all()));
        QCOMPARE_EXIT(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers half")), 1);
    }

    void aConsoleRunsNoHalfLine() {
        const Ran ran =
            world_->shell(QStringLiteral("printf 'put /mapr/sanfrancisco/customers c1 profile:name=a\\n"
                                         "put /mapr/sanfrancisco/customers c2 profile:name=b' | tributary console"));
        QCOMPARE_EXIT(ran, 2);
        QVERIFY2(ran.err.contains(QStringLiteral("stdin:2: the input ends in the middle of a line")),
                 qPrintable(ran.all()));
        QVERIFY_RAN(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers c1")));
        QCOMPARE_EXIT(world_->shell(QStringLiteral("tributary get /mapr/sanfrancisco/customers c2")), 1);
        QCOMPARE_EXIT(world_->shell(QStringLiteral("tributary console </tmp")), 2);
    }

    void settingsThatAreAFolderAreNamed() {
        ShellWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.shell(QStringLiteral("mkdir \"$TRIBUTARY_WORKSPACE/settings.yaml\"")));
        const Ran up = world.verb(QStringLiteral("up"));
        QCOMPARE_EXIT(up, 2);
        QVERIFY2(up.err.contains(QStringLiteral("settings.yaml: this is not a regular file")), qPrintable(up.all()));
    }

private:
    std::unique_ptr<ShellWorld> world_;
};
TRIBUTARY_TEST(TestInputs)
#include "tst_inputs.moc"
