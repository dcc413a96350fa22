// Every rule bites: a bad snippet is found at its line, a good one passes.
#include <QSet>

#include "rule.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::layers;

namespace {

QString repeated(const QString& line, int times) {
    return line.repeated(times);
}

const Rule* find(const std::vector<Rule>& rules, const QString& id) {
    for (const Rule& rule : rules) {
        if (rule.id == id) return &rule;
    }
    return nullptr;
}

/// A row of the tables below: `place` is where the one offence stands ("path:line", or "path" for whole folders).
void bad(const char* id, const char* name, const QString& path, const QString& text, const QString& place) {
    QTest::newRow(qPrintable(QString::fromLatin1(id) + u": "_s + QString::fromLatin1(name)))
        << QString::fromLatin1(id) << path << text << place;
}

void badLayers() {
    bad("core-below-all", "engine", u"core/a.h"_s, u"\n#include \"engine/seams/clock.h\"\n"_s, u"core/a.h:2"_s);
    bad("core-below-all", "spaces", u"core/a.h"_s, u"#  include <app/x.h>\n"_s, u"core/a.h:1"_s);
    bad("base-below-core", "db", u"core/base/a.h"_s, u"#include \"core/db/x.h\"\n"_s, u"core/base/a.h:1"_s);
    bad("engine-sees-core", "runbooks", u"engine/log/a.cpp"_s, u"#include \"runbooks/x.h\""_s, u"engine/log/a.cpp:1"_s);
    bad("runbooks-see-core", "engine", u"runbooks/a.cpp"_s, u"#include \"engine/x.h\""_s, u"runbooks/a.cpp:1"_s);
    bad("app-not-tests", "support", u"app/a.cpp"_s, u"#include \"tests/support/x.h\""_s, u"app/a.cpp:1"_s);
    bad("seams-only-core-base", "log", u"engine/seams/a.h"_s, u"#include \"engine/log/x.h\""_s,
        u"engine/seams/a.h:1"_s);
    bad("qt-below-app", "core", u"core/a.h"_s, u"#include <QString>"_s, u"core/a.h:1"_s);
    bad("qt-below-app", "module", u"engine/machine/realclock.h"_s, u"#include <QtCore/QThread>"_s,
        u"engine/machine/realclock.h:1"_s);
    bad("sqlite-in-db", "engine", u"engine/storage/a.cpp"_s, u"#include <sqlite3.h>"_s, u"engine/storage/a.cpp:1"_s);
    bad("network-in-net", "app", u"app/daemon/a.h"_s, u"#include <QLocalSocket>"_s, u"app/daemon/a.h:1"_s);
    bad("network-in-net", "posix", u"engine/machine/realx.cpp"_s, u"#include <sys/socket.h>"_s,
        u"engine/machine/realx.cpp:1"_s);
    bad("gui-in-desktop", "terminal", u"app/terminal/a.cpp"_s, u"#include <QWidget>"_s, u"app/terminal/a.cpp:1"_s);
    bad("gui-in-desktop", "engine/net", u"engine/net/a.cpp"_s, u"#include <QtGui/QColor>"_s, u"engine/net/a.cpp:1"_s);
    bad("seams-not-system", "files", u"engine/log/a.cpp"_s, u"#include <fstream>"_s, u"engine/log/a.cpp:1"_s);
    bad("engine-order", "upwards", u"engine/log/a.cpp"_s, u"#include \"engine/node/x.h\""_s, u"engine/log/a.cpp:1"_s);
    bad("engine-order", "unknown", u"engine/new/a.cpp"_s, u"#include \"engine/log/x.h\""_s, u"engine/new/a.cpp:1"_s);
    bad("general-names-no-kind", "text", u"engine/node/a.cpp"_s, u"\nnote(\"no table\");"_s, u"engine/node/a.cpp:2"_s);
    bad("general-names-no-kind", "name", u"engine/wire/a.h"_s, u"struct ColumnFamily;"_s, u"engine/wire/a.h:1"_s);
    bad("runbooks-name-no-system", "program", u"runbooks/export/a.cpp"_s, u"run(\"maprcli x\");"_s,
        u"runbooks/export/a.cpp:1"_s);
    bad("includes-from-root", "upwards", u"tests/a.cpp"_s, u"#include \"../x.h\""_s, u"tests/a.cpp:1"_s);
    bad("includes-from-root", "bare", u"engine/log/a.cpp"_s, u"#include \"x.h\""_s, u"engine/log/a.cpp:1"_s);
    const auto list = [](const char* folder) { return QString::fromLatin1(folder) + u"/CMakeLists.txt"_s; };
    bad("core-links-core", "engine", list("core/db"), u"f(\n  engine_log)"_s, u"core/db/CMakeLists.txt:2"_s);
    bad("engine-links-core", "runbooks", list("engine/log"), u"f(runbooks_model)"_s, u"engine/log/CMakeLists.txt:1"_s);
    bad("runbooks-link-core", "engine", list("runbooks"), u"f(engine_log)"_s, u"runbooks/CMakeLists.txt:1"_s);
    bad("qt-linked-below-app", "core", list("core"), u"f(Qt6::Core)"_s, u"core/CMakeLists.txt:1"_s);
    bad("network-linked-in-net", "app", list("app/daemon"), u"f(Qt6::Network)"_s, u"app/daemon/CMakeLists.txt:1"_s);
    bad("sqlite-linked-in-db", "engine", list("engine"), u"f(SQLite::SQLite3)"_s, u"engine/CMakeLists.txt:1"_s);
    bad("gui-linked-in-desktop", "terminal", list("app/terminal"), u"f(Qt6::Gui)"_s,
        u"app/terminal/CMakeLists.txt:1"_s);
}

void badCode() {
    const QString path = u"engine/log/a.cpp"_s;
    const QString at = u"engine/log/a.cpp:1"_s;
    bad("no-wall-clock", "chrono", path, u"auto t = std::chrono::system_clock::now();"_s, at);
    bad("no-wall-clock", "time()", path, u"auto t = std::time(nullptr);"_s, at);
    bad("no-sleep", "this_thread", path, u"std::this_thread::sleep_for(1ms);"_s, at);
    bad("no-sleep", "posix", path, u"  sleep(1);"_s, at);
    bad("no-sleep", "Qt, in a test", u"tests/a.cpp"_s, u"QThread::msleep(5);"_s, u"tests/a.cpp:1"_s);
    bad("no-chance", "device", path, u"std::random_device d;"_s, at);
    bad("no-chance", "rand", path, u"int x = rand() % 3;"_s, at);
    bad("no-environment", "getenv", path, u"std::getenv(name)"_s, at);
    bad("no-threads", "thread", path, u"std::thread t;"_s, at);
    bad("no-unordered", "map", path, u"std::unordered_map<int, int> m;"_s, at);
    bad("no-process-events", "call", u"app/a.cpp"_s, u"app.processEvents();"_s, u"app/a.cpp:1"_s);
    bad("no-singletons", "call", u"core/a.cpp"_s, u"\nStore::instance().x();"_s, u"core/a.cpp:2"_s);
    bad("no-fixed-wait", "call", u"tests/a.cpp"_s, u"QTest::qWait(50);"_s, u"tests/a.cpp:1"_s);
    bad("no-skipped-tests", "skip", u"tests/a.cpp"_s, u"QSKIP(\"x\");"_s, u"tests/a.cpp:1"_s);
    bad("no-direct-output", "cout", path, u"std::cout << x;"_s, at);
    bad("no-output-past-the-streams", "cin", u"app/rows/a.cpp"_s, u"std::getline(std::cin, line);"_s,
        u"app/rows/a.cpp:1"_s);
    bad("no-output-past-the-streams", "write", u"app/terminal/a.cpp"_s, u"::write(STDOUT_FILENO, a, n);"_s,
        u"app/terminal/a.cpp:1"_s);
    bad("no-using-in-headers", "std", u"core/a.h"_s, u"\n using namespace std;"_s, u"core/a.h:2"_s);
    bad("no-mutable-static", "member", path, u"static int count = 0;"_s, at);
    bad("no-mutable-static", "inline", u"core/a.h"_s, u"inline static std::vector<int> all{};"_s, u"core/a.h:1"_s);
    bad("no-mutable-static", "thread", path, u"\n    thread_local Buffer buffer;"_s, u"engine/log/a.cpp:2"_s);
    bad("connect-with-context", "one line", u"engine/net/a.cpp"_s, u"connect(a, &A::b, [this] { f(1, 2); });"_s,
        u"engine/net/a.cpp:1"_s);
    bad("connect-with-context", "many lines", u"app/a.cpp"_s,
        u"QObject::connect(\n  a,\n  &A::b,\n  [&](int x, int y) { g(x, y); });"_s, u"app/a.cpp:1"_s);
}

void badShapes() {
    const QString body = u"void f() {\n"_s + repeated(u"    g();\n"_s, 99) + u"}\n"_s;
    bad("first-line", "code", u"core/a.h"_s, u"#pragma once\n"_s, u"core/a.h:1"_s);
    bad("first-line", "one word", u"core/a.h"_s, u"// Text.\n"_s, u"core/a.h:1"_s);
    bad("columns", "121", u"core/a.h"_s, u"\n"_s + repeated(u"x"_s, 121), u"core/a.h:2"_s);
    bad("columns", "cmake", u"core/CMakeLists.txt"_s, repeated(u"x"_s, 121), u"core/CMakeLists.txt:1"_s);
    bad("file-length", "header", u"core/a.h"_s, repeated(u"x\n"_s, 251), u"core/a.h:251"_s);
    bad("file-length", "source", u"core/a.cpp"_s, repeated(u"x\n"_s, 501), u"core/a.cpp:501"_s);
    bad("function-length", "free", u"core/a.cpp"_s, u"namespace x {\n\n"_s + body + u"}\n"_s, u"core/a.cpp:3"_s);
    bad("function-length", "member", u"core/a.h"_s, u"class A : public B {\npublic:\n"_s + body + u"};\n"_s,
        u"core/a.h:2"_s);
    bad("function-length", "default argument", u"core/a.cpp"_s,
        u"int f(int a = 3) {\n"_s + repeated(u"if (a) { g(); }\n"_s, 100) + u"}\n"_s, u"core/a.cpp:1"_s);
    bad("function-length", "constructor", u"core/a.cpp"_s,
        u"A::A() : a_{1}, b_{2} {\n"_s + repeated(u"g();\n"_s, 100) + u"}\n"_s, u"core/a.cpp:1"_s);
    bad("no-markers", "comment", u"core/a.cpp"_s,
        u"x\n// TO"
        u"DO: later\n"_s,
        u"core/a.cpp:2"_s);
    bad("no-markers", "script", u"packaging/demo"_s,
        u"# FIX"
        u"ME\n"_s,
        u"packaging/demo:1"_s);
    bad("every-source-built", "unlisted", u"core/base/a.cpp"_s, u"int x;"_s, u"core/base/a.cpp:1"_s);
    bad("every-test-runs", "unregistered", u"tests/core/tst_a.cpp"_s, u"class A {};"_s, u"tests/core/tst_a.cpp:1"_s);
}

}  // namespace

class TestRules : public QObject {
    Q_OBJECT
private slots:
    void findsTheOffence_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("place");
        badLayers();
        badCode();
        badShapes();
    }
    void findsTheOffence() {
        QFETCH(const QString, id);
        QFETCH(const QString, path);
        QFETCH(const QString, text);
        QFETCH(const QString, place);
        const auto rules = allRules();
        const Rule* rule = find(rules, id);
        QVERIFY2(rule != nullptr, "no such rule");
        const QStringList found = rule->check({makeSource(path, text)});
        QCOMPARE(found.size(), 1);
        QVERIFY2(found[0].startsWith(place + u": "_s), qPrintable(found[0]));
    }

    void letsGoodCodePass_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        const auto good = [](const char* id, const char* name, const char* path, const QString& text) {
            QTest::newRow(qPrintable(QString::fromLatin1(id) + u": "_s + QString::fromLatin1(name)))
                << QString::fromLatin1(id) << QString::fromLatin1(path) << text;
        };
        good("qt-below-app", "engine/net", "engine/net/a.h", u"#include <QTcpSocket>"_s);
        good("qt-below-app", "standard header", "core/a.h", u"#include <queue>"_s);
        good("sqlite-in-db", "core/db", "core/db/a.cpp", u"#include <sqlite3.h>"_s);
        good("network-in-net", "engine/net", "engine/net/a.cpp", u"#include <QLocalServer>"_s);
        good("gui-in-desktop", "desktop", "app/desktop/a.cpp", u"#include <QWidget>"_s);
        good("includes-from-root", "moc", "app/a.cpp", u"#include \"a.moc\""_s);
        good("engine-order", "downwards", "engine/node/a.cpp", u"#include \"engine/log/x.h\""_s);
        good("general-names-no-kind", "of a kind", "engine/systems/x/a.cpp", u"struct Table;"_s);
        good("general-names-no-kind", "on the disk", "engine/node/a.cpp", u"json[\"tables\"]; mutable int a;"_s);
        good("no-wall-clock", "comment", "engine/a.cpp", u"// not system_clock::now"_s);
        good("no-wall-clock", "net", "engine/net/a.cpp", u"std::chrono::steady_clock::now();"_s);
        good("no-wall-clock", "member", "engine/a.cpp", u"entry.time(0)"_s);
        good("no-chance", "longer word", "engine/a.cpp", u"operand(x)"_s);
        good("no-sleep", "member", "engine/a.cpp", u"timers.sleep(x)"_s);
        good("no-mutable-static", "function", "core/a.h", u"static Result<int> parse(std::string_view t) {"_s);
        good("no-mutable-static", "constant", "core/a.h", u"static constexpr int kMax = 3;"_s);
        good("no-mutable-static", "reference", "core/a.h", u"static const auto kAll = make();"_s);
        good("connect-with-context", "context", "app/a.cpp", u"connect(a, &A::b, this, [this] { f(); });"_s);
        good("connect-with-context", "other connect", "app/a.cpp", u"node.connect(a, b, c);"_s);
        good("columns", "120 wide characters", "core/a.h", repeated(u"\u00e9"_s, 120));
        good("function-length", "100 lines", "core/a.cpp", u"void f() {\n"_s + repeated(u"g();\n"_s, 98) + u"}\n"_s);
        good("function-length", "table", "core/a.cpp",
             u"const int kAll[] = {\n"_s + repeated(u"1,\n"_s, 150) + u"};\n"_s);
        good("function-length", "after a macro with braces", "core/a.h",
             u"#define A(x) \\\n    do { \\\n    } while (false)\nnamespace x {\n"_s + repeated(u"int f();\n"_s, 150) +
                 u"}\n"_s);
        good("function-length", "long class", "core/a.h",
             u"class A {\n"_s + repeated(u"int f() { return 1; }\n"_s, 150) + u"};\n"_s);
        good("no-markers", "file pattern", "core/a.cpp", u"\"/tmp/x-XXXXXX\""_s);
        good("every-test-runs", "registered", "tests/core/tst_a.cpp", u"class A {};\nTRIBUTARY_TEST(A)\n"_s);
    }
    void letsGoodCodePass() {
        QFETCH(const QString, id);
        QFETCH(const QString, path);
        QFETCH(const QString, text);
        const auto rules = allRules();
        const Rule* rule = find(rules, id);
        QVERIFY2(rule != nullptr, "no such rule");
        QCOMPARE(rule->check({makeSource(path, text)}), QStringList());
    }

    void countsSourcesOfAFolder() {
        const auto rules = allRules();
        const Rule* rule = find(rules, u"folder-readme"_s);
        QVERIFY(rule != nullptr);
        Tree tree;
        for (const auto& name : {u"a.h"_s, u"a.cpp"_s, u"b.h"_s}) tree.push_back(makeSource(u"core/x/"_s + name, {}));
        QCOMPARE(rule->check(tree), QStringList());
        tree.push_back(makeSource(u"core/x/b.cpp"_s, {}));
        QCOMPARE(rule->check(tree), QStringList{u"core/x/: 4 sources and no README.md"_s});
        tree.push_back(makeSource(u"core/x/README.md"_s, u"x"_s));
        QCOMPARE(rule->check(tree), QStringList());
    }

    void findsListedSourcesInListsAbove_data() {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("listed");
        QTest::newRow("own folder") << u"core/x/CMakeLists.txt"_s << u"lib(n SOURCES a.cpp)"_s << true;
        QTest::newRow("parent") << u"core/CMakeLists.txt"_s << u"lib(n SOURCES x/a.cpp)"_s << true;
        QTest::newRow("root") << u"CMakeLists.txt"_s << u"lib(n core/x/a.cpp)"_s << true;
        QTest::newRow("longer name") << u"core/x/CMakeLists.txt"_s << u"lib(n SOURCES extra.cpp ba.cpp)"_s << false;
        QTest::newRow("other folder") << u"core/y/CMakeLists.txt"_s << u"lib(n SOURCES a.cpp)"_s << false;
    }
    void findsListedSourcesInListsAbove() {
        QFETCH(const QString, list);
        QFETCH(const QString, text);
        QFETCH(const bool, listed);
        const auto rules = allRules();
        const Rule* rule = find(rules, u"every-source-built"_s);
        QVERIFY(rule != nullptr);
        const Tree tree{makeSource(list, text), makeSource(u"core/x/a.cpp"_s, u"int a;"_s)};
        QCOMPARE(rule->check(tree).isEmpty(), listed);
    }

    void everyRuleHasABadSnippet() {
        // Folder rules are proved above; every other rule needs a row of findsTheOffence.
        QSet<QString> proved{u"folder-readme"_s};
        const QByteArray self = QByteArrayLiteral(TRIBUTARY_SOURCE_DIR "/tests/layers/tst_rules.cpp");
        QFile file(QString::fromUtf8(self));
        QVERIFY(file.open(QIODevice::ReadOnly));
        static const auto kRow = pattern(u"^    bad\\(\"([a-z-]+)\""_s);
        const QString text = QString::fromUtf8(file.readAll());
        for (auto it = kRow.globalMatch(text); it.hasNext();) proved.insert(it.next().captured(1));
        for (const Rule& rule : allRules()) QVERIFY2(proved.contains(rule.id), qPrintable(rule.id));
    }

    void exceptionsHideOffencesAndGoStale() {
        const auto rules = allRules();
        const Rule* rule = find(rules, u"no-unordered"_s);
        QVERIFY(rule != nullptr);
        const std::vector<Exception> allowed{{u"no-unordered"_s, u"engine/a.h"_s, u"looked up, never walked"_s}};
        const auto guilty = makeSource(u"engine/a.h"_s, u"std::unordered_set<int> s;"_s);
        const auto other = makeSource(u"engine/b.h"_s, guilty.raw);
        QCOMPARE(offences(*rule, {guilty}, allowed), QStringList());
        QCOMPARE(offences(*rule, {guilty, other}, allowed).size(), 1);
        const QStringList stale = offences(*rule, {}, allowed);
        QCOMPARE(stale.size(), 1);
        QVERIFY2(stale[0].contains(u"not needed any more"), qPrintable(stale[0]));
    }

    void everyExceptionHasAReason() {
        const auto rules = allRules();
        for (const Exception& one : exceptions()) {
            QVERIFY2(find(rules, one.rule) != nullptr, qPrintable(one.rule));
            QVERIFY2(one.why.size() > 10, qPrintable(one.path));
        }
    }
};
TRIBUTARY_TEST(TestRules)
#include "tst_rules.moc"
