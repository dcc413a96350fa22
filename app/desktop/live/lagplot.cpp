// The plot as a widget: live view, keys, mouse, export.
#include "app/desktop/live/lagplot.h"

#include <fmt/format.h>

#include <QSvgGenerator>
#include <algorithm>

#include "app/desktop/live/lagcanvas.h"
#include "app/desktop/live/livetext.h"

namespace tributary::desktop {
namespace {

constexpr int kKeySteps = 60;  // crosshair steps over the time on show
constexpr double kKeyZoom = 1.5;
constexpr Millis kLiveSpanMinMs = 30'000;

std::string isoSeconds(Millis atMs) {
    return toStd(QDateTime::fromMSecsSinceEpoch(atMs, Qt::UTC).toString(Qt::ISODate));
}

}  // namespace

LagPlot::LagPlot(const LagHistory& history, QWidget* parent) : QWidget(parent), history_(history) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Lag chart"));
    setAccessibleDescription(
        tr("Time behind and backlog of each link. Left and Right move the crosshair, plus and minus zoom, "
           "End returns to live. The table below tells the same figures."));
    setMinimumSize(160, 120);
    canvas_ = std::make_unique<Canvas>(*this, [this] { userMoved(); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(&canvas_->plot());
    canvas_->plot().setMouseTracking(true);
    canvas_->plot().installEventFilter(this);
    canvas_->plot().setFocusProxy(this);
}

LagPlot::~LagPlot() = default;

void LagPlot::setView(const LagView& view) {
    view_ = view;
    redraw(nowMs_);
}

void LagPlot::setCurves(std::vector<LagCurve> curves) {
    curves_ = std::move(curves);
}

void LagPlot::setLive(bool live) {
    if (live_ == live) return;
    live_ = live;
    emit liveChanged(live);
    redraw(nowMs_);
}

void LagPlot::userMoved() {
    setLive(false);
    emit redrawWanted();
}

void LagPlot::showMoment(Millis fromMs, Millis toMs, Millis atMs) {
    setLive(false);
    const std::pair<Millis, Millis> wanted{fromMs, std::max(toMs, fromMs + kLiveSpanMinMs)};
    if (range() != wanted) {
        canvas_->setRange(wanted.first, wanted.second);
        emit redrawWanted();
    }
    canvas_->setCross(atMs);
}

void LagPlot::clearMoment() {
    canvas_->setCross(0);
    setLive(true);
}

void LagPlot::redraw(Millis nowMs) {
    nowMs_ = nowMs;
    // A young history fills the picture instead of standing at its right edge.
    const Millis oldestMs = history_.oldestMs() == 0 ? nowMs : history_.oldestMs();
    const Millis spanMs = std::clamp(nowMs - oldestMs, std::min(kLiveSpanMinMs, view_.windowMs), view_.windowMs);
    if (live_) canvas_->setRange(nowMs - spanMs, nowMs + forecastMs(spanMs));
    canvas_->draw(history_, view_, curves_);
}

Millis LagPlot::forecastMs(Millis spanMs) const {
    Millis aheadMs = 0;
    for (const LagCurve& curve : curves_) {
        const LinkTrack* track = history_.link(curve.id);
        if (track == nullptr) continue;
        if (const auto drain = drainForecast(*track, view_.backlog, nowMs_)) aheadMs = std::max(aheadMs, drain->forMs);
    }
    return std::min(aheadMs, spanMs / 3);
}

std::pair<Millis, Millis> LagPlot::range() const {
    return canvas_->range();
}

void LagPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        canvas_->applyPalette();
        redraw(nowMs_);
    }
    QWidget::changeEvent(event);
}

void LagPlot::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    canvas_->arrange();
    emit redrawWanted();
}

void LagPlot::keyPressEvent(QKeyEvent* event) {
    const auto [fromMs, toMs] = range();
    const Millis step = std::max<Millis>(1'000, (toMs - fromMs) / kKeySteps);
    const Millis cross = canvas_->cross() == 0 ? toMs : canvas_->cross();
    switch (event->key()) {
        case Qt::Key_Left: canvas_->setCross(std::max(fromMs, cross - step)); break;
        case Qt::Key_Right: canvas_->setCross(std::min(toMs, cross + step)); break;
        case Qt::Key_Escape: canvas_->setCross(0); break;
        case Qt::Key_End: setLive(true); break;
        case Qt::Key_PageUp:
        case Qt::Key_PageDown: {
            const Millis by = (event->key() == Qt::Key_PageUp ? -1 : 1) * (toMs - fromMs) / 2;
            canvas_->setRange(fromMs + by, toMs + by);
            userMoved();
            break;
        }
        case Qt::Key_Plus:
        case Qt::Key_Minus: {
            const double factor = event->key() == Qt::Key_Plus ? 1 / kKeyZoom : kKeyZoom;
            const auto span = static_cast<Millis>(static_cast<double>(toMs - fromMs) * factor);
            canvas_->setRange(toMs - std::max<Millis>(5'000, span), toMs);
            userMoved();
            break;
        }
        default: QWidget::keyPressEvent(event); break;
    }
}

bool LagPlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched != &canvas_->plot()) return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::MouseMove) {
        const QPoint pos = static_cast<QMouseEvent*>(event)->pos();
        canvas_->setCross(canvas_->timeAt(pos));
        const TimeMark* mark = canvas_->markAt(pos, history_.marks());
        canvas_->plot().setToolTip(mark == nullptr ? QString() : mark->id + u'\n' + mark->text);
        canvas_->plot().setCursor(mark == nullptr ? Qt::CrossCursor : Qt::PointingHandCursor);
    } else if (event->type() == QEvent::Leave) {
        canvas_->setCross(0);
    } else if (event->type() == QEvent::MouseButtonRelease) {
        const TimeMark* mark = canvas_->markAt(static_cast<QMouseEvent*>(event)->pos(), history_.marks());
        if (mark != nullptr) emit markClicked(mark->id, mark->atMs);
    }
    return QWidget::eventFilter(watched, event);
}

Status LagPlot::savePng(const QString& file) {
    if (canvas_->plot().savePng(file, 0, 0, 2.0)) return okStatus();
    return Error{ErrorCode::Io, "the picture cannot be written", toStd(file), "choose another folder"};
}

Status LagPlot::savePdf(const QString& file) {
    if (canvas_->plot().savePdf(file)) return okStatus();
    return Error{ErrorCode::Io, "the picture cannot be written", toStd(file), "choose another folder"};
}

Status LagPlot::saveSvg(const QString& file) {
    QSvgGenerator picture;
    picture.setFileName(file);
    picture.setSize(canvas_->plot().size());
    picture.setViewBox(canvas_->plot().rect());
    picture.setTitle(tr("Lag"));
    QCPPainter painter;
    const bool begun = painter.begin(&picture);
    if (begun) {
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        canvas_->plot().toPainter(&painter, canvas_->plot().width(), canvas_->plot().height());
        painter.end();
    }
    if (begun && QFileInfo(file).size() > 0) return okStatus();
    return Error{ErrorCode::Io, "the picture cannot be written", toStd(file), "choose another folder"};
}

std::string lagCsv(const LagHistory& history, const std::vector<std::string>& ids, Millis fromMs, Millis toMs) {
    constexpr Millis kStepMs = 1'000;
    constexpr std::size_t kColumnsMax = 20'000;
    std::string out =
        "time_utc,link,lag_max_ms,transport_lag_max_ms,apply_lag_max_ms,bytes_pending_max,"
        "operations_pending_max,bytes_per_s_max,operations_per_s_max,idle_max_ms,offsets_behind_max\n";
    fromMs -= fromMs % kStepMs;
    const auto columns = std::min(kColumnsMax, static_cast<std::size_t>(std::max<Millis>(0, toMs - fromMs) / kStepMs));
    if (columns == 0) return out;
    for (const std::string& id : ids) {
        const LinkTrack* track = history.link(id);
        if (track == nullptr) continue;
        std::vector<std::vector<LagColumn>> told;
        told.reserve(std::size(kAllLagFigures));
        for (const LagFigure figure : kAllLagFigures) told.push_back(columnsOf(*track, figure, fromMs, toMs, columns));
        for (std::size_t i = 0; i < told.front().size(); ++i) {
            out += fmt::format("{},\"{}\"", isoSeconds(told.front()[i].fromMs), id);
            for (const auto& figure : told) {
                out += figure[i].max ? fmt::format(",{}", *figure[i].max) : std::string(",");
            }
            out += '\n';
        }
    }
    return out;
}

}  // namespace tributary::desktop
