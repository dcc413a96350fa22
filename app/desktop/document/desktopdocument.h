// The open drawing: its text, what the text draws, where it is placed, undo, saving and recovery. No widget.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>
#include <optional>
#include <string>

#include "app/desktop/document/drawingcommand.h"
#include "app/desktop/document/problemchecker.h"
#include "app/desktop/document/recoveryjournal.h"
#include "app/desktop/document/renametext.h"
#include "app/desktop/document/workspacefiles.h"
#include "core/topology/edit.h"
#include "core/workspace/drawingtext.h"

namespace tributary::desktop {

/// The text of topology.yaml is the truth; edits of the drawing patch it, so that comments and order survive, and undo
/// puts back the bytes that were there. While the text does not parse, topology() is the last drawing that did and
/// edits of the drawing are refused. GUI thread.
class DesktopDocument final : public QObject {
    Q_OBJECT
public:
    explicit DesktopDocument(QObject* parent = nullptr);
    ~DesktopDocument() override;

    /// Opens a workspace folder in place of what is open. A text that does not parse opens too: see textError().
    /// Errors: those of WorkspaceFiles::open; then the old document stays.
    [[nodiscard]] Status open(const std::string& folder);
    /// An empty drawing without a folder.
    void createNew();
    /// Nothing is open any more, and what was unsaved is given up.
    void close();
    [[nodiscard]] bool isOpen() const { return open_; }

    [[nodiscard]] Status save(WorkspaceFiles::Overwrite overwrite = WorkspaceFiles::Overwrite::No);
    [[nodiscard]] Status saveAs(const std::string& folder);
    /// Reads topology.yaml again, as an undoable step.
    [[nodiscard]] Status reloadFromDisk();
    /// The unsaved work that a crash left behind, until it is restored or discarded.
    [[nodiscard]] const std::optional<RecoveredDrawing>& recovery() const { return recovery_; }
    /// Takes the recovered drawing in, as an undoable step.
    void restoreRecovery();
    void discardRecovery();

    [[nodiscard]] const Topology& topology() const { return *topology_; }
    [[nodiscard]] const std::shared_ptr<const Topology>& sharedTopology() const { return topology_; }
    [[nodiscard]] const LayoutSidecar& layout() const { return *layout_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    /// Why the text draws nothing; nullopt while it parses.
    [[nodiscard]] const std::optional<Error>& textError() const { return textError_; }
    [[nodiscard]] const WorkspaceFiles& files() const { return files_; }
    /// "customers-demo", or "Untitled".
    [[nodiscard]] QString title() const;
    [[nodiscard]] bool modified() const;
    [[nodiscard]] QUndoStack& undoStack() { return undoStack_; }
    [[nodiscard]] ProblemChecker& problems() { return problems_; }
    [[nodiscard]] const ProblemChecker& problems() const { return problems_; }

    /// While a reason is set, the structure is locked (a run is live): edits are refused with it; placing still works.
    void setLock(const QString& reason);
    [[nodiscard]] const QString& lock() const { return lock_; }
    [[nodiscard]] bool editable() const { return open_ && lock_.isEmpty() && !textError_; }

    /// Applies an edit as one undoable step; `layout` goes with it. Errors: the edit's; Conflict when locked or the
    /// text does not parse.
    [[nodiscard]] Status apply(const EditPtr& edit, const QString& title = {},
                               const std::optional<LayoutSidecar>& layout = {});
    /// Makes the drawing `wanted` as one undoable step.
    [[nodiscard]] Status change(const Topology& wanted, const QString& title,
                                const std::optional<LayoutSidecar>& layout = {});
    /// Renames where the names stand. Errors: AlreadyExists when a new name is taken.
    [[nodiscard]] Status rename(const Renames& renames, const QString& title);
    /// Takes a text as it was typed, parsable or not; typing joins into one step.
    [[nodiscard]] Status editText(const std::string& text);
    /// Takes in where the canvas put what had no place yet. No step and no change to save by itself: undoing a later
    /// move must only know where the item stood.
    void fillLayout(const LayoutSidecar& places);
    /// Places items, as one undoable step.
    void place(const LayoutSidecar& layout, const QString& title,
               DrawingCommand::Merge merge = DrawingCommand::Merge::Never);

signals:
    void drawingChanged();
    void textChanged();
    void layoutChanged();
    void stateChanged();  ///< opened, closed, saved, modified, locked: what a title bar shows
    void recoveryFound();
    void changedOutside();  ///< somebody else wrote topology.yaml
    void commentsLost();    ///< the last edit had to write the text anew

private:
    void install(WorkspaceFiles files);
    void perform(const DrawingCommand::Step& step, DrawingCommand::Direction direction);
    void push(const QString& title, const std::string& text, const LayoutSidecar& layout,
              DrawingCommand::Merge merge = DrawingCommand::Merge::Never);
    void setContent(std::string text);
    [[nodiscard]] Status checkEditable() const;
    void writeJournal();
    void watchFile();
    void onFileChanged();
    [[nodiscard]] RecoveryJournal journal() const;
    [[nodiscard]] static std::string fileName();

    bool open_ = false;
    WorkspaceFiles files_;
    std::string text_;
    DrawingText drawing_{fileName()};  ///< the last text that parsed; text_ while textError_ is not set
    std::shared_ptr<const Topology> topology_ = std::make_shared<Topology>();
    LayoutPtr layout_ = std::make_shared<LayoutSidecar>();
    std::optional<Error> textError_;
    std::optional<RecoveredDrawing> recovery_;
    QString lock_;
    QUndoStack undoStack_;
    ProblemChecker problems_;
    QFileSystemWatcher watcher_;
    QTimer journalTimer_;
    QTimer outsideTimer_;
};

}  // namespace tributary::desktop
