// The document: undo puts bytes back, saving is explicit and safe, crashes and other writers are noticed.
#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>

#include "core/workspace/topologyfile.h"
#include "drawings.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::ExampleFolder;
using tributary::test::kNy;
using tributary::test::kSf;

class DesktopDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void undoPutsBytesBack_data() {
        QTest::addColumn<int>("edit");
        QTest::newRow("remove an upstream") << 0;
        QTest::newRow("remove a cluster and what it holds") << 1;
        QTest::newRow("rename a cluster") << 2;
        QTest::newRow("set an attribute") << 3;
        QTest::newRow("type in the text") << 4;
        QTest::newRow("duplicate a cluster") << 5;
    }
    void undoPutsBytesBack() {
        QFETCH(const int, edit);
        ExampleFolder folder;
        QVERIFY(folder.isValid());
        DesktopDocument document;
        Selection selection;
        DrawingEditor editor(document, selection);
        QVERIFY_OK(document.open(folder.path()));
        const std::string before = document.text();
        const Topology drawn = document.topology();
        switch (edit) {
            case 0: QVERIFY(editor.setHalf(linkRef(kSf, kNy), false, false)); break;
            case 1: QVERIFY(editor.remove({clusterRef("newyork")})); break;
            case 2: QVERIFY(editor.rename(clusterRef("newyork"), "boston")); break;
            case 3: QVERIFY(editor.setAttribute(DatasetId{kSf}, "deletettl", "2d")); break;
            case 4: QVERIFY_OK(document.editText(before + "# a note\n")); break;
            default: QVERIFY(editor.duplicate({clusterRef("newyork")})); break;
        }
        QVERIFY(document.text() != before);
        const std::string after = document.text();
        document.undoStack().undo();
        QCOMPARE(document.text(), before);
        QVERIFY(document.topology() == drawn);
        document.undoStack().redo();
        QCOMPARE(document.text(), after);
    }

    void editsKeepComments() {
        ExampleFolder folder;
        DesktopDocument document;
        Selection selection;
        DrawingEditor editor(document, selection);
        QVERIFY_OK(document.open(folder.path()));
        QVERIFY(editor.rename(clusterRef("newyork"), "boston"));
        QVERIFY(document.text().find("# recorded at the source: who is sent to") != std::string::npos);
        QVERIFY(document.text().find("newyork") == std::string::npos);
        QCOMPARE(document.topology().datasets[1].path, std::string("/mapr/boston/customers"));
        QCOMPARE(document.topology().wan[0].b, std::string("boston"));
    }

    void savesOnlyWhenAsked() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        const std::string before = folder.fileText();
        QVERIFY_OK(document.apply(removeElement(UpstreamId{kNy, kSf})));
        QVERIFY(document.modified());
        QCOMPARE(folder.fileText(), before);
        QVERIFY_OK(document.save());
        QVERIFY(!document.modified());
        QCOMPARE(folder.fileText(), document.text());
    }

    void refusesToSaveOverSomebodyElse() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        QSignalSpy outside(&document, &DesktopDocument::changedOutside);
        QVERIFY(folder.writeFile(folder.fileText() + "# theirs\n"));
        QTRY_VERIFY(!outside.isEmpty());
        QVERIFY_OK(document.apply(removeElement(UpstreamId{kNy, kSf})));
        const Status saved = document.save();
        QVERIFY(!saved.ok());
        QVERIFY(saved.error().code == ErrorCode::Conflict);
        QVERIFY(folder.fileText().ends_with("# theirs\n"));
        QVERIFY(document.modified());
        QVERIFY_OK(document.reloadFromDisk());
        QVERIFY(document.text().ends_with("# theirs\n"));
        document.undoStack().undo();
        QVERIFY(document.topology().upstream(kNy, kSf) == nullptr);
    }

    void keepsTheDocumentWhenSavingFails() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        QVERIFY_OK(document.apply(removeElement(UpstreamId{kNy, kSf})));
        const std::string text = document.text();
        // A folder in place of the file: nobody, not even root, can replace it by a file.
        QVERIFY(QFile::remove(QString::fromStdString(folder.path() + "/topology.yaml")));
        QVERIFY(QDir().mkpath(QString::fromStdString(folder.path() + "/topology.yaml/taken")));
        const Status saved = document.save();
        QVERIFY(!saved.ok());
        QVERIFY(!saved.error().what.empty());
        QCOMPARE(document.text(), text);
        QVERIFY(document.modified());
    }

    void recoversAfterACrash() {
        ExampleFolder folder;
        std::string unsaved;
        {
            DesktopDocument crashed;
            QVERIFY_OK(crashed.open(folder.path()));
            QVERIFY_OK(crashed.apply(removeElement(UpstreamId{kNy, kSf})));
            unsaved = crashed.text();
            const QString journal = QString::fromStdString(folder.path() + "/.tributary/designer-recovery.json");
            QTRY_VERIFY(QFileInfo::exists(journal));
            // Destroyed without close(), as a killed process would be.
        }
        DesktopDocument document;
        QSignalSpy found(&document, &DesktopDocument::recoveryFound);
        QVERIFY_OK(document.open(folder.path()));
        QCOMPARE(found.size(), 1);
        QVERIFY(document.text() != unsaved);
        document.restoreRecovery();
        QCOMPARE(document.text(), unsaved);
        QVERIFY(document.modified());
        QVERIFY_OK(document.save());
        DesktopDocument later;
        QVERIFY_OK(later.open(folder.path()));
        QVERIFY(!later.recovery());
    }

    void opensATextThatDoesNotParse() {
        ExampleFolder folder;
        const std::string broken = folder.fileText() + "datasets: [\n";
        QVERIFY(folder.writeFile(broken));
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        QVERIFY(document.textError());
        QVERIFY(!document.textError()->where.empty());
        QCOMPARE(document.text(), broken);
        QVERIFY(!document.apply(removeElement(UpstreamId{kNy, kSf})).ok());
        QVERIFY_OK(document.editText(broken.substr(0, broken.size() - 12)));
        QVERIFY(!document.textError());
        QCOMPARE(document.topology().clusters.size(), std::size_t{2});
    }

    void refusesANewerFormatAndKeepsWhatIsOpen() {
        ExampleFolder folder;
        ExampleFolder newer;
        QVERIFY(newer.writeFile("tributary: 7\nmystery: true\n"));
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        const Status opened = document.open(newer.path());
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().code == ErrorCode::Unsupported);
        QVERIFY(opened.error().what.find('7') != std::string::npos);
        QCOMPARE(document.topology().clusters.size(), std::size_t{2});
    }

    void locksStructureButNotPlaces() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        document.setLock(u"a run is live"_s);
        const Status refused = document.apply(removeElement(UpstreamId{kNy, kSf}));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().what, std::string("a run is live"));
        QVERIFY(!document.editText("tributary: 1\n").ok());
        LayoutSidecar layout = document.layout();
        layout[clusterRef("newyork")] = {400, 80};
        document.place(layout, u"Move"_s);
        QCOMPARE(document.layout().at(clusterRef("newyork")).x, 400.0);
    }

    void joinsTypingIntoOneStep() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        const std::string before = document.text();
        for (const char* typed : {"#", "# ", "# h", "# hi"}) QVERIFY_OK(document.editText(before + typed));
        QCOMPARE(document.undoStack().count(), 1);
        document.undoStack().undo();
        QCOMPARE(document.text(), before);
    }

    void findsProblemsWhileEditing() {
        ExampleFolder folder;
        DesktopDocument document;
        QVERIFY_OK(document.open(folder.path()));
        QTRY_VERIFY(document.problems().upToDate());
        QVERIFY(document.problems().findings().empty());
        QVERIFY_OK(document.apply(removeElement(UpstreamId{kNy, kSf})));
        QTRY_VERIFY(document.problems().upToDate() && !document.problems().findings().empty());
        QCOMPARE(document.problems().findings().front().rule, std::string("maprdb.upstream-missing"));
        Selection selection;
        DrawingEditor editor(document, selection);
        QVERIFY(editor.applyFix(document.problems().findings().front()));
        QTRY_VERIFY(document.problems().upToDate() && document.problems().findings().empty());
    }
};
TRIBUTARY_TEST(DesktopDocumentTest)
#include "tst_desktopdocument.moc"
