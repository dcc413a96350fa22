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
    /// Asks what becomes of unsaved changes, then runs `then`; at once when there are none.
    void leaveThen(const std::function<void()>& then);
    [[nodiscard]] QStringList recents() const;

    void exportAs(const QString& format);
    void copyPicture();

signals:
    void opened();
    void recentsChanged();
    void said(const QString& text);  ///< for the status bar

private:
    void remember(const QString& folder);
    void offerRecovery();
    void offerReload();
    void showTextError();
    void startUp();

    Workbench& bench_;
};

}  // namespace tributary::desktop
