// Exporting the chosen runbook.
#include "app/desktop/shell/exportcommands.h"

#include <QDir>
#include <QFileDialog>
#include <QMenuBar>

#include "app/observe/exportfile.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr const char16_t* kExportIds[] = {u"file.export-bash", u"file.export-page"};

}  // namespace

ExportCommands::ExportCommands(MainWindow& window, LiveBridge& bridge, QObject* parent)
    : QObject(parent), window_(window), bridge_(bridge) {
    ActionTable& actions = window_.actionTable();
    actions.add({u"file.export-bash"_s,
                 tr("Export the runbook as a &bash script…"),
                 {},
                 u"Ctrl+E"_s,
                 tr("For the real system: checks, journal and clear failures included"),
                 [this] { ask(runbooks::ExportTarget::Bash); }});
    actions.add({u"file.export-page"_s,
                 tr("Export the runbook as a pa&ge…"),
                 {},
                 {},
                 tr("Markdown: prerequisites, steps, what to check, what to do when it fails"),
                 [this] { ask(runbooks::ExportTarget::Markdown); }});
    QAction* before = actions.find(u"file.copy-picture"_s);
    if (QMenu* file = window_.menuBar()->actions().first()->menu()) {
        for (const char16_t* id : kExportIds) file->insertAction(before, actions.find(QString::fromUtf16(id)));
    }
    connect(&bridge_, &LiveBridge::changed, this, &ExportCommands::follow);
    follow();
}

void ExportCommands::follow() {
    if (followed_ != bridge_.live()) {
        followed_ = bridge_.live();
        if (followed_ != nullptr) {
            connect(&followed_->run(), &RunControl::runbookChanged, this, &ExportCommands::updateEnabled);
            connect(&followed_->run(), &RunControl::parametersChanged, this, &ExportCommands::updateEnabled);
        }
    }
    updateEnabled();
}

void ExportCommands::updateEnabled() {
    const LiveWorkspace* live = bridge_.live();
    const bool ready =
        live != nullptr && bridge_.live()->run().runbook() != nullptr && bridge_.live()->run().parametersComplete();
    for (const char16_t* id : kExportIds) window_.actionTable().find(QString::fromUtf16(id))->setEnabled(ready);
}

void ExportCommands::ask(runbooks::ExportTarget target) {
    const runbooks::Runbook* book = bridge_.live() == nullptr ? nullptr : bridge_.live()->run().runbook();
    if (book == nullptr) return;
    const bool script = target == runbooks::ExportTarget::Bash;
    auto* dialog =
        new QFileDialog(&window_, script ? tr("Export the runbook as a script") : tr("Export the runbook as a page"),
                        bridge_.live()->root());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(script ? u"sh"_s : u"md"_s);
    dialog->setNameFilter(script ? tr("Scripts (*.sh)") : tr("Markdown (*.md)"));
    dialog->selectFile(QString::fromStdString(book->id) + (script ? u".sh"_s : u".md"_s));
    connect(dialog, &QFileDialog::fileSelected, this, [this, target](const QString& file) { write(target, file); });
    dialog->open();
}

void ExportCommands::write(runbooks::ExportTarget target, const QString& file) {
    LiveWorkspace* live = bridge_.live();
    if (live == nullptr || live->run().runbook() == nullptr) return;
    const runbooks::Runbook& book = *live->run().runbook();
    const auto values = runbooks::resolveParameters(book, live->run().parameters());
    const auto text = values ? runbooks::exportRunbook(book, *values, target, TRIBUTARY_VERSION)
                             : Result<std::string>(values.error());
    if (!text) {
        window_.bench().tell(text.error());
        return;
    }
    if (const Status saved = app::saveExport(file.toStdString(), *text, target); !saved) {
        window_.bench().tell(saved);
        return;
    }
    const auto losses = static_cast<int>(runbooks::lossesOf(book, target).size());
    QString said = tr("Exported to %1.").arg(file);
    if (losses > 0) said += u' ' + tr("What it does not do, or not in the same way, stands in it (%1).").arg(losses);
    if (target == runbooks::ExportTarget::Bash) said += u'\n' + tr("Next: bash '%1' --dry-run").arg(file);
    window_.bench().banners->showBanner(u"export"_s, {Severity::Info, said, {}});
}

}  // namespace tributary::desktop
