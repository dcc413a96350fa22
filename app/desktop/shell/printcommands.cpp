// Asking where to, and putting it on paper.
#include "app/desktop/shell/printcommands.h"

#include <QDateTime>
#include <QFileDialog>
#include <QMenuBar>
#include <QPdfWriter>
#include <QPrintDialog>
#include <QPrinter>
#include <QSaveFile>

#include "runbooks/planner/plantext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kPdfDpi = 300;

struct PaperCommand {
    PrintCommands::What what;
    const char16_t* print;
    const char16_t* pdf;
    const char* name;
};
constexpr PaperCommand kPapers[] = {
    {PrintCommands::What::Drawing, u"file.print-drawing", u"file.pdf-drawing",
     QT_TRANSLATE_NOOP("PrintCommands", "&Drawing…")},
    {PrintCommands::What::Plan, u"file.print-plan", u"file.pdf-plan", QT_TRANSLATE_NOOP("PrintCommands", "&Plan…")},
    {PrintCommands::What::Report, u"file.print-report", u"file.pdf-report",
     QT_TRANSLATE_NOOP("PrintCommands", "&Report of the run…")}};

}  // namespace

PrintCommands::PrintCommands(MainWindow& window, LiveBridge& bridge, QObject* parent)
    : QObject(parent), window_(window), bridge_(bridge) {
    ActionTable& actions = window_.actionTable();
    for (const PaperCommand& each : kPapers) {
        const QString name = QCoreApplication::translate("PrintCommands", each.name);
        const bool isDrawing = each.what == What::Drawing;
        actions.add({QString::fromUtf16(each.print),
                     tr("Print: %1").arg(name),
                     {},
                     isDrawing ? u"Ctrl+P"_s : QString(),
                     {},
                     [this, what = each.what] { askPrinter(what); }});
        actions.add({QString::fromUtf16(each.pdf), tr("PDF: %1").arg(name), {}, {}, {}, [this, what = each.what] {
                         askPdf(what);
                     }});
    }
    if (QMenu* file = window_.menuBar()->actions().first()->menu()) addTo(*file);
    connect(&bridge_, &LiveBridge::changed, this, &PrintCommands::follow);
    connect(&window_.bench().document, &DesktopDocument::drawingChanged, this, &PrintCommands::updateEnabled);
    connect(&window_.bench().document, &DesktopDocument::stateChanged, this, &PrintCommands::updateEnabled);
    follow();
}

void PrintCommands::addTo(QMenu& file) {
    ActionTable& actions = window_.actionTable();
    QAction* before = actions.find(u"file.close"_s);
    auto* print = new QMenu(tr("Prin&t"), &file);
    auto* pdf = new QMenu(tr("Save as P&DF"), &file);
    for (const PaperCommand& each : kPapers) {
        print->addAction(actions.find(QString::fromUtf16(each.print)));
        pdf->addAction(actions.find(QString::fromUtf16(each.pdf)));
    }
    file.insertMenu(before, print);
    file.insertMenu(before, pdf);
    file.insertSeparator(before);
}

void PrintCommands::follow() {
    if (followed_ != bridge_.live()) {
        followed_ = bridge_.live();
        if (followed_ != nullptr) {
            connect(&followed_->plan(), &PlanControl::changed, this, &PrintCommands::updateEnabled);
            connect(&followed_->run(), &RunControl::phaseChanged, this, &PrintCommands::updateEnabled);
        }
    }
    updateEnabled();
}

bool PrintCommands::isThere(What what) const {
    LiveWorkspace* live = bridge_.live();
    switch (what) {
        case What::Drawing: return !window_.bench().document.topology().clusters.empty();
        case What::Plan: return live != nullptr && live->plan().plan() != nullptr;
        case What::Report: return live != nullptr && live->run().ending() && live->run().ending()->begun;
    }
    return false;
}

void PrintCommands::updateEnabled() {
    for (const PaperCommand& each : kPapers) {
        const bool on = isThere(each.what);
        window_.actionTable().find(QString::fromUtf16(each.print))->setEnabled(on);
        window_.actionTable().find(QString::fromUtf16(each.pdf))->setEnabled(on);
    }
}

QString PrintCommands::nameOf(What what) const {
    const QString drawing = window_.bench().document.title();
    switch (what) {
        case What::Drawing: return drawing;
        case What::Plan: return tr("Plan of %1").arg(drawing);
        case What::Report: break;
    }
    return tr("Run of %1").arg(drawing);
}

Status PrintCommands::paint(What what, QPagedPaintDevice& device) {
    if (!isThere(what))
        return Error{ErrorCode::Conflict, "there is nothing to put on paper", {}, "make a plan, or run it"};
    if (what == What::Plan) {
        const runbooks::Plan& plan = *bridge_.live()->plan().plan();
        paintText({nameOf(what), QString::fromStdString(runbooks::planText(plan)), PaperText::Form::Plain}, device);
        return okStatus();
    }
    if (what == What::Report) {
        paintText({{}, QString::fromStdString(bridge_.live()->run().ending()->report), PaperText::Form::Markdown},
                  device);
        return okStatus();
    }
    // Paper is light, whatever the window is.
    ThemeHolder& themes = window_.bench().themes;
    const ThemeKind before = themes.theme().kind;
    if (before != ThemeKind::Light) themes.setKind(ThemeKind::Light);
    const QString when = QLocale().toString(QDateTime::currentDateTime(), QLocale::ShortFormat);
    const Status painted = paintDrawing(*window_.bench().scene, device, nameOf(what), when);
    if (before != ThemeKind::Light) themes.setKind(before);
    return painted;
}

void PrintCommands::writePdf(What what, const QString& file) {
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) {
        window_.bench().tell(Error{ErrorCode::Io, "the PDF cannot be written: " + out.errorString().toStdString(),
                                   file.toStdString(), "choose another folder"});
        return;
    }
    Status painted = okStatus();
    {
        QPdfWriter writer(&out);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setResolution(kPdfDpi);
        writer.setTitle(nameOf(what));
        writer.setCreator(u"Tributary"_s);
        painted = paint(what, writer);
    }
    if (painted && !out.commit()) {
        painted = Error{ErrorCode::Io, "the PDF cannot be written: " + out.errorString().toStdString(),
                        file.toStdString(), "free space, or choose another folder"};
    }
    window_.bench().tell(painted);
    if (painted) window_.bench().banners->showBanner(u"export"_s, {Severity::Info, tr("Saved as %1.").arg(file), {}});
}

void PrintCommands::askPdf(What what) {
    auto* dialog = new QFileDialog(&window_, tr("Save as PDF"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"pdf"_s);
    dialog->setNameFilter(tr("PDF (*.pdf)"));
    dialog->selectFile(nameOf(what).replace(u' ', u'-') + u".pdf"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, what](const QString& file) { writePdf(what, file); });
    dialog->open();
}

void PrintCommands::askPrinter(What what) {
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setDocName(nameOf(what));
    auto* dialog = new QPrintDialog(printer.get(), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Print"));
    connect(dialog, qOverload<QPrinter*>(&QPrintDialog::accepted), this,
            [this, what, printer] { window_.bench().tell(paint(what, *printer)); });
    // The dialog holds a bare pointer to the printer: both go together.
    connect(dialog, &QObject::destroyed, this, [printer] {});
    dialog->open();
}

}  // namespace tributary::desktop
