// Members that are processes of their own, where things go wrong around them: nothing is lost, nothing untrue is said.
#include <sys/stat.h>
#include <unistd.h>

#include <QDirIterator>

#include "testmain.h"
#include "voltworld.h"

using namespace tributary::test;

namespace {

constexpr uid_t kNobody = 65'534;
constexpr const char* kEast = "/voltdb/east/east1/voltdbroot/command_log";
constexpr const char* kWest = "/voltdb/west/west1/voltdbroot/command_log";

/// As a program that another user starts, or one that masks nothing.
Ran ranOtherwise(const std::function<void()>& before, const QStringList& words) {
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.setChildProcessModifier(before);
    process.start(TerminalWorld::executable(), words);
    Ran ran;
    if (!process.waitForFinished(kSoonMs)) {
        process.kill();
        process.waitForFinished();
        return ran;
    }
    ran.code = process.exitCode();
    ran.out = QString::fromUtf8(process.readAllStandardOutput());
    ran.err = QString::fromUtf8(process.readAllStandardError());
    return ran;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

}  // namespace

class TestMemberTrust : public QObject {
    Q_OBJECT

    std::unique_ptr<VoltWorld> world_;

private slots:
    void initTestCase() {
        world_ = std::make_unique<VoltWorld>(u"voltdb-passive-dr"_s);
        const Ran up = world_->verb(u"up"_s);
        QVERIFY_RAN(up);
        // 35 ms are drawn, and hosts send through no network of ours.
        QVERIFY2(up.err.contains(u"the drawn network between east and west is not in force"_s), qPrintable(up.all()));
        QVERIFY2(!up.all().contains(u"as drawn"_s), qPrintable(up.all()));
    }
    void cleanupTestCase() { world_.reset(); }

    void noFaultIsMadeInThem_data() {
        QTest::addColumn<QString>("fault");
        for (const char* fault : {"cut east west", "delay east west 5ms", "bandwidth east west 1MB/s", "kill east",
                                  "freeze east/east1", "start west", "disk full east", "heal east west"}) {
            QTest::newRow(fault) << QString::fromLatin1(fault);
        }
    }
    void noFaultIsMadeInThem() {
        QFETCH(QString, fault);
        const Ran ran = world_->verb(u"fault "_s + fault);
        QVERIFY2(ran.code != 0 && ran.err.contains(u"is a process of its own"_s), qPrintable(textOf(ran)));
        QVERIFY2(!ran.all().contains(u"never been started"_s), qPrintable(textOf(ran)));
    }
    void theListOfFaultsSaysNothingOfThem() {
        for (const QString& verb : {u"fault list"_s, u"fault clear"_s}) {
            const Ran ran = world_->verb(verb);
            QVERIFY_RAN(ran);
            QVERIFY2(!ran.all().contains(u"not running"_s), qPrintable(textOf(ran)));
            QVERIFY2(ran.err.contains(u"no faults are made in: east, west"_s), qPrintable(textOf(ran)));
        }
    }
    void statusDoesNotSayThatTheDrawnNetworkIsInForce() {
        const Ran status = world_->verb(u"status"_s);
        QVERIFY2(status.out.contains(u"drawn 35ms, 200Mbit/s, not in force"_s), qPrintable(textOf(status)));
    }
    void anotherUserIsToldThatHeMayNot() {
        // Who is not root cannot be somebody else, but can be kept out.
        const bool isRoot = ::geteuid() == 0;
        const QString hosts = world_->dir() + u"/voltdb"_s;
        QVERIFY(::chmod(qPrintable(QFileInfo(world_->dir()).path()), 0755) == 0);
        if (!isRoot) QVERIFY(::chmod(qPrintable(hosts), 0) == 0);
        const auto become = [isRoot] {
            if (isRoot && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(99);
        };
        const Ran down = ranOtherwise(become, world_->words(u"down"_s));
        const Ran status = ranOtherwise(become, world_->words(u"status"_s));
        if (!isRoot) QVERIFY(::chmod(qPrintable(hosts), 0700) == 0);
        QVERIFY2(down.code != 0 && down.err.contains(u"Permission denied"_s), qPrintable(textOf(down)));
        QVERIFY2(!down.all().contains(u"was down already"_s), qPrintable(textOf(down)));
        QCOMPARE(status.code, 3);
        QVERIFY2(!status.out.contains(u" down "_s), qPrintable(textOf(status)));
        QVERIFY_RAN(world_->sql(u"east"_s, u"select count(*) from votes"_s));
    }
    void aStoppedProcessIsNeitherUpNorDown() {
        const int pid = world_->pidOf(u"west"_s, u"west1"_s);
        QVERIFY(pid > 1 && ::kill(pid, SIGSTOP) == 0);
        const Ran up = world_->verb(u"up"_s);
        const Ran down = world_->verb(u"down --cluster west"_s);
        QVERIFY(::kill(pid, SIGCONT) == 0);
        for (const Ran& ran : {up, down}) {
            QVERIFY2(ran.code == 3 && ran.err.contains(u"and is stopped"_s), qPrintable(textOf(ran)));
            QVERIFY2(!ran.out.contains(u"west/west1 was"_s), qPrintable(textOf(ran)));
        }
    }
    void whatRunsAndIsNotDrawnIsShown() {
        const QString drawing = world_->dir() + u"/topology.yaml"_s;
        const QByteArray before = bytesOf(drawing);
        QVERIFY(write(drawing, QByteArray(before)
                                   .replace("west:", "south:")
                                   .replace("at: west", "at: south")
                                   .replace("[east, west]", "[east, south]")));
        const Ran status = world_->verb(u"status"_s);
        QVERIFY(write(drawing, before));
        QVERIFY2(status.out.contains(u"cluster west is not drawn, but it runs"_s), qPrintable(textOf(status)));
    }
    void foldersAreOpenToNobodyElsesFiles_data() {
        QTest::addColumn<QString>("example");
        QTest::newRow("hosts") << u"voltdb-passive-dr"_s;
        QTest::newRow("instances") << u"tarantool-master-master"_s;
    }
    void foldersAreOpenToNobodyElsesFiles() {
        QFETCH(QString, example);
        QTemporaryDir temporary;
        const QString dir = temporary.path() + u"/a/b"_s;
        const auto unmasked = [] { ::umask(0); };
        QVERIFY_RAN(ranOtherwise(unmasked, {u"new"_s, dir, u"--example"_s, example}));
        QVERIFY_RAN(ranOtherwise(
            unmasked, {u"-w"_s, dir, u"export"_s, u"--to"_s, u"config"_s, u"-o"_s, temporary.path() + u"/out"_s}));
        QDirIterator below(temporary.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
        while (below.hasNext()) {
            struct stat info {};
            QVERIFY(::lstat(qPrintable(below.next()), &info) == 0);
            QVERIFY2((info.st_mode & 022U) == 0, qPrintable(below.filePath()));
        }
        QVERIFY(::chmod(qPrintable(dir), 0777) == 0);
        const Ran doctor = TerminalWorld::run({u"-w"_s, dir, u"doctor"_s});
        QVERIFY2(doctor.code == 1 && doctor.out.contains(u"others may put files of their own into it"_s),
                 qPrintable(textOf(doctor)));
    }
    void aDamagedFileKeepsItsHostDown_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("at");
        QTest::newRow("conversations of the master") << QLatin1String(kEast) + u"/replication.json"_s << 90;
        QTest::newRow("role of the replica") << QLatin1String(kWest) + u"/replication.json"_s << 57;
        QTest::newRow("rows") << QLatin1String(kEast) + u"/tables/1.db"_s << 8'200;
    }
    void aDamagedFileKeepsItsHostDown() {
        QFETCH(QString, file);
        QFETCH(int, at);
        QVERIFY_RAN(world_->verb(u"up"_s));
        QVERIFY_RAN(world_->verb(u"down"_s));
        const QString path = world_->dir() + file;
        const QByteArray right = bytesOf(path);
        QVERIFY(right.size() > at);
        QByteArray wrong = right;
        wrong[at] = static_cast<char>(wrong[at] ^ 1);
        QVERIFY(write(path, wrong));
        if (file.endsWith(u".db"_s)) {
            const Ran doctor = world_->verb(u"doctor --deep"_s);
            QVERIFY2(doctor.code == 1 && doctor.out.contains(u"content of host east/east1  bad"_s),
                     qPrintable(textOf(doctor)));
            const Ran backup = world_->run(world_->words(u"backup"_s) + QStringList(path + u".tar"_s));
            QVERIFY2(backup.code != 0 && backup.err.contains(u"the volume of host east/east1 is damaged"_s),
                     qPrintable(textOf(backup)));
        }
        const Ran up = world_->verb(u"up"_s);
        QVERIFY2(up.code != 0 && up.err.contains(file.section(u'/', -1)), qPrintable(textOf(up)));
        const Ran status = world_->verb(u"status"_s);
        QVERIFY2(status.out.contains(u"down"_s), qPrintable(textOf(status)));
        QVERIFY_RAN(world_->verb(u"down"_s));
        QVERIFY(write(path, right));
        QVERIFY_RAN(world_->verb(u"up"_s));
        const Ran refused = world_->sql(u"west"_s, u"insert into votes values (1, 'MA', 1)"_s);
        QVERIFY2(refused.err.contains(u"not allowed in replica cluster"_s), qPrintable(textOf(refused)));
    }
};
TRIBUTARY_TEST(TestMemberTrust)
#include "tst_membertrust.moc"
