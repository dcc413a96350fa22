// Typing, completing and running lines.
#include "app/desktop/live/consolepanel.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/adapters/dialectcompletion.h"
#include "app/desktop/live/engineservice.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "app/instanceruns/systemport.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"
#include "app/systems/dialects.h"
#include "core/workspace/workspace.h"
#include "engine/machine/realfileops.h"
#include "runbooks/dialects/words.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr int kOutputBlocksMax = 20'000;
constexpr Millis kNoLimitMs = 0;

/// The finished words of a line, and the word being typed.
std::pair<std::vector<std::string>, std::string> wordsBefore(const QString& text) {
    std::vector<std::string> words;
    const auto split = runbooks::splitWords(toStd(text));
    if (split) {
        for (const runbooks::Word& word : split->words) words.push_back(word.text);
    } else {
        for (const QString& word : text.split(u' ', Qt::SkipEmptyParts)) words.push_back(toStd(word));
    }
    std::string current;
    if (!words.empty() && !text.endsWith(u' ')) {
        current = words.back();
        words.pop_back();
    }
    return {words, current};
}

bool wantsHelp(const std::vector<std::string>& words) {
    if (words.empty()) return false;
    return words.front() == "help" || words.back() == "--help" || words.back() == "-help" || words.back() == "-h" ||
           (words.size() == 1 && words.front() != "clear");
}

}  // namespace

struct ConsolePanel::Answer {
    runbooks::CommandOutcome outcome;
    bool isOfInstances = false;  ///< no engine of ours is needed for it
};

ConsolePanel::ConsolePanel(LiveWorkspace& live, QWidget* parent)
    : QWidget(parent),
      live_(live),
      lane_(live.makeLane()),
      stop_(std::make_shared<std::atomic<bool>>(false)),
      historyFile_(WorkspacePaths{toStd(live.root())}.state() + "/console-history") {
    history_.setLines(historyFile_.load());
    const QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    output_ = new QPlainTextEdit(this);
    output_->setReadOnly(true);
    output_->setFont(mono);
    output_->setMaximumBlockCount(kOutputBlocksMax);
    output_->setFrameShape(QFrame::NoFrame);
    output_->setAccessibleName(tr("Console output"));
    output_->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    output_->setTabChangesFocus(true);
    output_->setPlaceholderText(
        tr("Type a command of the system, for example\n"
           "maprcli table replica list -path /mapr/sanfrancisco/customers\n"
           "tt status master_master\n"
           "Tab completes, Up and Down bring back earlier lines, help explains."));
    prompt_ = new QLabel(u"›"_s, this);
    prompt_->setFont(mono);
    input_ = new QLineEdit(this);
    input_->setFont(mono);
    input_->setAccessibleName(tr("Command line"));
    input_->setPlaceholderText(tr("maprcli …"));
    input_->setFrame(false);
    input_->installEventFilter(this);
    stopButton_ = new QToolButton(this);
    stopButton_->setText(tr("Stop"));
    stopButton_->setToolTip(tr("Break off the copy or the command under way; what it did stays"));
    stopButton_->setAutoRaise(true);
    completer_ = new QCompleter(&candidates_, this);
    completer_->setWidget(input_);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer_->setMaxVisibleItems(12);
    completer_->popup()->setFont(mono);

    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 2, 6, 4);
    line->addWidget(prompt_);
    line->addWidget(input_, 1);
    line->addWidget(stopButton_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(output_, 1);
    layout->addLayout(line);
    setFocusProxy(input_);

    connect(input_, &QLineEdit::returnPressed, this, &ConsolePanel::submit);
    connect(stopButton_, &QToolButton::clicked, this, [this] { stop_->store(true); });
    connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, [this](const QString& candidate) {
        const auto [words, current] = wordsBefore(input_->text().left(input_->cursorPosition()));
        const QString before = input_->text().left(input_->cursorPosition()).chopped(toQt(current).size());
        input_->setText(before + candidate + u' ');
    });
    showBusy();
}

ConsolePanel::~ConsolePanel() {
    stop_->store(true);  // a copy under way ends at its next batch, so that the lane can be joined
}

QString ConsolePanel::outputText() const {
    return output_->toPlainText();
}

void ConsolePanel::submit() {
    const QString line = input_->text().trimmed();
    if (completer_->popup()->isVisible()) completer_->popup()->hide();
    if (line.isEmpty()) return;
    input_->clear();
    runLine(line);
}

void ConsolePanel::runLine(const QString& line) {
    history_.add(line);
    historyFile_.save(history_.lines());
    if (line == u"clear"_s) {
        output_->clear();
        return;
    }
    print(u"› "_s + line);
    auto [words, current] = wordsBefore(line + u' ');
    if (wantsHelp(words)) {
        if (words.front() == "help") words.erase(words.begin());
        while (!words.empty() && (words.back() == "--help" || words.back() == "-help" || words.back() == "-h")) {
            words.pop_back();
        }
        print(toQt(app::dialects().helpFor(words)));
        emit lineFinished(true);
        return;
    }
    execute(line);
}

void ConsolePanel::execute(const QString& line) {
    ++busy_;
    stop_->store(false);
    showBusy();
    lane_->ask<Answer>(
        this,
        [line = toStd(line), program = toStd(terminalProgram()),
         stop = stop_](app::Session& session) -> Result<Answer> {
            engine::RealFileOps files;
            app::EnginePortOptions options;
            options.admin.files = &files;
            options.admin.pause = app::pauseFor;
            options.admin.onCopyProgress = [stop](const engine::maprdb::CopyProgress&) { return !stop->load(); };
            const std::string system = app::systemOfLine(line);
            auto systemPort = app::portFor(system, session.workspace().paths.root, session.directory(), session.user(),
                                           app::wallNowMs, options, {program, [stop] { return stop->load(); }});
            if (!systemPort) return systemPort.error();
            app::AuditLog log(app::auditPath(session));
            app::AuditedPort port(**systemPort, log, app::auditEntry(session), app::wallNowMs);
            return Answer{port.execute(line, kNoLimitMs), app::runsOnInstances(system)};
        },
        [this](Result<Answer> answer) {
            --busy_;
            showBusy();
            if (answer) {
                showAnswer(*answer);
            } else {
                print(toQt(answer.error().full()), true);
                emit lineFinished(false);
            }
        });
}

void ConsolePanel::showAnswer(const Answer& answer) {
    const auto& outcome = answer.outcome;
    if (!outcome.output.empty()) print(toQt(outcome.output).trimmed());
    if (!outcome.ok) {
        print(toQt(outcome.error).trimmed(), true);
        const bool engineDown = !answer.isOfInstances && !live_.engine().usable();
        if (engineDown) {
            print(tr("  try: start the engine (it is not running)"), true);
        } else if (!outcome.fix.empty()) {
            print(u"  try: "_s + toQt(outcome.fix), true);
        }
    }
    emit lineFinished(outcome.ok);
}

void ConsolePanel::print(const QString& text, bool alert) {
    QTextCharFormat format;
    if (alert) format.setForeground(alertColour(palette()));
    QTextCursor cursor(output_->document());
    cursor.movePosition(QTextCursor::End);
    if (!output_->document()->isEmpty()) cursor.insertBlock();
    cursor.insertText(text, format);
    output_->setTextCursor(cursor);
    output_->ensureCursorVisible();
}

void ConsolePanel::showBusy() {
    stopButton_->setVisible(busy_ > 0);
    prompt_->setText(busy_ > 0 ? u"…"_s : u"›"_s);
    prompt_->setAccessibleName(busy_ > 0 ? tr("Running") : tr("Ready"));
}

void ConsolePanel::complete(bool choose) {
    const QString before = input_->text().left(input_->cursorPosition());
    const auto [words, current] = wordsBefore(before);
    QStringList found;
    if (words.empty()) {
        for (const std::string& program : app::dialects().programs()) {
            if (program.starts_with(current)) found << toQt(program);
        }
    } else {
        for (const std::string& one : app::completeDialect(words, current, &live_.drawing())) found << toQt(one);
    }
    if (found.isEmpty()) return;
    if (choose && found.size() == 1) {
        const QString after = input_->text().mid(input_->cursorPosition());
        const QString text = before.chopped(toQt(current).size()) + found.front() + u' ';
        input_->setText(text + after);
        input_->setCursorPosition(static_cast<int>(text.size()));
        completer_->popup()->hide();
        return;
    }
    candidates_.setStringList(found);
    completer_->complete();
}

bool ConsolePanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched != input_ || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
        case Qt::Key_Tab:
            if (input_->text().isEmpty()) return false;  // leaves the field, as everywhere
            complete(true);
            return true;
        case Qt::Key_Up: input_->setText(history_.back(input_->text())); return true;
        case Qt::Key_Down: input_->setText(history_.on()); return true;
        case Qt::Key_Escape:
            if (input_->text().isEmpty()) return false;
            input_->clear();
            return true;
        default: return false;
    }
}

}  // namespace tributary::desktop
