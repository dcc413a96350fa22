// Comments and literals are blanked, lines and lengths stay.
#include "sourcetree.h"

#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::layers;

class TestSourceTree : public QObject {
    Q_OBJECT
private slots:
    void blanksWhatIsNotCode_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::newRow("line comment") << u"a; // rand()\nb;"_s << u"a;          \nb;"_s;
        QTest::newRow("block comment") << u"a /* x\ny */ b"_s << u"a     \n     b"_s;
        QTest::newRow("string") << u"f(\"a // b\");"_s << u"f(\"      \");"_s;
        QTest::newRow("escaped quote") << u"f(\"\\\"x\", y)"_s << u"f(\"   \", y)"_s;
        QTest::newRow("character") << u"f('{', u'\\'')"_s << u"f(' ', u'  ')"_s;
        QTest::newRow("digit separator") << u"x = 1'000 + y'"_s << u"x = 1'000 + y'"_s;
        QTest::newRow("hex separator") << u"x = 0xff'ff; y"_s << u"x = 0xff'ff; y"_s;
        QTest::newRow("raw string") << u"R\"(a \" { )\" + b"_s << u"R\"        \" + b"_s;
        QTest::newRow("raw string, own end") << u"R\"x(a )\" )x\" + b"_s << u"R\"         \" + b"_s;
        QTest::newRow("raw string, lines") << u"R\"(a\nb)\"; c"_s << u"R\"  \n  \"; c"_s;
        QTest::newRow("open comment") << u"a /* b"_s << u"a     "_s;
    }
    void blanksWhatIsNotCode() {
        QFETCH(const QString, text);
        QFETCH(const QString, code);
        QCOMPARE(blankCommentsAndLiterals(text), code);
    }

    void namesPlaces() {
        const auto file = makeSource(u"core/base/a.h"_s, u"one\ntwo\nthree\n"_s);
        QCOMPARE(file.placeOf(0), u"core/base/a.h:1"_s);
        QCOMPARE(file.placeOf(file.raw.indexOf(u"three")), u"core/base/a.h:3"_s);
        QCOMPARE(file.folder(), u"core/base"_s);
        QCOMPARE(file.name(), u"a.h"_s);
    }

    void refusesAFolderThatIsNotTheRepository() { QVERIFY(!readTree(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests"))); }

    void readsSourcesAndScriptsOnly() {
        const auto tree = readTree(QStringLiteral(TRIBUTARY_SOURCE_DIR));
        QVERIFY(tree.has_value());
        QStringList paths;
        for (const SourceFile& file : *tree) paths << file.path;
        QVERIFY(paths.contains(u"core/base/result.h"));
        QVERIFY(paths.contains(u"packaging/test"));
        QVERIFY(paths.contains(u"tests/layers/tst_sourcetree.cpp"));
        QVERIFY(paths.filter(u"build/"_s).isEmpty());
    }
};
TRIBUTARY_TEST(TestSourceTree)
#include "tst_sourcetree.moc"
