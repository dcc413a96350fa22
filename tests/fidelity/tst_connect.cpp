// tt connect on a real instance: what is typed there is answered as its own console answers.
#include "absence.h"
#include "instances.h"
#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

class TestConnect : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        instances_ = realTarantool();
        TRIBUTARY_NEEDS_TARANTOOL(instances_);
        const QString problem = instances_->start({{u"i1"_s, {}, {}}});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        address_ = u"127.0.0.1:%1"_s.arg(instances_->portOf(u"i1"_s));
    }

    void answersAsTheConsoleDoes_data() {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QString>("printed");
        QTest::newRow("expression") << QByteArray("box.info.vclock\n") << u"---\n- {1: 11}\n...\n\n"_s;
        QTest::newRow("several values") << QByteArray("1, nil, 'a: b'\n") << u"---\n- 1\n- null\n- 'a: b'\n...\n\n"_s;
        QTest::newRow("nothing") << QByteArray("local x = 1\n") << u"---\n...\n\n"_s;
        QTest::newRow("statement over lines")
            << QByteArray("for i = 1, 2 do\n  x = i\nend\nx\n") << u"---\n...\n\n---\n- 2\n...\n\n"_s;
        QTest::newRow("an error goes on")
            << QByteArray("error('no')\nbox.info.ro\n") << u"---\n- error: 'no'\n...\n\n---\n- false\n...\n\n"_s;
        QTest::newRow("delimiter") << QByteArray("\\set delimiter ;\n1,\n2;\n")
                                   << u"---\n...\n\n---\n- 1\n- 2\n...\n\n"_s;
        QTest::newRow("quit") << QByteArray("1\n\\q\n2\n") << u"---\n- 1\n...\n\n"_s;
    }
    void answersAsTheConsoleDoes() {
        QFETCH(const QByteArray, typed);
        QFETCH(const QString, printed);
        const Spawned done = spawn({u"tt"_s, u"connect"_s, u"operator:operator@"_s + address_}, {{}, typed, {}, {}});
        QCOMPARE(done.err, QString());
        QCOMPARE(done.out, printed);
        QCOMPARE(done.code, 0);
    }

    void evaluatesAFileAsOneChunk() {
        const QStringList words{u"tt"_s, u"connect"_s,  address_, u"-u"_s, u"operator"_s,
                                u"-p"_s, u"operator"_s, u"-f"_s,  u"-"_s};
        const Spawned done = spawn(words, {{}, "local a = 2\nreturn a, {a}\n", {}, {}});
        QCOMPARE(done.out, u"---\n- 2\n- - 2\n...\n\n"_s);
        const Spawned lua = spawn(words + QStringList{u"-x"_s, u"lua"_s}, {{}, "return 1, {2}", {}, {}});
        QCOMPARE(lua.out, u"1, {2};\n"_s);
    }

    void speaksSqlWithoutLeavingItThere() {
        const QStringList words{u"tt"_s, u"connect"_s, u"operator:operator@"_s + address_};
        const Spawned sql = spawn(words + QStringList{u"-l"_s, u"sql"_s}, {{}, "select 1 as one\n", {}, {}});
        QCOMPARE(sql.out, u"---\n- metadata:\n  - name: ONE\n    type: integer\n  rows:\n  - [1]\n...\n\n"_s);
        QCOMPARE(spawn(words, {{}, "1\n", {}, {}}).out, u"---\n- 1\n...\n\n"_s);
    }

    void behavesAsTheProgramOfThatName() {
        SpawnOptions options;
        options.program = QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/shims/tt");
        options.input = "box.info.ro\n";
        QCOMPARE(spawn({u"connect"_s, u"operator:operator@"_s + address_}, options).out, u"---\n- false\n...\n\n"_s);
    }

    void saysWhyItCannot_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("fix");
        QTest::newRow("password") << QStringList{u"operator:wrong@@"_s} << 1
                                  << u"Incorrect password supplied for user 'operator'"_s << u"another user"_s;
        QTest::newRow("user") << QStringList{u"nobody:x@@"_s} << 1 << u"User 'nobody' is not found"_s
                              << u"another user"_s;
        QTest::newRow("right") << QStringList{u"@"_s} << 1
                               << u"Execute access to universe '' is denied for user 'guest'"_s
                               << u"box.schema.user.grant('guest', 'execute', 'universe')"_s;
        QTest::newRow("nobody there") << QStringList{u"127.0.0.1:1"_s} << 3 << u"nothing listens there"_s
                                      << u"box.cfg.listen"_s;
        QTest::newRow("two users") << QStringList{u"operator:operator@@"_s, u"-u"_s, u"admin"_s} << 2
                                   << u"both name a user"_s << u"leave -u and -p out"_s;
        QTest::newRow("table") << QStringList{u"@"_s, u"-x"_s, u"table"_s} << 2 << u"not carried yet"_s << u"-x yaml"_s;
        QTest::newRow("half a statement")
            << QStringList{u"operator:operator@@"_s} << 2 << u"ends inside a statement"_s << u"end the statement"_s;
    }
    void saysWhyItCannot() {
        QFETCH(QStringList, words);
        QFETCH(const int, code);
        QFETCH(const QString, reason);
        QFETCH(const QString, fix);
        const QByteArray typed = reason.contains(u"statement") ? "for i = 1, 2 do\n" : "1\n";
        if (words[0].endsWith(u'@')) words[0] = words[0].chopped(1) + address_;
        const Spawned done = spawn(QStringList{u"tt"_s, u"connect"_s} + words, {{}, typed, {}, {}});
        QVERIFY2(done.err.contains(reason), qPrintable(done.err));
        QVERIFY2(done.err.contains(fix), qPrintable(done.err));
        QVERIFY2(!done.err.contains(u"wrong"), "no password in an error");
        QCOMPARE(done.out, QString());
        QCOMPARE(done.code, code);
    }

    void noticesADeath() {
        const Spawned done =
            spawn({u"tt"_s, u"connect"_s, u"operator:operator@"_s + address_}, {{}, "1\nos.exit(0)\n2\n", {}, {}});
        QCOMPARE(done.out, u"---\n- 1\n...\n\n"_s);
        QVERIFY2(done.err.contains(u"the connection was closed"), qPrintable(done.err));
        QCOMPARE(done.code, 3);
    }

private:
    std::unique_ptr<Instances> instances_;
    QString address_;
};
TRIBUTARY_TEST(TestConnect)
#include "tst_connect.moc"
