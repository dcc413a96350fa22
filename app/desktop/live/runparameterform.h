// The parameters of the chosen runbook as a form, each checked against its type and the drawing while it is typed.
#pragma once

#include <QWidget>
#include <functional>
#include <string>
#include <vector>

#include "app/desktop/live/liveworkspace.h"

class QFormLayout;
class QLabel;

namespace tributary::desktop {

/// Made anew when another runbook is chosen; keeps what was typed while the drawing changes.
class RunParameterForm final : public QWidget {
    Q_OBJECT
public:
    explicit RunParameterForm(LiveWorkspace& live, QWidget* parent = nullptr);

    /// True when every parameter is complete and fits the drawing.
    [[nodiscard]] bool isGood() const { return good_; }

signals:
    void goodChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Field {
        std::string name;
        QWidget* editor = nullptr;  ///< child of the form
        QLabel* problem = nullptr;
        std::function<void(const QString&)> set;
        std::function<void(const QString&)> setDefault;  ///< shows what holds when nothing is typed
    };
    void rebuild();
    QWidget* besideWords(QWidget* box, const QString& words);
    QWidget* editorFor(const runbooks::Parameter& parameter, Field& field);
    void refresh();
    [[nodiscard]] QStringList candidatesFor(const runbooks::Parameter& parameter) const;

    LiveWorkspace& live_;
    QFormLayout* form_ = nullptr;
    std::vector<Field> fields_;
    bool good_ = false;
};

}  // namespace tributary::desktop
