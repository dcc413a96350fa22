// New, open, save, recover, close: what happens around a document, told by banners and asked without blocking.
#pragma once

#include <QObject>
#include <functional>

#include "app/desktop/shell/workbench.h"

namespace tributary::desktop {

class DocumentFlow final : public QObject {
    Q_OBJECT
public:
    DocumentFlow(Workbench& bench, QObject* parent);

    void createNew();
    void askOpen();
    void open(const QString& folder);
    /// Writes the example into a new folder of the user's documents and opens it.
    void openExample(const QString& name);
    /// Saves; a drawing without a folder is asked for one first. `then` runs only after a good save.
    void save(const std::function<void()>& then = {});
    void askSaveAs(const std::function<void()>& then = {});
    void saveAs(const QString& folder, const std::function<void()>& then = {});
    void reload();
    /// Asks the guard, then what becomes of unsaved changes, then runs `then`; at once when there is nothing to ask.
    void leaveThen(const std::function<void()>& then);
    /// Asked before a document is left (a run may be live); answers by running the function, or not.
    void setLeaveGuard(std::function<void(std::function<void()>)> guard) { leaveGuard_ = std::move(guard); }
    [[nodiscard]] QStringList recents() const;

    void exportAs(const QString& format);
    void copyPicture();

signals:
    void opened();
    void saved();
    void recentsChanged();
    void said(const QString& text);  ///< for the status bar

private:
    void remember(const QString& folder);
    void offerRecovery();
    void offerReload();
    void showTextError();
    void startUp();
    void askUnsaved(const std::function<void()>& then);

    Workbench& bench_;
    std::function<void(std::function<void()>)> leaveGuard_;
};

}  // namespace tributary::desktop
