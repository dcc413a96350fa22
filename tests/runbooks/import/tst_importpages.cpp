// Pages, transcripts and encodings.
#include <QtTest>

#include "importworld.h"
#include "testmain.h"

using namespace tributary::test;
using tributary::runbooks::ImportedRunbook;
using tributary::runbooks::importScript;

namespace {

std::string utf16(const std::string& text, bool big, bool mark) {
    std::string out = mark ? (big ? "\xFE\xFF" : "\xFF\xFE") : "";
    for (const char c : text) {
        if (big) out += '\0';
        out += c;
        if (!big) out += '\0';
    }
    return out;
}

const std::string kLine = "maprcli table info -path /mapr/sf/t";

}  // namespace

class ImportPagesTest : public QObject {
    Q_OBJECT

private slots:
    void encodingsAreToldAndRead_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("remark");
        const auto row = [](const char* name, const std::string& bytes, const char* remark) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(remark);
        };
        row("mark", "\xEF\xBB\xBF" + kLine + "\n", "byte order mark");
        row("UTF-16, little end", utf16(kLine + "\n", false, true), "UTF-16");
        row("UTF-16, big end", utf16(kLine + "\n", true, true), "UTF-16");
        row("UTF-16, little end, no mark", utf16(kLine + "\n", false, false), "UTF-16");
        row("UTF-16, big end, no mark", utf16(kLine + "\n", true, false), "UTF-16");
        row("CR LF", kLine + "\r\n", "CR LF");
        row("no-break space", "maprcli\xC2\xA0table info -path\xE2\x80\xAF/mapr/sf/t\n",
            "a no-break space at column 8");
        row("en dash", "maprcli table info \xE2\x80\x93path /mapr/sf/t\n", "an en dash");
        row("curly quotes", "maprcli table info -path \xE2\x80\x9C/mapr/sf/t\xE2\x80\x9D\n", "a curly quote");
        row("zero-width", "maprcli table \xE2\x80\x8Binfo -path /mapr/sf/t\n", "a zero-width space");
    }
    void encodingsAreToldAndRead() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, remark);
        const ImportedRunbook result = imported(bytes.toStdString(), "page.txt");
        QCOMPARE(commandsOf(result), std::vector<std::string>{kLine});
        const bool told = std::any_of(result.notes.begin(), result.notes.end(), [&](const auto& note) {
            return note.text.find(remark.toStdString()) != std::string::npos;
        });
        QVERIFY2(told, allNotes(result.notes).c_str());
    }

    void whatIsNoTextIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("what");
        QTest::newRow("zero byte") << QByteArray("maprcli table\0x\n", 16) << QStringLiteral("zero byte");
        QTest::newRow("UTF-32") << QByteArray("\xFF\xFE\0\0m\0\0\0", 8) << QStringLiteral("UTF-32");
        QTest::newRow("half a character") << QByteArray("\xFF\xFEm", 3) << QStringLiteral("half a character");
        QTest::newRow("torn pair") << QByteArray("\xFF\xFE\x00\xD8m\0", 6) << QStringLiteral("torn at byte");
    }
    void whatIsNoTextIsRefusedByName() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, what);
        const auto result = importScript(bytes.toStdString(), "a", "a.sh");
        QVERIFY(!result.ok());
        QVERIFY2(result.error().what.find(what.toStdString()) != std::string::npos, result.error().full().c_str());
        QVERIFY(result.error().where.starts_with("a.sh"));
    }

    void promptsMakeATranscript() {
        const ImportedRunbook result = imported(
            "[mapr@node1 ~]$ SRC=/mapr/sf/t\n[mapr@node1 ~]$ maprcli table info -path $SRC\npath  tabletype\n"
            "maprcli table delete -path /mapr/sf/t\n[root@node1 ~]# maprcli table replica list \\\n>   -path "
            "/mapr/sf/t\n"
            "$ exit\nana@node2:~$ maprcli table info -path /mapr/ny/t\n# maprcli table delete -path /mapr/x/t\n",
            "notes.txt");
        QCOMPARE(result.readAs, std::string("transcript"));
        const std::vector<std::string> wanted{"maprcli table info -path /mapr/sf/t",
                                              "maprcli table replica list -path /mapr/sf/t",
                                              "maprcli table info -path /mapr/ny/t"};
        QVERIFY2(commandsOf(result) == wanted, result.text.c_str());
        QVERIFY(noted(result.unread, 4, "no prompt"));
        QVERIFY(noted(result.unread, 9, "comment"));
        QVERIFY(noted(result.notes, 5, "root@node1"));
    }

    void whatWasTypedAtAConsoleIsAStep() {
        const ImportedRunbook result = imported(
            "$ tt start master_master\n   * Starting an instance [master_master:instance001]...\n"
            "$ tt connect master_master:instance001\n   * Connected to master_master:instance001\n"
            "master_master:instance001> box.space.bands:insert { 5, 'Pink Floyd', 1965 }\n---\n"
            "- [5, 'Pink Floyd', 1965]\n...\nmaster_master:instance001> require('config'):reload()\n---\n...\n"
            "master_master:instance001> os.exit()\n",
            "notes.txt");
        QCOMPARE(result.readAs, std::string("transcript"));
        const std::vector<std::string> wanted{"tt start master_master", "human",
                                              "box master_master:instance001 \"require('config'):reload()\""};
        QVERIFY2(commandsOf(result) == wanted, result.text.c_str());
        QVERIFY(result.text.find("box.space.bands:insert { 5, 'Pink Floyd', 1965 }") != std::string::npos);
        QVERIFY2(noted(result.unread, 12, "os.exit"), allNotes(result.unread).c_str());
        QVERIFY2(!noted(result.unread, 3, "connect"), allNotes(result.unread).c_str());
    }

    /// In a transcript, after one line with a prompt that is known: a step, or listed with a reason.
    void promptsOfManyShells_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("isStep");
        const auto row = [](const char* prompt, bool isStep) {
            QTest::newRow(prompt) << QString::fromUtf8(prompt) + QStringLiteral("maprcli table info -path /mapr/ny/t")
                                  << isStep;
        };
        row("[mapr@node1 ~]$ ", true);
        row("[mapr@node1 ~]$", true);
        row("mapr@node1:/opt$ ", true);
        row("mapr@node1:/opt> ", true);
        row("mapr@node1:~% ", true);
        row("bash-4.2$ ", true);
        row("sh-5.1# ", true);
        row("$ ", true);
        row("(base) [mapr@node1 ~]$ ", true);
        row("(venv) bash-4.2$ ", true);
        row("10:31:02 [mapr@node1 ~]$ ", true);
        row("[10:31:02] mapr@node1:~$ ", true);
        row("% ", false);
        row("node1 # ", false);
        row("node1:~ mapr$ ", false);
        row("\xe2\x9e\x9c  ~ ", false);
        row("+ ", false);
        row("# ", false);
        row("", false);
    }
    void promptsOfManyShells() {
        QFETCH(QString, line);
        QFETCH(bool, isStep);
        const ImportedRunbook result =
            imported("[mapr@node1 ~]$ maprcli table info -path /mapr/sf/t\n" + line.toStdString() + "\n", "notes.txt");
        QCOMPARE(result.readAs, std::string("transcript"));
        std::vector<std::string> wanted{"maprcli table info -path /mapr/sf/t"};
        if (isStep) wanted.emplace_back("maprcli table info -path /mapr/ny/t");
        QVERIFY2(commandsOf(result) == wanted, result.text.c_str());
        QCOMPARE(noted(result.unread, 2, "maprcli table info"), !isStep);
    }

    void typedCommandsOfOtherProgramsAreListed() {
        const ImportedRunbook result = imported(
            "$ maprcli table info -path /mapr/sf/t\n$ cd /opt\n$ rm -rf /mapr/sf/t\n$ hadoop fs -rm -r /mapr/sf/x\n",
            "notes.txt");
        QVERIFY2(noted(result.unread, 3, "is no command of the dialect"), allNotes(result.unread).c_str());
        QVERIFY(noted(result.unread, 4, "is no command of the dialect"));
        QCOMPARE(result.unread.size(), std::size_t{2});
    }

    void aCommentIsNoCommand() {
        const ImportedRunbook result =
            imported("# maprcli table delete -path /mapr/sf/t\nmaprcli table info -path /mapr/sf/t\n", "page.txt");
        QCOMPARE(commandsOf(result), std::vector<std::string>{kLine});
        QVERIFY2(result.unread.empty(), allNotes(result.unread).c_str());
        const auto alone = importScript("# maprcli table delete -path /mapr/sf/t\n", "a", "a.txt");
        QVERIFY(!alone.ok());
        QVERIFY2(alone.error().what.find("root's prompt") != std::string::npos, alone.error().full().c_str());
    }

    void proseIsPassedOverAndItsCodeIsNot() {
        const ImportedRunbook result = imported(
            "Look at the table with the maprcli table info command, for example:\n"
            "  maprcli table info -path /mapr/sf/t\n"
            "If it is there, set the variable and go on; if not, don't:\n"
            "  T=/mapr/ny/t\n  maprcli table info -path $T\n"
            "- or run `maprcli table delete -path /mapr/ny/t` by hand\n"
            "  if [ -e x ]; then\n    maprcli table delete -path /mapr/sf/t\n  fi\n"
            "  exit\n  maprcli table delete -path /mapr/sg/t\n",
            "page.txt");
        QCOMPARE(result.readAs, std::string("page"));
        QVERIFY2(commandsOf(result) == (std::vector<std::string>{kLine, "maprcli table info -path /mapr/ny/t"}),
                 result.text.c_str());
        QVERIFY(noted(result.unread, 6, "within a sentence"));
        QVERIFY(noted(result.unread, 8, "`if` at line 7"));
        QVERIFY(noted(result.unread, 11, "`exit` at line 10"));
        QCOMPARE(result.unread.size(), std::size_t(3));
    }

    void markdownFencesAreCodeOfTheirLanguage() {
        const ImportedRunbook result = imported(
            "# Set up\n\nRun this:\n\n```bash\nC=sf\nmaprcli table info -path /mapr/$C/t\n```\n\nIt prints:\n\n"
            "```json\n{\"a\": 1}\nmaprcli table delete -path /mapr/sf/t\n```\n\n```\n$ maprcli table info -path "
            "/mapr/ny/t\nmaprcli\n```\n",
            "README.md");
        QVERIFY2(commandsOf(result) == (std::vector<std::string>{kLine, "maprcli table info -path /mapr/ny/t"}),
                 result.text.c_str());
        QVERIFY(noted(result.unread, 14, "block of `json`"));
    }

    void aScriptWithoutAMarkIsReadAsOne_data() {
        QTest::addColumn<QString>("script");  // X is a command that no shell would run just so, I one that runs
        const auto row = [](const char* name, const char* script) { QTest::newRow(name) << QString::fromUtf8(script); };
        row("here-document", "cat > f <<EOF\nX\nEOF\nI");
        row("here-document with tabs", "cat <<-'THE END'\n\tX\n\tTHE END\nI");
        row("two here-documents", "cat <<A <<B\nX\nA\nX\nB\nI");
        row("here-document to a program of the site", "site-tool <<EOF\nX\nEOF\nI");
        row("loop behind a pipe", "site-hosts | while read h; do\n  X\ndone\nI");
        row("group behind a condition", "grep -q x f && {\n  X\n}\nI");
        row("read on behind a backslash", "site-tool && \\\n  X\nI");
        row("quote over lines", "site-tool\ncat f\necho \"never:\nX\n\"\nI");
        row("quote as a comment", ": '\nX\n'\nI");
        row("behind what fails", "set -e\nI\nfalse\nX");
        row("behind what takes the shell's place", "I\nexec bash other.sh\nX");
    }
    void aScriptWithoutAMarkIsReadAsOne() {
        QFETCH(QString, script);
        const QString line = QLatin1String(kLine);
        const std::string delete_ = "maprcli table delete -path /mapr/sf/t";
        const auto text = [&](const QString& with) {
            QString out = with;
            return out.replace(u'X', QString::fromStdString(delete_)).replace(u'I', line).toStdString() + "\n";
        };
        for (const QString& around : {QStringLiteral("%1"), QStringLiteral("Do it so:\n\n%1\n\nThat's all.\n")}) {
            // Between sentences a program of no structure is passed over, with what it decides.
            if (around.size() > 2 && (script.contains(u"false") || script.contains(u"exec"))) continue;
            const ImportedRunbook result = imported(text(around.arg(script)), "setup.txt");
            QVERIFY2(commandsOf(result) == std::vector<std::string>{kLine}, result.text.c_str());
        }
    }

    void whatDecidesIsAskedInAPageToo() {
        for (const char* guard : {"grep -q x f || exit 1", "[ -f /etc/x ] || exit 1", "site-tool || exit 1"}) {
            const ImportedRunbook result = imported(std::string(guard) + "\n" + kLine + "\n", "setup.txt");
            QVERIFY2(commandsOf(result) == (std::vector<std::string>{"human", kLine}), result.text.c_str());
        }
        const ImportedRunbook called =
            imported("f() { T=/mapr/ny/t; }\nT=/mapr/sf/t\nf\nmaprcli table info -path $T\nThen look.\n", "setup.txt");
        QVERIFY2(commandsOf(called) == std::vector<std::string>{"maprcli table info -path /mapr/ny/t"},
                 called.text.c_str());
    }

    void remarksAndMarkupAreNoCommands() {
        const ImportedRunbook result =
            imported(std::string("<!-- not yet:\nmaprcli table delete -path /mapr/sf/t\n-->\n"
                                 "<pre>maprcli table delete -path /mapr/sf/t</pre>\n~~maprcli table delete -path "
                                 "/mapr/sf/t~~\nBut:\n") +
                         kLine + "\n",
                     "page.txt");
        QVERIFY2(commandsOf(result) == std::vector<std::string>{kLine}, result.text.c_str());
        QVERIFY2(noted(result.unread, 2, "in the comment at line 1"), allNotes(result.unread).c_str());
        QVERIFY2(noted(result.unread, 4, "within a sentence"), allNotes(result.unread).c_str());
        QVERIFY2(noted(result.unread, 5, "within a sentence"), allNotes(result.unread).c_str());
    }

    void aStructureThatIsNotWholeMakesNoSteps() {
        const ImportedRunbook result =
            imported("maprcli table info -path /mapr/sf/t\nif [ -e x ]; then\nmaprcli table delete -path /mapr/sf/t\n",
                     "page.txt");
        QCOMPARE(commandsOf(result), std::vector<std::string>{kLine});
        QVERIFY2(noted(result.unread, 3, "not whole"), allNotes(result.unread).c_str());
    }

    void aLaterCommandIsNoExampleOfAScriptsVariable() {
        const ImportedRunbook result =
            imported("T=/mapr/sf/t\nmaprcli table info -path $T\nmaprcli table info -path /mapr/ny/t\n", "page.txt");
        QCOMPARE(result.commands, std::size_t(2));
    }
};
TRIBUTARY_TEST(ImportPagesTest)
#include "tst_importpages.moc"
