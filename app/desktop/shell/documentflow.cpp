// The flow of documents.
#include "app/desktop/shell/documentflow.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QMessageBox>
#include <QSaveFile>
#include <QStandardPaths>

#include "app/desktop/canvas/exporter.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr int kRecentsMax = 12;
const QString kRecentsKey = u"recents"_s;

/// A UTC time of a file as people read it; as it stands when it is none.
QString localTime(const std::string& utc) {
    const QDateTime at = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODateWithMs);
    return at.isValid() ? at.toLocalTime().toString(u"d MMMM HH:mm"_s) : QString::fromStdString(utc);
}
}  // namespace

DocumentFlow::DocumentFlow(Workbench& bench, QObject* parent) : QObject(parent), bench_(bench) {
    DesktopDocument& document = bench_.document;
    connect(&document, &DesktopDocument::recoveryFound, this, &DocumentFlow::offerRecovery);
    connect(&document, &DesktopDocument::changedOutside, this, &DocumentFlow::offerReload);
    connect(&document, &DesktopDocument::textChanged, this, &DocumentFlow::showTextError);
    connect(&document, &DesktopDocument::commentsLost, this, [this] {
        bench_.banners->showBanner(
            u"comments"_s, {Severity::Warning,
                            tr("The text has a shape that cannot be patched and was written anew: comments inside "
                               "it are gone. Undo brings them back."),
                            {{tr("Undo"), [this] {
                                  bench_.banners->hideBanner(u"comments"_s);
                                  bench_.document.undoStack().undo();
                              }}}});
    });
}

QStringList DocumentFlow::recents() const {
    QStringList out;
    for (const QString& each : bench_.settings.value(kRecentsKey).toStringList()) {
        if (QFileInfo::exists(each + u"/topology.yaml"_s)) out << each;
    }
    return out;
}

void DocumentFlow::remember(const QString& folder) {
    QStringList all = bench_.settings.value(kRecentsKey).toStringList();
    const QString path = QDir(folder).absolutePath();
    all.removeAll(path);
    all.prepend(path);
    bench_.settings.setValue(kRecentsKey, QStringList(all.mid(0, kRecentsMax)));
    emit recentsChanged();
}

void DocumentFlow::startUp() {
    for (const QString& id : {u"error"_s, u"outside"_s, u"comments"_s}) bench_.banners->hideBanner(id);
    bench_.selection.clear();
    emit opened();
}

void DocumentFlow::createNew() {
    leaveThen([this] {
        bench_.banners->hideBanner(u"recovery"_s);
        bench_.document.createNew();
        startUp();
    });
}

void DocumentFlow::askOpen() {
    auto* dialog = new QFileDialog(&bench_.window, tr("Open a workspace folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &DocumentFlow::open);
    dialog->open();
}

void DocumentFlow::open(const QString& folder) {
    leaveThen([this, folder] {
        bench_.banners->hideBanner(u"recovery"_s);
        if (const Status done = bench_.document.open(folder.toStdString()); !done) {
            bench_.tell(done);
            emit said(tr("Not opened."));
            return;
        }
        const std::optional<Error> layout = bench_.document.files().layoutProblem();
        startUp();
        if (layout) bench_.tell(*layout);
        remember(QString::fromStdString(bench_.document.files().paths().root));
    });
}

void DocumentFlow::openExample(const QString& name) {
    const QString base = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + u"/Tributary/"_s;
    QString folder = base + name;
    for (int i = 2; QFileInfo::exists(folder); ++i) folder = base + name + u'-' + QString::number(i);
    const auto written = createExample(name.toStdString(), folder.toStdString());
    if (!written) {
        bench_.tell(written.error());
        return;
    }
    open(folder);
    const QString home = QDir::homePath() + u'/';
    emit said(tr("Opened a copy in %1").arg(folder.startsWith(home) ? u"~/"_s + folder.mid(home.size()) : folder));
}

void DocumentFlow::save(const std::function<void()>& then) {
    DesktopDocument& document = bench_.document;
    bench_.text->commit();
    if (!document.files().hasFolder()) {
        askSaveAs(then);
        return;
    }
    // What the canvas placed by itself is saved too: the same picture comes back.
    document.place(bench_.scene->effectiveLayout(), tr("Place items"));
    const Status done = document.save();
    if (done) {
        bench_.banners->hideBanner(u"outside"_s);
        bench_.banners->hideBanner(u"error"_s);
        emit said(tr("Saved."));
        emit saved();
        if (then) then();
        return;
    }
    if (done.error().code != ErrorCode::Conflict) {
        bench_.tell(done);
        return;
    }
    bench_.banners->showBanner(
        u"outside"_s, {Severity::Warning,
                       tr("topology.yaml was changed by somebody else since it was read. Nothing was saved yet."),
                       {{tr("Reload theirs"), [this] { reload(); }}, {tr("Save mine over it"), [this] {
                                                                          bench_.banners->hideBanner(u"outside"_s);
                                                                          bench_.tell(bench_.document.save(
                                                                              WorkspaceFiles::Overwrite::Yes));
                                                                      }}}});
}

void DocumentFlow::askSaveAs(const std::function<void()>& then) {
    auto* dialog = new QFileDialog(&bench_.window, tr("Save the drawing as a workspace folder"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setLabelText(QFileDialog::FileName, tr("Folder:"));
    dialog->selectFile(bench_.document.title());
    connect(dialog, &QFileDialog::fileSelected, this, [this, then](const QString& folder) { saveAs(folder, then); });
    dialog->open();
}

void DocumentFlow::saveAs(const QString& folder, const std::function<void()>& then) {
    bench_.text->commit();
    bench_.document.place(bench_.scene->effectiveLayout(), tr("Place items"));
    if (const Status done = bench_.document.saveAs(folder.toStdString()); !done) {
        bench_.tell(done);
        return;
    }
    remember(folder);
    emit said(tr("Saved in %1").arg(folder));
    emit saved();
    if (then) then();
}

void DocumentFlow::reload() {
    bench_.banners->hideBanner(u"outside"_s);
    bench_.tell(bench_.document.reloadFromDisk());
}

void DocumentFlow::offerReload() {
    bench_.banners->showBanner(
        u"outside"_s, {Severity::Info,
                       bench_.document.modified()
                           ? tr("topology.yaml was changed by somebody else. Reloading is a step that undo takes back.")
                           : tr("topology.yaml was changed by somebody else."),
                       {{tr("Reload"), [this] { reload(); }}}});
}

void DocumentFlow::offerRecovery() {
    const auto& found = bench_.document.recovery();
    if (!found) return;
    bench_.banners->showBanner(u"recovery"_s,
                               {Severity::Warning,
                                tr("Unsaved changes of %1 were recovered after a crash.").arg(localTime(found->time)),
                                {{tr("Restore them"),
                                  [this] {
                                      bench_.document.restoreRecovery();
                                      bench_.banners->hideBanner(u"recovery"_s);
                                  }},
                                 {tr("Discard"),
                                  [this] {
                                      bench_.document.discardRecovery();
                                      bench_.banners->hideBanner(u"recovery"_s);
                                  }}},
                                false});
}

void DocumentFlow::showTextError() {
    const auto& error = bench_.document.textError();
    if (!error || !bench_.document.isOpen()) {
        bench_.banners->hideBanner(u"text"_s);
        return;
    }
    bench_.banners->showBanner(u"text"_s,
                               {Severity::Error,
                                tr("%1\nThe canvas shows the last good drawing and is locked until the text is "
                                   "mended.")
                                    .arg(QString::fromStdString(error->text())),
                                {},
                                false});
}

void DocumentFlow::leaveThen(const std::function<void()>& then) {
    if (leaveGuard_) {
        leaveGuard_([this, then] { askUnsaved(then); });
    } else {
        askUnsaved(then);
    }
}

void DocumentFlow::askUnsaved(const std::function<void()>& then) {
    bench_.text->commit();
    if (!bench_.document.modified()) {
        then();
        return;
    }
    auto* box = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                tr("'%1' has unsaved changes.").arg(bench_.document.title()),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, &bench_.window);
    box->setObjectName(u"unsaved"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [this, then](int answer) {
        if (answer == QMessageBox::Save) save(then);
        if (answer != QMessageBox::Discard) return;
        bench_.document.close();
        then();
    });
    box->open();
}

void DocumentFlow::exportAs(const QString& format) {
    auto* dialog = new QFileDialog(&bench_.window, tr("Export the drawing"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(format == u"mermaid" ? u"mmd"_s : format);
    dialog->selectFile(bench_.document.title());
    connect(dialog, &QFileDialog::fileSelected, this, [this, format](const QString& path) {
        Status done;
        if (format == u"svg") {
            done = writeSvg(*bench_.scene, path);
        } else if (format == u"png") {
            done = writePng(*bench_.scene, path, 2);
        } else {
            QSaveFile file(path);
            const QByteArray text = QByteArray::fromStdString(mermaidText(bench_.document.topology()));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
                done =
                    Error{ErrorCode::Io, file.errorString().toStdString(), path.toStdString(), "choose another folder"};
            }
        }
        bench_.tell(done);
        if (done) emit said(tr("Exported to %1").arg(path));
    });
    dialog->open();
}

void DocumentFlow::copyPicture() {
    const QImage image = drawingImage(*bench_.scene, 2);
    if (image.isNull()) return;
    QApplication::clipboard()->setImage(image);
    emit said(tr("The picture is in the clipboard."));
}

}  // namespace tributary::desktop
