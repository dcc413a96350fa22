// Which buttons a question has, and when they may be pressed.
#include "app/desktop/live/runquestionbar.h"
#include "app/desktop/live/wrappedlabel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

RunQuestionBar::RunQuestionBar(RunControl& run, QWidget* parent) : QFrame(parent), run_(run) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    text_ = new WrappedLabel(this);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    input_ = new QLineEdit(this);
    input_->setObjectName(u"question-input"_s);
    buttons_ = new QHBoxLayout;
    buttons_->setSpacing(4);
    go_ = addButton(u"question-go"_s, tr("&Go"), [this] { run_.step(); });
    retry_ = addButton(u"question-retry"_s, tr("&Retry"), [this] { run_.retry(); });
    yes_ = addButton(u"question-yes"_s, tr("&Approve"), [this] {
        const bool approval = run_.question() && run_.question()->kind == RunQuestion::Kind::Approve;
        if (run_.question() && run_.question()->kind == RunQuestion::Kind::UndoPlan) {
            run_.approveUndo(true);
        } else if (approval) {
            run_.approve(true, input_->text().trimmed(), {});
        } else {
            run_.instructed(true, {});
        }
    });
    no_ = addButton(u"question-no"_s, tr("&No"), [this] {
        const bool approval = run_.question() && run_.question()->kind == RunQuestion::Kind::Approve;
        if (run_.question() && run_.question()->kind == RunQuestion::Kind::UndoPlan) {
            run_.approveUndo(false);
        } else if (approval) {
            run_.approve(false, {}, {});
        } else {
            run_.instructed(false, input_->text());
        }
    });
    skip_ = addButton(u"question-skip"_s, tr("S&kip"), [this] { run_.skip(input_->text()); });
    stop_ = addButton(u"question-stop"_s, tr("&Stop"), [this] { run_.abort(); });
    buttons_->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(4);
    plan_ = new QPlainTextEdit(this);
    plan_->setObjectName(u"question-plan"_s);
    plan_->setReadOnly(true);
    plan_->setAccessibleName(tr("What the undo takes away"));
    plan_->setMinimumHeight(260);
    plan_->setTabChangesFocus(true);
    layout->addWidget(text_);
    layout->addWidget(plan_, 1);
    layout->addWidget(input_);
    layout->addLayout(buttons_);
    connect(&run_, &RunControl::phaseChanged, this, &RunQuestionBar::refresh);
    connect(input_, &QLineEdit::textChanged, this, &RunQuestionBar::refreshButtons);
    refresh();
}

QPushButton* RunQuestionBar::addButton(const QString& name, const QString& text, const std::function<void()>& act) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    buttons_->addWidget(button);
    connect(button, &QPushButton::clicked, this, act);
    return button;
}

void RunQuestionBar::refresh() {
    const bool asks = run_.question().has_value();
    const bool fresh = asks && !isVisible();
    setVisible(asks);
    if (!asks) return;
    input_->clear();
    ask(*run_.question());
    refreshButtons();
    if (fresh) setAccessibleDescription(text_->text());
}

void RunQuestionBar::ask(const RunQuestion& question) {
    using Kind = RunQuestion::Kind;
    const bool before = question.kind == Kind::BeforeStep;
    const bool failed = question.kind == Kind::AfterFailure;
    const bool approve = question.kind == Kind::Approve;
    const bool instruct = question.kind == Kind::Instruct;
    const bool plan = question.kind == Kind::UndoPlan;
    QString text;
    if (before) text = question.undoing ? tr("Undo “%1”?").arg(question.title) : tr("Next: %1").arg(question.title);
    if (failed) {
        text = tr("✗ “%1” failed: %2").arg(question.title, question.reason);
        if (!question.fix.isEmpty()) text += u'\n' + tr("Try: %1").arg(question.fix);
    }
    if (approve) text = tr("Approval needed: %1").arg(question.text);
    if (instruct) text = question.text;
    if (plan) text = tr("This would be undone, in this order. Nothing has been touched yet.");
    if (approve && question.undoing) text = tr("To undo “%1”: %2").arg(question.title, question.text);
    text_->setText(text);
    plan_->setVisible(plan);
    plan_->setPlainText(plan ? question.text : QString());
    go_->setVisible(before);
    retry_->setVisible(failed);
    skip_->setVisible((before && !question.undoing) || failed);
    yes_->setVisible(approve || instruct || plan);
    yes_->setText(plan               ? tr("&Undo these steps")
                  : approve          ? tr("&Approve")
                  : question.yesOrNo ? tr("&Yes")
                                     : tr("&Done"));
    no_->setVisible(approve || instruct || plan);
    no_->setText(plan               ? tr("&Keep everything")
                 : approve          ? tr("&Refuse")
                 : question.yesOrNo ? tr("&No")
                                    : tr("&Not done"));
    stop_->setVisible(before || failed);
    const bool named = approve && !question.typeTheName.isEmpty();
    input_->setVisible(skip_->isVisibleTo(this) || named || instruct);
    input_->setPlaceholderText(named      ? tr("Type %1 to approve").arg(question.typeTheName)
                               : instruct ? tr("Why not (for No)")
                                          : tr("Reason, to skip"));
    input_->setAccessibleName(input_->placeholderText());
    // Return keeps what is there: only a button that was meant takes something away.
    QPushButton* first = before ? go_ : failed ? retry_ : plan ? no_ : yes_;
    first->setDefault(true);
}

void RunQuestionBar::refreshButtons() {
    if (!run_.question()) return;
    const RunQuestion& question = *run_.question();
    const QString text = input_->text().trimmed();
    skip_->setEnabled(!text.isEmpty());
    skip_->setToolTip(text.isEmpty() ? tr("Skipping needs a reason: type it beside") : QString());
    yes_->setEnabled(question.typeTheName.isEmpty() || text == question.typeTheName);
}

}  // namespace tributary::desktop
