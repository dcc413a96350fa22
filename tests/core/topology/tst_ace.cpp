// Access control expressions: syntax, truth tables, printing.
#include "core/topology/ace.h"

#include "testmain.h"

using namespace tributary;

class TestAce : public QObject {
    Q_OBJECT
private slots:
    void evaluatesAsDocumented_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("user");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char* name, const char* text, const char* user, bool allowed) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(user) << allowed;
        };
        row("empty denies all", "", "ana", false);
        row("blank denies all", "  ", "ana", false);
        row("public", "p", "anybody", true);
        row("not public", "!p", "ana", false);
        row("the user", "u:ana", "ana", true);
        row("another user", "u:ana", "ben", false);
        row("user prefix is another user", "u:ana", "an", false);
        row("or, left", "u:ana | u:ben", "ana", true);
        row("or, right", "u:ana|u:ben", "ben", true);
        row("or, neither", "u:ana|u:ben", "eve", false);
        row("and, both", "u:ana & g:ops", "ana", true);
        row("and, one", "u:ben & g:ops", "ben", false);
        row("role", "r:auditor", "ben", true);
        row("not user", "!u:ana", "ben", true);
        row("not user, itself", "!u:ana", "ana", false);
        row("double not", "!!u:ana", "ana", true);
        row("and binds tighter than or", "u:ben | u:ana & g:nobody", "ben", true);
        row("parentheses change it", "(u:ben | u:ana) & g:nobody", "ben", false);
        row("not binds tightest", "!u:ana & u:ben", "ben", true);
        row("not of a group", "!(u:ana | u:ben)", "eve", true);
        row("mapr is no superuser", "u:ana", "mapr", false);
    }
    void evaluatesAsDocumented() {
        QFETCH(QString, text);
        QFETCH(QString, user);
        const Result<Ace> ace = parseAce(text.toStdString());
        QVERIFY_OK(ace);
        // ana is in ops; ben holds the role auditor.
        const std::vector<std::string> groups =
            user == QStringLiteral("ana") ? std::vector<std::string>{"ops"} : std::vector<std::string>{};
        const std::vector<std::string> roles =
            user == QStringLiteral("ben") ? std::vector<std::string>{"auditor"} : std::vector<std::string>{};
        QTEST(evaluate(*ace, user.toStdString(), groups, roles), "allowed");
    }

    void refusesWrongSyntax_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("fix");
        const auto row = [](const char* text, const char* fix) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(fix);
        };
        row("u:mapr,u:admin", "u:mapr | u:admin");
        row("mapr", "u:mapr");
        row("u:", "");
        row("x:ana", "");
        row("u:ana |", "");
        row("| u:ana", "");
        row("u:ana u:ben", "");
        row("(u:ana", "");
        row("u:ana)", "");
        row("()", "");
        row("!", "");
        row("u:ana && u:ben", "");
    }
    void refusesWrongSyntax() {
        QFETCH(QString, text);
        QFETCH(QString, fix);
        const Result<Ace> ace = parseAce(text.toStdString());
        QVERIFY(!ace.ok());
        QCOMPARE(ace.error().code, ErrorCode::InvalidInput);
        QVERIFY(ace.error().what.find("character") != std::string::npos);
        if (text.contains(QLatin1Char(',')) || text == QStringLiteral("mapr")) {
            QCOMPARE(QString::fromStdString(ace.error().fix), fix);
        }
    }

    void printsNormalisedTextThatReadsBackEqual_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("normal");
        const auto row = [](const char* text, const char* normal) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(normal);
        };
        row("u:root|u:mapr", "u:root | u:mapr");
        row(" ( u:root )|g:ops&!p ", "u:root | g:ops & !p");
        row("(u:a|u:b)&u:c", "(u:a | u:b) & u:c");
        row("!(u:a|u:b)", "!(u:a | u:b)");
        row("u:a|(u:b|u:c)", "u:a | (u:b | u:c)");
        row("u:a&(u:b&u:c)", "u:a & (u:b & u:c)");
        row("!!p", "!!p");
        row("", "");
    }
    void printsNormalisedTextThatReadsBackEqual() {
        QFETCH(QString, text);
        const Result<Ace> ace = parseAce(text.toStdString());
        QVERIFY_OK(ace);
        QTEST(QString::fromStdString(ace->text()), "normal");
        const Result<Ace> again = parseAce(ace->text());
        QVERIFY_OK(again);
        QVERIFY(*again == *ace);
    }

    void namesWhatItMentions() {
        const Result<Ace> ace = parseAce("u:ben | u:ana & g:ops | !u:ana | r:auditor");
        QVERIFY_OK(ace);
        QCOMPARE(ace->users(), (std::vector<std::string>{"ana", "ben"}));
        QCOMPARE(ace->groups(), std::vector<std::string>{"ops"});
        QCOMPARE(ace->roles(), std::vector<std::string>{"auditor"});
    }

    void boundsDepthAndLength() {
        QVERIFY(!parseAce(std::string(200, '(') + "p" + std::string(200, ')')).ok());
        QVERIFY(!parseAce(std::string(200, '!') + "p").ok());
        std::string wide = "p";
        for (int i = 0; i < 2000; ++i) wide += "|p";
        const Result<Ace> ace = parseAce(wide);
        QVERIFY_OK(ace);
        QVERIFY(evaluate(*ace, "ana"));
        QVERIFY(!parseAce(wide + wide + wide).ok());
    }
};
TRIBUTARY_TEST(TestAce)
#include "tst_ace.moc"
