// The time line of a run that is over: steps, faults and the largest lag, with a head that is dragged.
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/desktop/live/laghistory.h"
#include "app/desktop/live/runtape.h"

class QLabel;
class QToolButton;

namespace tributary::desktop {

/// The line itself. Left and Right go to the next beginning or end of a step, with Shift by a second; Home and End to
/// the ends.
class ReplayLine final : public QWidget {
    Q_OBJECT
public:
    ReplayLine(const RunTape& tape, const LagHistory& lag, QWidget* parent = nullptr);

    [[nodiscard]] Millis at() const { return atMs_; }
    /// Clamped to the tape; moved() follows when it is another moment.
    void setAt(Millis atMs);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

signals:
    void moved(qint64 atMs);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] double xOf(Millis atMs) const;
    [[nodiscard]] Millis timeAt(double x) const;
    /// Some fault was in force meanwhile; without one it has no lane.
    [[nodiscard]] bool hasFaults() const;
    [[nodiscard]] int laneHeight() const { return fontMetrics().height() + 4; }
    void paintLag(QPainter& painter) const;
    void paintSteps(QPainter& painter) const;
    void paintFaults(QPainter& painter) const;
    void paintHead(QPainter& painter) const;

    const RunTape& tape_;
    const LagHistory& lag_;
    Millis atMs_ = 0;
};

/// The line with its buttons. Nothing is repainted while it stands still.
class ReplayBar final : public QWidget {
    Q_OBJECT
public:
    ReplayBar(const RunTape& tape, const LagHistory& lag, QWidget* parent = nullptr);

    [[nodiscard]] ReplayLine& line() { return *line_; }
    [[nodiscard]] bool isPlaying() const { return timer_.isActive(); }
    /// From the beginning.
    void rewind();
    void setPlaying(bool playing);

signals:
    void moved(qint64 atMs);
    void closed();

private:
    void advance();
    void tell();

    const RunTape& tape_;
    ReplayLine* line_ = nullptr;
    QToolButton* play_ = nullptr;
    QToolButton* speed_ = nullptr;
    QLabel* told_ = nullptr;
    QTimer timer_;
    int factor_ = 1;
};

}  // namespace tributary::desktop
