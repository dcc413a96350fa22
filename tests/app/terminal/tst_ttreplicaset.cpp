// tt replicaset: who writes when not everybody tells, and a rebootstrap that could not start again.
#include <QTest>

#include "app/terminal/ttinstances.h"
#include "spawn.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::app;
using namespace tributary::test;

namespace {

constexpr const char* kConfig = R"(groups:
  group001:
    replicasets:
      replicaset001:
        instances:
          a:
            database:
              mode: rw
          b:
            database:
              mode: ro
)";

/// An environment with one application of two instances; none of them runs.
class Environment {
public:
    explicit Environment(const QByteArray& config) {
        write(u"tt.yaml"_s, "env:\n  instances_enabled: instances.enabled\n");
        write(u"instances.enabled/app/instances.yml"_s, "a:\nb:\n");
        write(u"instances.enabled/app/config.yaml"_s, config);
    }
    void write(const QString& name, const QByteArray& text) const {
        (void)QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s", qPrintable(name));
    }
    [[nodiscard]] QString path(const QString& name) const { return dir_.filePath(name); }
    [[nodiscard]] Spawned tt(QStringList words) const {
        return spawn(QStringList(u"tt"_s) + words, {dir_.path(), {}, {}, {}});
    }

private:
    QTemporaryDir dir_;
};

}  // namespace

class TestTtReplicaset : public QObject {
    Q_OBJECT
private slots:
    void whoWritesIsKnownOnlyWhenAllTell_data() {
        QTest::addColumn<int>("writers");
        QTest::addColumn<int>("untold");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("nobody writes") << 0 << 0 << QByteArray("no");
        QTest::newRow("one writes") << 1 << 0 << QByteArray("single");
        QTest::newRow("two write") << 2 << 0 << QByteArray("multi");
        QTest::newRow("nobody tells") << 0 << 2 << QByteArray("unknown");
        QTest::newRow("one writes, another is silent") << 1 << 1 << QByteArray("unknown");
        QTest::newRow("two write, a third is silent") << 2 << 1 << QByteArray("multi");
    }
    void whoWritesIsKnownOnlyWhenAllTell() {
        QFETCH(const int, writers);
        QFETCH(const int, untold);
        QFETCH(const QByteArray, word);
        QCOMPARE(QByteArray(masterWord(static_cast<std::size_t>(writers), static_cast<std::size_t>(untold))), word);
    }
    void aSetThatDoesNotRunIsUnknown() {
        const Environment at(kConfig);
        const Spawned told = at.tt({u"replicaset"_s, u"status"_s, u"app"_s});
        QCOMPARE(told.code, 0);
        QVERIFY2(told.out.contains(u"  Master:   unknown\n    • a - unknown\n    • b - unknown\n"_s),
                 qPrintable(told.out + told.err));
    }
    void rebootstrapKeepsTheDataOfWhatCouldNotStart_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("no YAML") << QByteArray("groups:") << QByteArray("groups: [");
        QTest::newRow("an unknown word") << QByteArray("mode: rw") << QByteArray("mode: rwx");
        QTest::newRow("the instance is not there") << QByteArray("          a:") << QByteArray("          aa:");
    }
    void rebootstrapKeepsTheDataOfWhatCouldNotStart() {
        QFETCH(const QByteArray, from);
        QFETCH(const QByteArray, to);
        const Environment at(QByteArray(kConfig).replace(from, to));
        const QStringList files{u"00000000000000000003.snap"_s, u"00000000000000000003.xlog"_s,
                                u"00000000000000000003.vylog"_s};
        for (const QString& file : files) at.write(u"instances.enabled/app/var/lib/a/"_s + file, "rows");
        const Spawned told = at.tt({u"replicaset"_s, u"rebootstrap"_s, u"-y"_s, u"app:a"_s});
        QVERIFY2(told.code != 0 && told.err.contains(u"config.yaml"_s), qPrintable(told.err));
        for (const QString& file : files) {
            QCOMPARE(fileText(at.path(u"instances.enabled/app/var/lib/a/"_s + file)), QByteArray("rows"));
        }
    }
};

TRIBUTARY_TEST(TestTtReplicaset)
#include "tst_ttreplicaset.moc"
