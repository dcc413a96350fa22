// Syntax of access control expressions.
#include "core/operations/ace.h"

#include "testmain.h"

using namespace tributary;

class TestAce : public QObject {
    Q_OBJECT
private slots:
    void showsAsTheSystemDoes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("empty denies all") << "  "
                                          << "";
        QTest::newRow("everybody") << "p"
                                   << "p";
        QTest::newRow("or") << "u:root|u:mapr"
                            << "u:root | u:mapr";
        QTest::newRow("nested") << "(u:a|g:b)&!r:c"
                                << "(u:a | g:b) & !r:c";
        QTest::newRow("already canonical") << "!(p & u:a) | g:x"
                                           << "!(p & u:a) | g:x";
        QTest::newRow("odd names") << "u:ana.b-c@x"
                                   << "u:ana.b-c@x";
    }
    void showsAsTheSystemDoes() {
        QFETCH(QString, text);
        const auto shown = canonicalAce(text.toStdString());
        QVERIFY_OK(shown);
        QTEST(QString::fromStdString(shown.value()), "shown");
        QCOMPARE(canonicalAce(shown.value()).value(), shown.value());
    }
    void refusesWithColumn_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("comma") << "u:mapr,u:admin"
                               << "column 7: a comma";
        QTest::newRow("no kind") << "ana"
                                 << "column 1: 'ana' is none of";
        QTest::newRow("no name") << "u:"
                                 << "column 1: 'u:' has no name";
        QTest::newRow("dangling or") << "u:a |"
                                     << "column 6: ends";
        QTest::newRow("two in a row") << "u:a u:b"
                                      << "column 5: unexpected";
        QTest::newRow("open parenthesis") << "(u:a"
                                          << "column 5: a closing parenthesis";
        QTest::newRow("closing only") << "u:a)"
                                      << "column 4: unexpected ')'";
        QTest::newRow("empty group") << "()"
                                     << "column 2: unexpected ')'";
    }
    void refusesWithColumn() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto shown = canonicalAce(text.toStdString());
        QVERIFY(!shown.ok());
        QVERIFY2(shown.error().what.find(says.toStdString()) != std::string::npos, shown.error().what.c_str());
    }
    void boundsNesting() {
        QVERIFY(!canonicalAce(std::string(100'000, '(')).ok());
        QVERIFY(!canonicalAce(std::string(100'000, '!') + "p").ok());
        QVERIFY_OK(canonicalAce(std::string(20, '(') + "p" + std::string(20, ')')));
    }
};
TRIBUTARY_TEST(TestAce)
#include "tst_ace.moc"
