// Drawing and texts on pages.
#include <QAction>
#include <QFile>
#include <QPdfWriter>
#include <QRegularExpression>

#include "app/desktop/shell/livecommands.h"
#include "app/desktop/shell/printcommands.h"
#include "core/workspace/workspace.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

namespace {

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int pagesOf(const QByteArray& pdf) {
    const QRegularExpression page(u"/Type\\s*/Page[^s]"_s);
    auto found = page.globalMatch(QString::fromLatin1(pdf));
    int pages = 0;
    for (; found.hasNext(); found.next()) ++pages;
    return pages;
}

}  // namespace

class PaperTest : public QObject {
    Q_OBJECT
private slots:
    void theDrawingIsOnePageAndTheWindowKeepsItsTheme() {
        WindowWorld world;
        world.themes.setKind(ThemeKind::Dark);
        QVERIFY_OK(createExample("multi-master", world.folder().toStdString()));
        LiveBridge bridge(*world.window);
        const LiveCommands commands(*world.window, bridge);
        auto& print = *world.window->findChild<PrintCommands*>();
        world.window->openWorkspace(world.folder());
        QTRY_VERIFY(!world.bench().scene->contentRect().isEmpty());
        const QString file = world.dir.path() + u"/drawing.pdf"_s;
        print.writePdf(PrintCommands::What::Drawing, file);
        const QByteArray pdf = bytesOf(file);
        QVERIFY(pdf.startsWith("%PDF-") && pdf.size() > 2'000);
        QCOMPARE(pagesOf(pdf), 1);
        QCOMPARE(world.themes.theme().kind, ThemeKind::Dark);
        QVERIFY(world.bench().banners->textOf(u"export"_s).contains(u"drawing.pdf"_s));
        const auto enabled = [&](const char16_t* id) {
            return world.window->actionTable().find(QString::fromUtf16(id))->isEnabled();
        };
        QVERIFY(enabled(u"file.pdf-drawing") && enabled(u"file.print-drawing"));
        QVERIFY(!enabled(u"file.pdf-plan") && !enabled(u"file.print-report"));  // there is none
        print.writePdf(PrintCommands::What::Plan, file);
        QVERIFY(world.bench().banners->textOf(u"error"_s).contains(u"nothing to put on paper"_s));
        QCOMPARE(bytesOf(file), pdf);  // what was there stays
    }
    void whatIsEmptyIsRefused() {
        WindowWorld world;
        world.document().createNew();
        QPdfWriter writer(world.dir.path() + u"/empty.pdf"_s);
        const Status painted = paintDrawing(*world.bench().scene, writer, u"Nothing"_s, {});
        QVERIFY(!painted.ok());
        QCOMPARE(painted.error().code, ErrorCode::Conflict);
    }
    void aLongTextTakesSeveralPages() {
        WindowWorld world;
        const QString file = world.dir.path() + u"/report.pdf"_s;
        {
            QPdfWriter writer(file);
            paintText({u"Plan"_s, u"a step, and a reason\n"_s.repeated(300), PaperText::Form::Plain}, writer);
        }
        QVERIFY(pagesOf(bytesOf(file)) > 2);
        {
            QPdfWriter writer(file);
            paintText({{}, u"# Report\n\n- one\n- two\n"_s, PaperText::Form::Markdown}, writer);
        }
        QCOMPARE(pagesOf(bytesOf(file)), 1);
    }
};
TRIBUTARY_TEST(PaperTest)
#include "tst_paper.moc"
