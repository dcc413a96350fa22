// Tables and wrapped text.
#include <QTest>

#include "app/terminal/terminal.h"
#include "app/terminal/terminalhelp.h"
#include "app/terminal/texttable.h"
#include "testmain.h"

using namespace tributary::app;

class VerbsTextTest : public QObject {
    Q_OBJECT

private slots:
    void alignsColumnsByCharacters() {
        TextTable table({"NAME", "ROWS"});
        table.alignRight(1);
        table.add({"ä", "1"});
        table.add({"bcdef", "1,000"});
        QCOMPARE(table.text(), std::string("NAME    ROWS\nä          1\nbcdef  1,000\n"));
    }

    void cellsMayHaveSeveralLines() {
        TextTable table({"LINK", "STATE"});
        table.add({"/mapr/a/t\n  -> /mapr/b/t", "paused"});
        QCOMPARE(table.text(), std::string("LINK            STATE\n/mapr/a/t       paused\n  -> /mapr/b/t\n"));
    }

    void shortensTheWidestColumnToFit() {
        TextTable table({"PATH", "STATE"});
        table.add({"/mapr/sanfrancisco/customers/of/the/west", "ok"});
        QCOMPARE(table.text(30), std::string("PATH                     STATE\n/mapr/sanf...f/the/west  ok\n"));
        QCOMPARE(table.text(), "PATH" + std::string(38, ' ') + "STATE\n/mapr/sanfrancisco/customers/of/the/west  ok\n");
    }

    void wrapsAtBlanksAndKeepsTheIndent_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("columns");
        QTest::addColumn<QString>("expected");
        QTest::newRow("fits") << "one two" << 7 << "one two";
        QTest::newRow("breaks") << "one two" << 6 << "one\n    two";
        QTest::newRow("indent stays") << "  one two" << 9 << "  one two";
        QTest::newRow("long word") << "one incomprehensible two" << 8 << "one\n    incomprehensible\n    two";
        QTest::newRow("nothing") << "" << 8 << "";
    }
    void wrapsAtBlanksAndKeepsTheIndent() {
        QFETCH(QString, text);
        QFETCH(int, columns);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(wrapped(text.toStdString(), columns, 4)), expected);
    }

    void rawVerbsKeepTheirOwnWords_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QStringList>("left");
        QTest::addColumn<QString>("dir");
        QTest::addColumn<QString>("user");
        const auto row = [](const char* name, const QString& words, const QString& left, const QString& dir,
                            const QString& user) {
            QTest::newRow(name) << words.split(u' ', Qt::SkipEmptyParts) << left.split(u' ', Qt::SkipEmptyParts) << dir
                                << user;
        };
        row("start", QStringLiteral("-w d table info"), QStringLiteral("table info"), QStringLiteral("d"), {});
        row("end", QStringLiteral("table info --as ana -w d"), QStringLiteral("table info"), QStringLiteral("d"),
            QStringLiteral("ana"));
        row("equals", QStringLiteral("table info --workspace=d"), QStringLiteral("table info"), QStringLiteral("d"),
            {});
        row("middle stays", QStringLiteral("table -w d info"), QStringLiteral("table -w d info"), {}, {});
        row("value of an option", QStringLiteral("x -path a=b"), QStringLiteral("x -path a=b"), {}, {});
        row("guarded", QStringLiteral("-- table info -w d"), QStringLiteral("table info -w d"), {}, {});
        row("alone", QStringLiteral("-w"), QStringLiteral("-w"), {}, {});
    }
    void rawVerbsKeepTheirOwnWords() {
        QFETCH(QStringList, words);
        QFETCH(QStringList, left);
        QFETCH(QString, dir);
        QFETCH(QString, user);
        std::vector<std::string> plain;
        for (const QString& word : words) plain.push_back(word.toStdString());
        VerbContext context;
        takeRawGlobals(plain, context);
        QStringList now;
        for (const std::string& word : plain) now.push_back(QString::fromStdString(word));
        QCOMPARE(now, left);
        QCOMPARE(QString::fromStdString(context.workspaceDir), dir);
        QCOMPARE(QString::fromStdString(context.user), user);
    }
};

TRIBUTARY_TEST(VerbsTextTest)
#include "tst_verbstext.moc"
