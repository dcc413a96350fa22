// Painting the time line, and moving on it.
#include "app/desktop/live/replaybar.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr int kTickMs = 100;
constexpr int kSide = 8;    ///< free at both ends, so that the head is never cut
constexpr double kGap = 1;  ///< between two steps
constexpr Millis kKeyStepMs = 1'000;

QString clockText(Millis atMs) {
    return QDateTime::fromMSecsSinceEpoch(atMs).toString(u"HH:mm:ss"_s);
}

bool isBad(runbooks::StepPhase phase) {
    return phase == runbooks::StepPhase::Failed || phase == runbooks::StepPhase::InDoubt;
}

}  // namespace

ReplayLine::ReplayLine(const RunTape& tape, const LagHistory& lag, QWidget* parent)
    : QWidget(parent), tape_(tape), lag_(lag) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Time line of the run"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize ReplayLine::sizeHint() const {
    return {400, (hasFaults() ? 3 : 2) * laneHeight() + 4};
}

bool ReplayLine::hasFaults() const {
    return std::any_of(lag_.faults().begin(), lag_.faults().end(), [this](const FaultInterval& fault) {
        return fault.fromMs <= tape_.toMs() && (fault.toMs == 0 || fault.toMs >= tape_.fromMs());
    });
}

void ReplayLine::setAt(Millis atMs) {
    const Millis clamped = std::clamp(atMs, tape_.fromMs(), std::max(tape_.fromMs(), tape_.toMs()));
    if (clamped == atMs_) return;
    atMs_ = clamped;
    const TapeSpan* span = tape_.spanAt(atMs_);
    setAccessibleDescription(span == nullptr ? clockText(atMs_) : u"%1, %2"_s.arg(clockText(atMs_), span->title));
    update();
    emit moved(atMs_);
}

double ReplayLine::xOf(Millis atMs) const {
    const double whole = std::max<double>(1, static_cast<double>(tape_.toMs() - tape_.fromMs()));
    const double part = static_cast<double>(atMs - tape_.fromMs()) / whole;
    return kSide + std::clamp(part, 0.0, 1.0) * (width() - 2 * kSide);
}

Millis ReplayLine::timeAt(double x) const {
    const double part = std::clamp((x - kSide) / std::max(1, width() - 2 * kSide), 0.0, 1.0);
    return tape_.fromMs() +
           static_cast<Millis>(std::llround(part * static_cast<double>(tape_.toMs() - tape_.fromMs())));
}

void ReplayLine::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLag(painter);
    paintSteps(painter);
    paintFaults(painter);
    paintHead(painter);
}

/// The largest known lag of all links, by its logarithm: where it was bad is what is looked for.
void ReplayLine::paintLag(QPainter& painter) const {
    const int columns = std::max(1, (width() - 2 * kSide) / 2);
    std::vector<double> heights(static_cast<std::size_t>(columns), -1);
    for (const auto& [id, track] : lag_.links()) {
        const auto told =
            columnsOf(track, LagFigure::Lag, tape_.fromMs(), tape_.toMs() + 1, static_cast<std::size_t>(columns));
        for (std::size_t i = 0; i < told.size() && i < heights.size(); ++i) {
            if (told[i].max)
                heights[i] =
                    std::max(heights[i], std::log10(1 + std::max<double>(0, static_cast<double>(*told[i].max))));
        }
    }
    constexpr double kTopLog = 6;  // a quarter of an hour
    const double bottom = (hasFaults() ? 3 : 2) * laneHeight();
    const double room = laneHeight() - 4;
    QColor colour = palette().color(QPalette::Link);
    colour.setAlphaF(0.45F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (int i = 0; i < columns; ++i) {
        const double height = heights[static_cast<std::size_t>(i)];
        if (height < 0) continue;  // unknown: nothing, not even a line at 0
        const double high = std::max(1.0, std::min(1.0, height / kTopLog) * room);
        painter.drawRect(QRectF(kSide + 2.0 * i, bottom - high, 2, high));
    }
}

void ReplayLine::paintSteps(QPainter& painter) const {
    const double top = 2;
    const double height = laneHeight() - 2;
    for (const TapeSpan& span : tape_.spans()) {
        const double left = xOf(span.fromMs);
        const double right = std::max(left + 3, xOf(span.toMs == 0 ? tape_.toMs() : span.toMs) - kGap);
        const QColor ink = isBad(span.phase) ? alertColour(palette())
                           : span.undoing    ? palette().color(QPalette::PlaceholderText)
                                             : goodColour(palette());
        QColor fill = ink;
        fill.setAlphaF(0.25F);
        const QRectF box(left, top, right - left, height);
        painter.setPen(QPen(ink, 1));
        painter.setBrush(fill);
        painter.drawRoundedRect(box, 3, 3);
        const QRectF inner = box.adjusted(4, 0, -4, 0);
        if (inner.width() < fontMetrics().averageCharWidth() * 4) continue;
        painter.setPen(palette().color(QPalette::Text));
        const QString word = isBad(span.phase) ? u"✗ "_s + span.id : span.undoing ? u"↩ "_s + span.id : span.id;
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(word, Qt::ElideRight, static_cast<int>(inner.width())));
    }
}

void ReplayLine::paintFaults(QPainter& painter) const {
    const double top = laneHeight() + 2;
    const double height = laneHeight() - 4;
    const QColor ink = alertColour(palette());
    QColor fill = ink;
    fill.setAlphaF(0.3F);
    double labelled = 0;
    for (const FaultInterval& fault : lag_.faults()) {
        const Millis toMs = fault.toMs == 0 ? tape_.toMs() : fault.toMs;
        if (toMs < tape_.fromMs() || fault.fromMs > tape_.toMs()) continue;
        const QRectF box(xOf(fault.fromMs), top, std::max(3.0, xOf(toMs) - xOf(fault.fromMs)), height);
        painter.setPen(QPen(ink, 1));
        painter.setBrush(QBrush(fill, Qt::BDiagPattern));
        painter.drawRect(box);
        if (box.left() < labelled) continue;
        const QString word = fontMetrics().elidedText(fault.text, Qt::ElideRight, 220);
        const double wide = fontMetrics().horizontalAdvance(word) + 4;
        const double x = std::min(box.left() + 4, width() - wide);
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(x, top, wide, height), Qt::AlignLeft | Qt::AlignVCenter, word);
        labelled = x + wide;
    }
}

void ReplayLine::paintHead(QPainter& painter) const {
    if (atMs_ == 0) return;
    const double x = xOf(atMs_);
    const QColor ink = palette().color(QPalette::Link);
    painter.setPen(QPen(ink, 2));
    painter.drawLine(QPointF(x, 0), QPointF(x, height()));
    painter.setBrush(ink);
    painter.setPen(Qt::NoPen);
    painter.drawPolygon(QPolygonF({{x - 6, 0}, {x + 6, 0}, {x, 8}}));
    if (!hasFocus()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, 1, Qt::DotLine));
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

void ReplayLine::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) setAt(timeAt(event->position().x()));
}

void ReplayLine::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) setAt(timeAt(event->position().x()));
}

void ReplayLine::keyPressEvent(QKeyEvent* event) {
    const bool fine = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
        case Qt::Key_Left: setAt(fine ? atMs_ - kKeyStepMs : tape_.neighbour(atMs_, false)); break;
        case Qt::Key_Right: setAt(fine ? atMs_ + kKeyStepMs : tape_.neighbour(atMs_, true)); break;
        case Qt::Key_Home: setAt(tape_.fromMs()); break;
        case Qt::Key_End: setAt(tape_.toMs()); break;
        default: QWidget::keyPressEvent(event); break;
    }
}

bool ReplayLine::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Millis atMs = timeAt(help->pos().x());
        QString text = clockText(atMs);
        if (const TapeSpan* span = tape_.spanAt(atMs)) text += u'\n' + span->title;
        for (const FaultInterval& fault : lag_.faults()) {
            if (fault.fromMs <= atMs && (fault.toMs == 0 || atMs < fault.toMs)) text += u'\n' + fault.text;
        }
        QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

ReplayBar::ReplayBar(const RunTape& tape, const LagHistory& lag, QWidget* parent) : QWidget(parent), tape_(tape) {
    setObjectName(u"replayBar"_s);
    setAccessibleName(tr("Replay of the run"));
    line_ = new ReplayLine(tape, lag, this);
    const auto button = [this](const QString& text, const QString& tip) {
        auto* made = new QToolButton(this);
        made->setText(text);
        made->setToolTip(tip);
        made->setAutoRaise(true);
        return made;
    };
    play_ = button(tr("Play"), tr("Play on from this moment"));
    play_->setObjectName(u"replay-play"_s);
    play_->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Pause")) + 20);
    speed_ = button(u"1×"_s, tr("How fast it plays"));
    speed_->setAccessibleName(tr("Speed"));
    auto* close = button(tr("Back to now"), tr("Ends the replay: canvas, steps and chart show what runs"));
    close->setObjectName(u"replay-close"_s);
    told_ = new QLabel(this);
    told_->setObjectName(u"replay-told"_s);
    // What is said changes all the time; the line must not move with it.
    told_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 0, 0);
    top->setSpacing(4);
    top->addWidget(play_);
    top->addWidget(speed_);
    top->addWidget(told_, 1);
    top->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(2);
    layout->addLayout(top);
    layout->addWidget(line_);
    timer_.setInterval(kTickMs);
    connect(&timer_, &QTimer::timeout, this, &ReplayBar::advance);
    connect(play_, &QToolButton::clicked, this, [this] { setPlaying(!isPlaying()); });
    connect(speed_, &QToolButton::clicked, this, [this] {
        factor_ = factor_ >= 64 ? 1 : factor_ * 4;
        speed_->setText(u"%1×"_s.arg(factor_));
    });
    connect(close, &QToolButton::clicked, this, &ReplayBar::closed);
    connect(line_, &ReplayLine::moved, this, [this](qint64 atMs) {
        tell();
        emit moved(atMs);
    });
}

void ReplayBar::rewind() {
    setPlaying(false);
    line_->setAt(tape_.fromMs());
    tell();
}

void ReplayBar::setPlaying(bool playing) {
    if (playing && line_->at() >= tape_.toMs()) line_->setAt(tape_.fromMs());
    if (playing) {
        timer_.start();
    } else {
        timer_.stop();
    }
    play_->setText(playing ? tr("Pause") : tr("Play"));
}

void ReplayBar::advance() {
    line_->setAt(line_->at() + kTickMs * factor_);
    if (line_->at() >= tape_.toMs()) setPlaying(false);
}

void ReplayBar::tell() {
    const Millis atMs = line_->at();
    const TapeSpan* span = tape_.spanAt(atMs);
    const QString since = toQt(humanDuration(atMs - tape_.fromMs()));
    QString text = tr("<b>Replay</b> · %1 · %2 after the start").arg(clockText(atMs), since);
    if (span != nullptr) text += u" · "_s + span->title.toHtmlEscaped();
    if (tape_.lookCount() == 0) text += u" · "_s + tr("what the clusters were was not recorded: unknown");
    told_->setText(text);
}

}  // namespace tributary::desktop
