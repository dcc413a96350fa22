// Scripts as a shell would have run them: what is carried, with which words, and what is listed.
#include <QtTest>

#include "importworld.h"
#include "testmain.h"

using namespace tributary::test;
using tributary::runbooks::ImportedRunbook;
using tributary::runbooks::importScript;

namespace {

const char* const kTableInfo = "maprcli table info -path ";

/// "sf ny" -> the two commands that look at /mapr/sf/t and /mapr/ny/t.
std::vector<std::string> looks(const QString& names) {
    std::vector<std::string> lines;
    for (const QString& name : names.split(u' ', Qt::SkipEmptyParts)) {
        const bool word = name == QStringLiteral("human") || name == QStringLiteral("wait");
        lines.push_back(word ? name.toStdString() : kTableInfo + ("/mapr/" + name.toStdString() + "/t"));
    }
    return lines;
}

}  // namespace

class ImportShellTest : public QObject {
    Q_OBJECT

private slots:
    void commandsAreCarriedAsTheShellRunsThem_data() {
        QTest::addColumn<QString>("script");  // I is `maprcli table info -path`
        QTest::addColumn<QString>("steps");
        const auto row = [](const char* name, const char* script, const char* steps) {
            QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(steps);
        };
        row("order", "I /mapr/b/t\nI /mapr/a/t; I /mapr/c/t", "b a c");
        row("value that holds there", "C=sf\nI /mapr/$C/t\nC=ny\nI /mapr/$C/t", "sf ny");
        row("value in a value", "A=/mapr/sf\nI $A/t\nB=\"${A}x\"\nI ${B}/t", "sf sfx");
        row("one of many uses", "T=/mapr/sf/t\nI $T\nI \"${T}\"", "sf sf");
        row("quotes", "I '/mapr/'\"sf\"\\/t", "sf");
        row("single quotes hide", "C=sf\nI '/mapr/'$C'/t'", "sf");
        row("ansi quotes", "I $'/mapr/\\x73f/t'", "sf");
        row("continuation", "maprcli table \\\n  info -path \\\n  /mapr/sf/t", "sf");
        row("continuation within a word", "I /mapr/s\\\nf/t", "sf");
        row("comment", "# I /mapr/no/t\nI /mapr/sf/t # I /mapr/no/t", "sf");
        row("default of a known value", "A=sf\nI /mapr/${A:-ny}/t\nE=\nI /mapr/${E:-ny}/t", "sf ny");
        row("prefix and suffix", "P=/mapr/sf/x.bak\nI ${P%/*}/t\nQ=x/mapr/ny/t\nI ${Q#x}", "sf ny");
        row("unset is empty", "A=x\nunset A\nI /mapr/s${A}f/t", "sf");
        row("append", "A=/mapr/s\nA+=f/t\nI $A", "sf");
        row("split words", "A='-path /mapr/sf/t'\nmaprcli table info $A", "sf");
        row("command in a variable", "M='maprcli table'\n$M info -path /mapr/sf/t", "sf");
        row("by path", "/opt/mapr/bin/maprcli table info -path /mapr/sf/t", "sf");
        row("prefixes", "time nohup nice -n 5 command I /mapr/sf/t", "sf");
        row("and", "I /mapr/a/t && I /mapr/b/t", "a b");
        row("always", "true && I /mapr/a/t; false || I /mapr/b/t", "a b");
        row("failure that ends", "I /mapr/a/t || exit 1\nI /mapr/b/t || { echo no; exit 2; }", "a b");
        row("for over words", "for c in sf ny; do I /mapr/$c/t; done", "sf ny");
        row("for over a value", "L='sf ny'\nfor c in $L; do\n I /mapr/$c/t\ndone\nI /mapr/$c/t", "sf ny ny");
        row("for over an array", "L=(sf ny)\nfor c in \"${L[@]}\"; do I /mapr/$c/t; done", "sf ny");
        row("break and continue", "for c in a b c; do continue; I /mapr/$c/t; done\nI /mapr/d/t", "d");
        row("function", "f() { I /mapr/$1/t; }\nf sf\nf ny", "sf ny");
        row("function with a local", "C=sf\nf() { local C=ny; I /mapr/$C/t; }\nf\nI /mapr/$C/t", "ny sf");
        row("return", "f() { I /mapr/a/t; return 0; I /mapr/b/t; }\nf\nI /mapr/c/t", "a c");
        row("group and subshell", "{ I /mapr/a/t; }\nC=x\n( C=b; I /mapr/$C/t )\nI /mapr/$C/t", "a b x");
        row("subshell that exits", "( exit 1 )\nI /mapr/a/t", "a");
        row("pipe", "I /mapr/a/t | grep path\nI /mapr/b/t 2>&1 | tee log", "a b");
        row("output elsewhere", "I /mapr/a/t >/dev/null 2>&1\nI /mapr/b/t > out.txt", "a b");
        row("exec", "exec I /mapr/a/t\nI /mapr/b/t", "a");
        row("a guard asks a person", "[ -d /opt/mapr ] || exit 1\nI /mapr/a/t", "human a");
        row("a guard with if", "if [ $# -lt 1 ]; then echo usage; exit 1; fi\nI /mapr/a/t", "human a");
        row("a failing command ends", "if ! I /mapr/a/t; then echo no; exit 1; fi\nI /mapr/b/t", "a b");
        row("set -e asks a person", "set -e\nI /mapr/a/t\ntest -e x\ncd y\nI /mapr/b/t\ncd z", "a human b");
        row("sleep", "I /mapr/a/t\nsleep 2m\nI /mapr/b/t", "a wait b");
        row("set gives parameters", "set -- sf ny\nI /mapr/$2/t\nshift\nI /mapr/$1/t", "ny ny");
    }
    void commandsAreCarriedAsTheShellRunsThem() {
        QFETCH(QString, script);
        QFETCH(QString, steps);
        const std::string text =
            "#!/bin/bash\n" + script.replace(QStringLiteral("I "), QLatin1String(kTableInfo)).toStdString() + "\n";
        const ImportedRunbook result = imported(text);
        const std::vector<std::string> found = commandsOf(result);
        QVERIFY2(found == looks(steps), (result.text + allNotes(result.unread)).c_str());
    }

    void whatIsNotSureIsListed_data() {
        QTest::addColumn<QString>("script");  // the command of line 3 must be listed, and be no step
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* script, const char* reason) {
            QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(reason);
        };
        row("another user", "\nsudo -u mapr X", "user mapr");
        row("root", "\nsudo X", "user root");
        row("elsewhere", "\nssh node2 X", "elsewhere");
        row("elsewhere, quoted", "\nssh node2 'X'", "elsewhere");
        row("in a container", "\nkubectl exec -it pod -- X", "elsewhere");
        row("if", "if [ -e /tmp/x ]; then\n X\nfi", "`if` at line 2");
        row("else", "if [ -e /tmp/x ]; then :; else\n X\nfi", "`if` at line 2");
        row("condition", "if [ -e x ]; then :; elif\n X; then :; fi", "`if` at line 2");
        row("while", "while true; do\n X\ndone", "`while` at line 2");
        row("case", "case $1 in a)\n X;; esac", "`case` at line 2");
        row("for over what is not known", "for c in $(ls); do\n X\ndone", "output of a command");
        row("and", "\n[ -e /tmp/x ] && X", "succeeds");
        row("or", "\nmaprcli table info -path /mapr/b/t || X", "fails");
        row("never", "\nfalse && X", "never runs");
        row("background", "\nX &", "background");
        row("here-document", "cat <<EOF\nX\nEOF", "here-document");
        row("here-document to a shell", "bash <<'EOF'\nX\nEOF", "here-document");
        row("behind exit", "exit 0\nX", "behind the `exit` at line 2");
        row("behind a possible exit", "if [ -e x ]; then exit 0; fi\nX", "may end");
        row("function that nobody calls", "f() {\n X\n}", "never called");
        row("function that may be called", "f() {\n X\n}\nif [ -e x ]; then f; fi", "`if` at line 5");
        row("alias", "alias m='maprcli'\nm table delete -path /mapr/a/t", "alias");
        row("output as a value", "\nA=$(X)", "becomes a value");
        row("backticks", "\nA=`X`", "becomes a value");
        row("eval", "\neval \"X\"", "another shell");
        row("sh -c", "\nsh -c 'X'", "another shell");
        row("xargs", "\necho a | xargs X", "runs what it reads");
        row("pipe to a shell", "\necho X | bash", "runs what it reads");
        row("environment", "\nenv A=b X", "environment");
        row("environment before it", "\nMAPR_TICKETFILE_LOCATION=/x X", "environment");
        row("trap", "\ntrap 'X' EXIT", "later or never");
        row("negated", "\n! X", "`!`");
        row("not a known value", "\nmaprcli table delete -path $T", "`$T`");
        row("what is asked", "read T\nmaprcli table delete -path $T", "`read` assigns it");
        row("what an if assigns", "if [ -e x ]; then T=/mapr/a/t; fi\nmaprcli table delete -path $T", "`if` at line 2");
        row("what a file assigns", ". ./env.sh\nmaprcli table delete -path $T", "may assign it");
        row("output in a value", "T=$(cat t)\nmaprcli table delete -path $T", "output of a command");
        row("parameter of the script", "\nmaprcli table delete -path $1", "called with");
        row("file names", "\nmaprcli table delete -path /mapr/a/*", "file names");
        row("home", "\nmaprcli table delete -path ~/t", "home");
        row("two at once", "\nX | X", "same time");
        row("no-break space", "\nmaprcli\xC2\xA0table delete -path /mapr/a/t", "no command of this name");
        row("en dash", "\nmaprcli table delete \xE2\x80\x93path /mapr/a/t", "dash");
        row("not UTF-8", "\nmaprcli table delete -path /mapr/a/t\xC2", "not UTF-8");
        row("relative path", "\nmaprcli table delete -path a/t", "leading slash");
        row("unclosed", "\nmaprcli table delete -path '/mapr/a/t", "never closed");
        row("glued by a backslash", "\nmaprcli table delete -path\\\n/mapr/a/t", "one word");
        row("HBase shell", "\nhbase shell <<EOF\nput\nEOF", "HBase shell");
    }
    void whatIsNotSureIsListed() {
        QFETCH(QString, script);
        QFETCH(QString, reason);
        QByteArray text =
            "maprcli table info -path /mapr/first/t\n" + (QTest::currentDataTag() == QByteArray("not UTF-8")
                                                              ? QByteArray("\nmaprcli table delete -path /mapr/a/t\xC3")
                                                              : script.toUtf8());
        text.replace("X", "maprcli table delete -path /mapr/a/t");
        const ImportedRunbook result = imported(text.toStdString() + "\n");
        for (const std::string& line : commandsOf(result)) {
            QVERIFY2(line.find("delete") == std::string::npos, (line + "\n" + result.text).c_str());
        }
        QVERIFY2(noted(result.unread, 3, reason.toStdString()), allNotes(result.unread).c_str());
        QVERIFY2(result.text.find("# Not read") != std::string::npos, result.text.c_str());
        for (const auto& unread : result.unread) {
            const bool hint = unread.text.find("leading slash") != std::string::npos;
            QVERIFY2(!hint || reason == QStringLiteral("leading slash"), unread.text.c_str());
        }
    }

    void theScriptsOwnTimeoutAndFailuresAreKept() {
        const ImportedRunbook result =
            imported("timeout 90 maprcli table info -path /mapr/a/t\nmaprcli table info -path /mapr/b/t || true\n");
        const auto book = renderedBook(result);
        QCOMPARE(book.steps[0].timeoutMs, tributary::Millis(90'000));
        QVERIFY(book.steps[1].onFailure == tributary::runbooks::OnFailure::Continue);
    }

    void aVariableWithTwoValuesIsNoParameter() {
        const ImportedRunbook result = imported(
            "T=/mapr/a/t\nmaprcli table info -path $T\nT=/mapr/b/t\n"
            "maprcli table info -path $T\n");
        QVERIFY(result.text.find("parameters:") == std::string::npos);
        const ImportedRunbook partly =
            imported("T=/mapr/a/t\nmaprcli table info -path $T\nmaprcli table info -path ${T}_bak\n");
        QVERIFY(partly.text.find("parameters:") == std::string::npos);
        QCOMPARE(commandsOf(partly).back(), std::string("maprcli table info -path /mapr/a/t_bak"));
    }

    void valuesThatGrowWithoutBoundAreNotFollowed_data() {
        QTest::addColumn<QString>("growing");
        QTest::newRow("text") << QStringLiteral("A=aaaaaaaaaa\n%1A=$A$A\n");
        QTest::newRow("appended") << QStringLiteral("A=aaaaaaaaaa\n%1A+=$A\n");
        QTest::newRow("elements") << QStringLiteral("A=(a b)\n%1A=(\"${A[@]}\" \"${A[@]}\")\n");
        QTest::newRow("arguments") << QStringLiteral("set -- a b\n%1set -- \"$@\" \"$@\"\nA=$1\n");
    }
    void valuesThatGrowWithoutBoundAreNotFollowed() {
        QFETCH(QString, growing);
        const QStringList halves = growing.split(QStringLiteral("%1"));
        std::string script = "maprcli table info -path /mapr/a/t\n" + halves[0].toStdString();
        const std::string line = halves[1].section(u'\n', 0, 0).toStdString();
        for (int i = 0; i < 60; ++i) script += line + "\n";
        script += halves[1].section(u'\n', 1).toStdString() + "maprcli table info -path /mapr/$A/t\n";
        const auto result = imported(script);
        QCOMPARE(commandsOf(result), std::vector<std::string>{"maprcli table info -path /mapr/a/t"});
        QVERIFY2(allNotes(result.unread).find("is not known") != std::string::npos, allNotes(result.unread).c_str());
    }

    void aFunctionThatCallsItselfReachesNothingBehindTheCall() {
        const auto before = imported(
            "maprcli table info -path /mapr/a/t\n"
            "f() { f; maprcli table delete -path /mapr/b/t; }\nf\n"
            "maprcli table delete -path /mapr/c/t\n");
        QCOMPARE(commandsOf(before), std::vector<std::string>{"maprcli table info -path /mapr/a/t"});
        QVERIFY2(noted(before.unread, 2, "never ends"), allNotes(before.unread).c_str());
        QVERIFY2(noted(before.unread, 4, "never ends"), allNotes(before.unread).c_str());
        const auto behind = imported("f() { maprcli table info -path /mapr/a/t; g; }\ng() { f; }\nf\n");
        QCOMPARE(commandsOf(behind), std::vector<std::string>{"maprcli table info -path /mapr/a/t"});
    }

    void whatAChainAssumesIsSaidAsAssumed() {
        const auto result =
            imported("maprcli table info -path /mapr/a/t && echo ok || maprcli table info -path /mapr/b/t\n");
        QVERIFY2(noted(result.unread, 1, "runs only when a command before it fails"), allNotes(result.unread).c_str());
        const auto never = imported("maprcli table info -path /mapr/a/t\ntrue || maprcli table info -path /mapr/b/t\n");
        QVERIFY2(noted(never.unread, 2, "never runs"), allNotes(never.unread).c_str());
    }

    void quotesOfWordProcessorsAreNamedInScripts() {
        const auto result = imported(
            "maprcli table info -path /mapr/a/t\n"
            "maprcli table info -path \xE2\x80\x9C/mapr/b/t\xE2\x80\x9D\n");
        QVERIFY2(noted(result.unread, 2, "quote of a word processor"), allNotes(result.unread).c_str());
    }

    void deepAndLongTextsEnd() {
        std::string deep;
        for (int i = 0; i < 5'000; ++i) deep += "$( ( { if ";
        QVERIFY(!importScript(deep + "\nmaprcli table info -path /mapr/a/t\n", "deep", "deep.sh").ok());
        std::string loops = "maprcli table info -path /mapr/a/t\n";
        for (int i = 0; i < 12; ++i) loops += "for v" + std::to_string(i) + " in 1 2 3 4 5 6 7 8 9; do\n";
        loops += "maprcli table delete -path /mapr/a/t\n";
        for (int i = 0; i < 12; ++i) loops += "done\n";
        QVERIFY(noted(imported(loops).unread, 14, "repeats too much"));
        QVERIFY(imported("maprcli table info -path /mapr/a/t\nf() { f; f; maprcli table delete -path /mapr/a/t; }\nf\n")
                    .commands > 0);
        const std::string wide = "maprcli table info -path /mapr/a/" + std::string(1'000'000, 'x');
        const auto result = importScript(wide + "\n", "wide", "wide.sh");
        QVERIFY(result.ok() || result.error().full().size() < 10'000);
    }
};
TRIBUTARY_TEST(ImportShellTest)
#include "tst_importshell.moc"
