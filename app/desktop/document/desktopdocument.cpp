// The document: every change goes through push(), perform() and setContent(), in that order.
#include "app/desktop/document/desktopdocument.h"

#include <QDateTime>
#include <QFileInfo>

#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/topologypatch.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

/// A crash loses at most this much work.
constexpr int kJournalDelayMs = 700;
/// Editors write a file in several steps; look when they are done.
constexpr int kOutsideDelayMs = 150;
constexpr std::string_view kEmptyDrawing = "tributary: 1\n";

}  // namespace

DesktopDocument::DesktopDocument(QObject* parent) : QObject(parent) {
    journalTimer_.setSingleShot(true);
    journalTimer_.setInterval(kJournalDelayMs);
    outsideTimer_.setSingleShot(true);
    outsideTimer_.setInterval(kOutsideDelayMs);
    connect(&journalTimer_, &QTimer::timeout, this, &DesktopDocument::writeJournal);
    connect(&outsideTimer_, &QTimer::timeout, this, &DesktopDocument::onFileChanged);
    connect(&watcher_, &QFileSystemWatcher::fileChanged, &outsideTimer_, qOverload<>(&QTimer::start));
    connect(&watcher_, &QFileSystemWatcher::directoryChanged, &outsideTimer_, qOverload<>(&QTimer::start));
    connect(&undoStack_, &QUndoStack::cleanChanged, this, &DesktopDocument::stateChanged);
}

DesktopDocument::~DesktopDocument() {
    undoStack_.disconnect(this);
}

Status DesktopDocument::open(const std::string& folder) {
    Result<WorkspaceFiles> files = WorkspaceFiles::open(folder);
    if (!files) return files.error();
    install(std::move(*files));
    recovery_ = journal().read();
    if (recovery_ && recovery_->text == text_ && recovery_->layout == writeLayout(*layout_)) discardRecovery();
    if (recovery_) emit recoveryFound();
    return okStatus();
}

void DesktopDocument::createNew() {
    install(WorkspaceFiles());
    recovery_ = journal().read();
    if (recovery_) emit recoveryFound();
}

void DesktopDocument::install(WorkspaceFiles files) {
    files_ = std::move(files);
    open_ = true;
    lock_.clear();
    recovery_.reset();
    undoStack_.clear();
    topology_ = std::make_shared<Topology>();
    emit drawingChanged();  // the views let go of the old drawing, whose names the new one may share
    layout_ = std::make_shared<LayoutSidecar>(files_.layout());
    watchFile();
    setContent(files_.hasFolder() ? files_.text() : std::string(kEmptyDrawing));
    emit layoutChanged();
    emit stateChanged();
}

void DesktopDocument::close() {
    if (!open_) return;
    journalTimer_.stop();
    if (!recovery_) journal().clear();
    install(WorkspaceFiles());
    open_ = false;
    emit stateChanged();
}

Status DesktopDocument::save(WorkspaceFiles::Overwrite overwrite) {
    if (Status saved = files_.save(text_, *layout_, overwrite); !saved) return saved;
    undoStack_.setClean();
    journalTimer_.stop();
    if (!recovery_) journal().clear();
    watchFile();
    emit stateChanged();
    return okStatus();
}

Status DesktopDocument::saveAs(const std::string& folder) {
    const RecoveryJournal before = journal();
    if (Status saved = files_.saveAs(folder, text_, *layout_); !saved) return saved;
    if (!recovery_) before.clear();
    return save();
}

Status DesktopDocument::reloadFromDisk() {
    Result<WorkspaceFiles> files = WorkspaceFiles::open(files_.paths().root);
    if (!files) return files.error();
    const std::string text = files->text();
    files_ = std::move(*files);
    watchFile();
    if (text != text_) push(tr("Reload from disk"), text, *layout_);
    undoStack_.setClean();
    emit stateChanged();
    return okStatus();
}

void DesktopDocument::restoreRecovery() {
    if (!recovery_) return;
    const RecoveredDrawing found = *std::exchange(recovery_, std::nullopt);
    const Result<LayoutSidecar> layout = parseLayout(found.layout, "recovered layout");
    push(tr("Restore recovered changes"), found.text, layout ? *layout : *layout_);
    emit stateChanged();
}

void DesktopDocument::discardRecovery() {
    recovery_.reset();
    journal().clear();
}

QString DesktopDocument::title() const {
    if (!files_.hasFolder()) return tr("Untitled");
    return QFileInfo(QString::fromStdString(files_.paths().root)).fileName();
}

bool DesktopDocument::modified() const {
    return open_ && !undoStack_.isClean();
}

void DesktopDocument::setLock(const QString& reason) {
    if (reason == lock_) return;
    lock_ = reason;
    emit stateChanged();
}

Status DesktopDocument::checkEditable() const {
    if (!open_) return Error{ErrorCode::Conflict, "no drawing is open", {}, "open or make a workspace"};
    if (!lock_.isEmpty()) {
        return Error{ErrorCode::Conflict, lock_.toStdString(), {}, "wait for the run, or stop it, then edit"};
    }
    if (textError_) {
        return Error{ErrorCode::Conflict, "the text does not parse, so that it cannot be edited as a drawing",
                     textError_->where, "mend the text first: " + textError_->what};
    }
    return okStatus();
}

Status DesktopDocument::apply(const EditPtr& edit, const QString& title, const std::optional<LayoutSidecar>& layout) {
    if (Status can = checkEditable(); !can) return can;
    Topology wanted = *topology_;
    const Result<EditPtr> inverse = edit->apply(wanted);
    if (!inverse) return inverse.error();
    return change(wanted, title.isEmpty() ? QString::fromStdString(edit->title()) : title, layout);
}

Status DesktopDocument::change(const Topology& wanted, const QString& title,
                               const std::optional<LayoutSidecar>& layout) {
    if (Status can = checkEditable(); !can) return can;
    Result<PatchedText> patched = drawing_.patched(wanted);
    if (!patched) return patched.error();
    push(title, patched->text, layout ? *layout : *layout_);
    if (patched->rewritten) emit commentsLost();
    return okStatus();
}

Status DesktopDocument::rename(const Renames& renames, const QString& title) {
    if (Status can = checkEditable(); !can) return can;
    for (const auto& [from, to] : renames.clusters) {
        if (from != to && topology_->cluster(to) != nullptr) {
            return Error{
                ErrorCode::AlreadyExists, "a cluster '" + to + "' is already drawn", {}, "choose another name"};
        }
    }
    for (const auto& [from, to] : renames.datasets) {
        if (from != to && topology_->dataset(to) != nullptr && !renames.datasets.contains(to)) {
            return Error{ErrorCode::AlreadyExists, "a dataset " + to + " is already drawn", {}, "choose another name"};
        }
    }
    LayoutSidecar layout;
    for (const auto& [ref, place] : *layout_) {
        ItemRef moved = ref;
        const auto& names = ref.kind == ItemRef::Kind::Cluster ? renames.clusters : renames.datasets;
        const bool isNamed = ref.kind != ItemRef::Kind::Region && ref.kind != ItemRef::Kind::Note;
        for (std::string* name : {&moved.a, &moved.b}) {
            const auto found = names.find(*name);
            if (isNamed && found != names.end()) *name = found->second;
        }
        layout[moved] = place;
    }
    const Topology wanted = renamed(*topology_, renames);
    if (const auto text = renameInText(text_, fileName(), renames)) {
        DrawingText check = drawing_;
        if (check.take(*text) && sameDrawing(*check.topology(), wanted)) {
            push(title, *text, layout);
            return okStatus();
        }
    }
    return change(wanted, title, layout);
}

Status DesktopDocument::editText(const std::string& text) {
    if (!open_ || !lock_.isEmpty()) return checkEditable();
    if (text != text_) push(tr("Edit text"), text, *layout_, DrawingCommand::Merge::Typing);
    return okStatus();
}

void DesktopDocument::place(const LayoutSidecar& layout, const QString& title, DrawingCommand::Merge merge) {
    if (open_ && layout != *layout_) push(title, text_, layout, merge);
}

void DesktopDocument::fillLayout(const LayoutSidecar& places) {
    LayoutSidecar filled = *layout_;
    filled.insert(places.begin(), places.end());  // what has a place keeps it
    if (filled.size() != layout_->size()) layout_ = std::make_shared<const LayoutSidecar>(std::move(filled));
}

void DesktopDocument::push(const QString& title, const std::string& text, const LayoutSidecar& layout,
                           DrawingCommand::Merge merge) {
    DrawingCommand::Step step{title, TextSplice::between(text_, text), layout_,
                              layout == *layout_ ? layout_ : std::make_shared<const LayoutSidecar>(layout), merge};
    if (step.splice.empty() && step.layoutBefore == step.layoutAfter) return;
    undoStack_.push(new DrawingCommand(std::move(step), [this](const auto& each, auto way) { perform(each, way); }));
}

void DesktopDocument::perform(const DrawingCommand::Step& step, DrawingCommand::Direction direction) {
    const bool forward = direction == DrawingCommand::Direction::Do;
    const LayoutPtr layout = forward ? step.layoutAfter : step.layoutBefore;
    const bool moved = layout != layout_;
    layout_ = layout;
    if (!step.splice.empty()) {
        setContent(forward ? step.splice.applied(text_) : step.splice.reverted(text_));
    }
    if (moved) emit layoutChanged();
    journalTimer_.start();
    emit stateChanged();
}

void DesktopDocument::setContent(std::string text) {
    text_ = std::move(text);
    if (const Status taken = drawing_.take(text_); taken) {
        textError_.reset();
        topology_ = drawing_.topology();
        problems_.check(topology_);
    } else {
        textError_ = taken.error();
    }
    emit textChanged();
    emit drawingChanged();
}

RecoveryJournal DesktopDocument::journal() const {
    return files_.hasFolder() ? RecoveryJournal::ofWorkspace(files_.paths().root) : RecoveryJournal::ofUntitled();
}

void DesktopDocument::writeJournal() {
    if (!open_) return;
    // An offer that was not answered yet is worth more than the few edits made beside it.
    if (recovery_) return;
    if (!modified()) {
        journal().clear();
        return;
    }
    const std::string time = isoTime(QDateTime::currentMSecsSinceEpoch());
    // A journal that cannot be written (read-only folder) must not disturb drawing; saving will say so.
    (void)journal().write({text_, writeLayout(*layout_), files_.text(), time});
}

void DesktopDocument::watchFile() {
    if (const QStringList old = watcher_.files() + watcher_.directories(); !old.isEmpty()) watcher_.removePaths(old);
    if (!files_.hasFolder()) return;
    // The folder too: a file that is replaced by renaming is a new file, which the old watch does not see.
    watcher_.addPath(QString::fromStdString(files_.paths().topology()));
    watcher_.addPath(QString::fromStdString(files_.paths().root));
}

void DesktopDocument::onFileChanged() {
    if (!open_ || !files_.hasFolder()) return;
    const QString path = QString::fromStdString(files_.paths().topology());
    if (!watcher_.files().contains(path) && QFileInfo::exists(path)) watcher_.addPath(path);
    if (files_.changedOutside() && files_.textOnDisk() != text_) emit changedOutside();
}

std::string DesktopDocument::fileName() {
    return "topology.yaml";
}

}  // namespace tributary::desktop
