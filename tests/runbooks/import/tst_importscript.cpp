// Scripts and pages as runbooks.
#include <QFile>

#include "importworld.h"
#include "runbooks/export/exporter.h"
#include "runbooks/import/importscript.h"
#include "runbooks/library/library.h"
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using tributary::test::noted;

namespace {

ImportedRunbook importedFrom(const std::string& text) {
    const auto imported = importScript(text, "imported", "page.txt");
    if (!imported.ok()) qFatal("%s", imported.error().full().c_str());
    return *imported;
}

Runbook bookOf(const ImportedRunbook& imported) {
    const auto book = parseRunbook(imported.text, "imported.yaml");
    if (!book.ok()) qFatal("%s", book.error().full().c_str());
    return *book;
}

}  // namespace

class ImportScriptTest : public QObject {
    Q_OBJECT

private slots:
    void aWholeScriptGivesTheGoldenRunbookAndTheListOfWhatWasNotRead() {
        // TRIBUTARY_UPDATE_GOLDEN=1 writes what is expected.
        const QString base = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/import/whole-script");
        QFile script(base + QStringLiteral(".sh"));
        QVERIFY(script.open(QIODevice::ReadOnly));
        const auto got = importScript(script.readAll().toStdString(), "whole-script", "whole-script.sh");
        QVERIFY_OK(got);
        QVERIFY_OK(parseRunbook(got->text, "whole-script.yaml"));
        const std::string notes =
            "Notes:\n" + tributary::test::allNotes(got->notes) + "Not read:\n" + tributary::test::allNotes(got->unread);
        for (const auto& [ending, text] : {std::pair{".yaml", got->text}, {".notes.txt", notes}}) {
            QFile golden(base + QString::fromLatin1(ending));
            if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
                QVERIFY(golden.open(QIODevice::WriteOnly));
                golden.write(QByteArray::fromStdString(text));
                golden.close();
            }
            QVERIFY2(golden.open(QIODevice::ReadOnly), ending);
            QCOMPARE(QByteArray::fromStdString(text), golden.readAll());
        }
    }

    void exportsGiveBackTheRunbook_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("page");
        for (const LibraryEntry& entry : listLibrary()) {
            for (const bool page : {false, true}) {
                QTest::addRow("%s %s", entry.name.c_str(), page ? "page" : "script")
                    << QString::fromStdString(entry.name) << page;
            }
        }
    }
    void exportsGiveBackTheRunbook() {
        QFETCH(QString, name);
        QFETCH(bool, page);
        const Runbook book = findRunbook(name.toStdString(), {}).value();
        ParameterValues given;
        for (const Parameter& parameter : book.parameters) {
            if (parameter.required) given[parameter.name] = parameter.example;
        }
        const auto values = resolveParameters(book, given);
        const auto target = page ? ExportTarget::Markdown : ExportTarget::Bash;
        std::string text = exportRunbook(book, values.value(), target, "1.2.3").value();
        const ImportedRunbook back = importedFrom(text);
        QCOMPARE(back.text, book.text);
        QVERIFY(back.notes.empty());
        QCOMPARE(bookOf(back).hash, book.hash);
        // A line that somebody changed is named, and not taken.
        const std::string_view command = book.system == "tarantool" ? "tt connect"
                                         : book.system == "voltdb"  ? "sqlcmd --"
                                                                    : "maprcli table";
        const std::size_t at = text.find(command);
        QVERIFY(at != std::string::npos);
        const auto line =
            static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
            1;
        text[at + 1] = 'X';
        const ImportedRunbook changed = importedFrom(text);
        QCOMPARE(changed.text, book.text);
        QVERIFY(noted(changed.notes, line, "was changed here"));
    }

    void linesBecomeStepsWithChecksAndUndo() {
        const Runbook book =
            bookOf(importedFrom("# prose\nmaprcli table create -path /mapr/ny/t -copymetafrom /mapr/sf/t\n"
                                "maprcli table replica add -path /mapr/sf/t -replica /mapr/ny/t -paused true\n"));
        QCOMPARE(book.steps.size(), std::size_t(2));
        QVERIFY(book.parameters.empty());
        QCOMPARE(book.steps[0].id, std::string("create-table"));
        QCOMPARE(book.steps[0].doneWhen.front().text(), std::string("dataset-exists /mapr/ny/t"));
        QCOMPARE(book.steps[1].undo.front().text,
                 std::string("maprcli table replica remove -path /mapr/sf/t -replica /mapr/ny/t"));
        QCOMPARE(book.steps[1].verify.back().check.text(), std::string("replica-paused /mapr/sf/t /mapr/ny/t"));
        QCOMPARE(book.steps[1].docs, std::string("page.txt, line 3"));
    }

    void wrappedLinesAreJoinedAndNamed() {
        const ImportedRunbook imported =
            importedFrom("maprcli table replica pause -path\\\n/mapr/sf/t -replica \\\n  /mapr/ny/t\n");
        QCOMPARE(bookOf(imported).steps.front().commands.front().text,
                 std::string("maprcli table replica pause -path /mapr/sf/t -replica /mapr/ny/t"));
        QVERIFY(noted(imported.notes, 1, "backslash"));
    }

    void whatCannotBeReadIsNamedWithItsLine() {
        const ImportedRunbook imported = importedFrom(
            "maprcli table info -path /mapr/sf/t\nmaprcli stream purge -path /mapr/sf/s\nmaprcli table info -pth /x\n");
        QCOMPARE(imported.commands, std::size_t(1));
        QVERIFY(noted(imported.unread, 2, "purged by hand"));
        QVERIFY(noted(imported.unread, 3, "-pth"));
        QVERIFY(!importScript("nothing to do here\n", "a", "a.txt").ok());
    }

    void templatesAskForTheirPlaceholdersAndTakeExamples() {
        const ImportedRunbook imported = importedFrom(
            "maprcli table upstream add -path <path to the replica> -upstream <path to the source table>\n"
            "For example:\nmaprcli table upstream add -path /mapr/ny/t -upstream /mapr/sf/t\n");
        const Runbook book = bookOf(imported);
        QCOMPARE(book.steps.size(), std::size_t(1));
        QVERIFY((imported.parameters == std::vector<std::string>{"replica", "source-table"}));
        QCOMPARE(book.findParameter("replica")->example, std::string("/mapr/ny/t"));
        QVERIFY(book.findParameter("source-table")->type == ParameterType::Path);
        QVERIFY(!resolveParameters(book, {}).ok());
    }

    void theOtherDirectionHasPlaceholdersOfItsOwn() {
        const ImportedRunbook imported = importedFrom(
            "  1. One direction\n maprcli table replica add -path <path to the source table> -replica <path to the "
            "replica>\n"
            "  2. For setup in the other direction:\n"
            " maprcli table replica add -path <path to the source table> -replica <path to the replica>\n");
        const Runbook book = bookOf(imported);
        const auto values = resolveParameters(book, {{"source-table", "/mapr/sf/t"}, {"replica", "/mapr/ny/t"}});
        QVERIFY_OK(values);
        const auto rendered = renderRunbook(book, *values);
        QCOMPARE(rendered->steps[1].commands.front().text,
                 std::string("maprcli table replica add -path /mapr/ny/t -replica /mapr/sf/t"));
    }

    void variablesOfAScriptAreParametersWithDefaults() {
        const ImportedRunbook imported = importedFrom(
            "#!/bin/bash\nSRC=/mapr/sf/t\nexport DST_TABLE=\"/mapr/ny/t\"\n"
            "maprcli table replica pause -path $SRC -replica \"${DST_TABLE}\"\nmaprcli table info -path $OTHER\n");
        const Runbook book = bookOf(imported);
        QCOMPARE(book.steps.front().commands.front().text,
                 std::string("maprcli table replica pause -path {{src}} -replica {{dst-table}}"));
        QCOMPARE(book.findParameter("dst-table")->defaultText, std::string("/mapr/ny/t"));
        QVERIFY(imported.parameters.empty());
        QVERIFY(noted(imported.unread, 5, "`$OTHER`"));
        QVERIFY(imported.text.find("line 5") != std::string::npos);  // the file itself says what it lacks
    }

    void destructiveLinesAskForTheName() {
        const Runbook book = bookOf(importedFrom("maprcli table delete -path /mapr/ny/t\n"));
        QCOMPARE(book.steps.front().approval.typeTheName, std::string("/mapr/ny/t"));
        QVERIFY(!book.steps.front().irreversible.empty());
    }

    void whatNoCheckCanTellIsForAPerson() {
        const Runbook book =
            bookOf(importedFrom("maprcli cluster gateway set -dstcluster ny -gateways \"gw-1 gw-2\"\n"));
        QVERIFY(book.steps.front().kind == StepKind::Human);
        QVERIFY(book.steps.front().instruction.find("gw-1 gw-2") != std::string::npos);
    }
};
TRIBUTARY_TEST(ImportScriptTest)
#include "tst_importscript.moc"
