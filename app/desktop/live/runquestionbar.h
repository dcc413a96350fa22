// The question of a run, asked inline: never a dialog in the way.
#pragma once

#include <QFrame>

#include "app/desktop/live/runcontrol.h"

class QHBoxLayout;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace tributary::desktop {

class WrappedLabel;

/// Shown while a question waits. Buttons that need a reason or a typed name stay closed until it is there.
class RunQuestionBar final : public QFrame {
    Q_OBJECT
public:
    explicit RunQuestionBar(RunControl& run, QWidget* parent = nullptr);

private:
    void refresh();
    void refreshButtons();
    void ask(const RunQuestion& question);
    QPushButton* addButton(const QString& name, const QString& text, const std::function<void()>& act);

    RunControl& run_;
    WrappedLabel* text_ = nullptr;
    QPlainTextEdit* plan_ = nullptr;
    QLineEdit* input_ = nullptr;
    QHBoxLayout* buttons_ = nullptr;
    QPushButton* go_ = nullptr;
    QPushButton* retry_ = nullptr;
    QPushButton* skip_ = nullptr;
    QPushButton* yes_ = nullptr;
    QPushButton* no_ = nullptr;
    QPushButton* stop_ = nullptr;
};

}  // namespace tributary::desktop
