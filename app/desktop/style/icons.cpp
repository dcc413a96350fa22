// Icons as paths of a 24 x 24 drawing, 1.8 wide lines.
#include "app/desktop/style/icons.h"

#include <QByteArray>
#include <QIconEngine>
#include <QMap>
#include <QPaintEngine>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

const QMap<QString, const char*>& shapes() {
    static const QMap<QString, const char*> kShapes{
        {u"new"_s, "<path d='M6 3h8l5 5v13H6z M14 3v5h5 M12 11v6 M9 14h6'/>"},
        {u"open"_s, "<path d='M3 19V6h6l2 2h9v3 M3 19l3-8h16l-3 8z'/>"},
        {u"save"_s, "<path d='M4 4h13l3 3v13H4z M8 4v5h8V4 M8 20v-7h8v7'/>"},
        {u"undo"_s, "<path d='M9 7L4 12l5 5 M4 12h10a6 6 0 0 1 6 6'/>"},
        {u"redo"_s, "<path d='M15 7l5 5-5 5 M20 12H10a6 6 0 0 0-6 6'/>"},
        {u"cut"_s,
         "<circle cx='6' cy='6' r='3'/><circle cx='6' cy='18' r='3'/><path d='M20 4L8.5 15.5 M20 20L8.5 8.5'/>"},
        {u"copy"_s, "<path d='M9 9h11v11H9z M5 15H4V4h11v1'/>"},
        {u"paste"_s, "<path d='M8 5H5v16h14V5h-3 M8 3h8v4H8z'/>"},
        {u"delete"_s, "<path d='M4 7h16 M9 7V4h6v3 M6 7l1 14h10l1-14 M10 11v6 M14 11v6'/>"},
        {u"cluster"_s, "<path d='M4 4h16v16H4z M4 9h16 M8 13h8v3H8z'/>"},
        {u"region"_s,
         "<path d='M3 7V3h4 M11 3h2 M17 3h4v4 M21 11v2 M21 17v4h-4 M13 21h-2 M7 21H3v-4 M3 13v-2 M7 8h4v4H7z M13 "
         "12h4v4h-4z'/>"},
        {u"bundle"_s, "<path d='M3 7h7c3 0 3 3 5 5 M3 12h18 M3 17h7c3 0 3-3 5-5 M17 8l4 4-4 4'/>"},
        {u"note"_s, "<path d='M4 4h16v11l-5 5H4z M15 20v-5h5 M8 9h8 M8 13h4'/>"},
        {u"filter"_s, "<path d='M3 5h18l-7 8v6l-4 2v-8z'/>"},
        {u"gateway"_s, "<circle cx='12' cy='12' r='8'/><path d='M8 12h8 M13 9l3 3-3 3'/>"},
        {u"binary-table"_s, "<path d='M4 5h16v14H4z M4 10h16 M4 14.5h16 M10 10v9'/>"},
        {u"json-table"_s,
         "<path d='M9 4C6 4 7 8 7 9.500S6 12 4 12c2 0 3 1 3 2.500S6 20 9 20 M15 4c3 0 2 4 2 5.500S18 12 20 12c-2 0-3 "
         "1-3 2.500S18 20 15 20'/>"},
        {u"stream"_s, "<path d='M3 7c3-3 6 3 9 0s6 3 9 0 M3 12.500c3-3 6 3 9 0s6 3 9 0 M3 18c3-3 6 3 9 0s6 3 9 0'/>"},
        {u"space"_s, "<path d='M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0z M4 6c0 4 16 4 16 0 M4 12c0 4 16 4 16 0'/>"},
        {u"dr-table"_s, "<path d='M4 5h16v14H4z M4 10h16 M9 10v9 M12 14.500h5 M15 12.500l2 2-2 2'/>"},
        {u"instance"_s, "<path d='M4 4h16v7H4z M4 13h16v7H4z M8 7.500h.2 M8 16.500h.2 M12 7.500h5 M12 16.500h5'/>"},
        {u"link"_s, "<circle cx='5' cy='12' r='2.500'/><path d='M7.500 12H20 M16 8l4 4-4 4'/>"},
        {u"link-broken"_s,
         "<circle cx='5' cy='12' r='2.500'/><path d='M7.500 12H11 M14 12h6 M16 8l4 4-4 4 M12 7l1 2 M12.500 "
         "17l0.500-2'/>"},
        {u"wan"_s, "<circle cx='12' cy='12' r='9'/><path d='M3 12h18 M12 3c4 5 4 13 0 18 M12 3c-4 5-4 13 0 18'/>"},
        {u"fit"_s, "<path d='M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5'/>"},
        {u"zoom-in"_s,
         "<circle cx='10.500' cy='10.500' r='6.500'/><path d='M15.500 15.500L21 21 M10.500 7.500v6 M7.500 10.500h6'/>"},
        {u"zoom-out"_s, "<circle cx='10.500' cy='10.500' r='6.500'/><path d='M15.500 15.500L21 21 M7.500 10.500h6'/>"},
        {u"search"_s, "<circle cx='10.500' cy='10.500' r='6.500'/><path d='M15.500 15.500L21 21'/>"},
        {u"text"_s, "<path d='M4 6h10 M4 11h16 M4 16h7 M15 16l2.500 2.500L22 14'/>"},
        {u"layout"_s, "<path d='M9 3h6v5H9z M3 16h6v5H3z M15 16h6v5h-6z M12 8v4 M6 16v-4h12v4'/>"},
        {u"grid"_s, "<path d='M4 4h16v16H4z M4 9.300h16 M4 14.700h16 M9.300 4v16 M14.700 4v16'/>"},
        {u"run"_s, "<path d='M7 4l13 8-13 8z'/>"},
        {u"export"_s, "<path d='M12 15V3 M8 7l4-4 4 4 M4 14v6h16v-6'/>"},
        {u"command"_s, "<path d='M5 8l4 4-4 4 M12 17h7'/>"},
        {u"help"_s,
         "<circle cx='12' cy='12' r='9'/><path d='M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700 M12 "
         "16.800v.2'/>"},
        {u"pin"_s, "<path d='M9 4h6l-1 7 3 3H7l3-3z M12 14v7'/>"},
        {u"fix"_s,
         "<path d='M14.500 6a4.500 4.500 0 0 1 5.500-1l-3 3 1 2 2 1 3-3a4.500 4.500 0 0 1-6 5L9 21l-4-4 8.500-8A4.500 "
         "4.500 0 0 1 14.500 6z' transform='translate(-1 0)'/>"},
        {u"check"_s, "<path d='M4 13l5 5L20 6'/>"},
        {u"close"_s, "<path d='M6 6l12 12 M18 6L6 18'/>"},
        {u"error"_s,
         "<path d='M8.300 3h7.400L21 8.300v7.400L15.700 21H8.300L3 15.700V8.300z M12 7.500v5.500 M12 16.300v.2'/>"},
        {u"warning"_s, "<path d='M12 4l9.500 16h-19z M12 10v5 M12 17.300v.2'/>"},
        {u"info"_s, "<circle cx='12' cy='12' r='9'/><path d='M12 11v6 M12 7.300v.2'/>"},
        {u"lock"_s, "<path d='M5 11h14v10H5z M8 11V7a4 4 0 0 1 8 0v4'/>"},
        {u"theme"_s, "<circle cx='12' cy='12' r='9'/><path d='M12 3v18 M12 7h7 M12 12h9 M12 17h7'/>"},
        {u"differs"_s, "<path d='M5 9h14 M5 15h14 M16 4L8 20'/>"},
        {u"ghost"_s, "<path d='M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M11 4h2 M11 20h2 M4 11v2 M20 11v2'/>"},
        {u"unknown"_s, "<path d='M8.500 8.500a3.500 3.500 0 1 1 5 3.200c-1 .5-1.500 1.200-1.500 2.300 M12 18v.2'/>"},
        {u"pause"_s, "<path d='M8 5v14 M16 5v14'/>"},
        {u"chevron-down"_s, "<path d='M6 9l6 6 6-6'/>"},
        {u"chevron-right"_s, "<path d='M9 6l6 6-6 6'/>"},
        {u"logo"_s, "<path d='M4 5c8 0 8 7 16 7 M4 12h16 M4 19c8 0 8-7 16-7'/><circle cx='20' cy='12' r='1.600'/>"},
    };
    return kShapes;
}

QByteArray svgOf(const QString& name, const QColor& colour) {
    const char* shape = shapes().value(name, nullptr);
    if (shape == nullptr) return {};
    return QByteArray("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='") +
           colour.name().toUtf8() + "' stroke-width='1.800' stroke-linecap='round' stroke-linejoin='round'>" + shape +
           "</svg>";
}

/// Draws the line icon at whatever size and scale is asked for.
class LineIconEngine final : public QIconEngine {
public:
    LineIconEngine(QString name, QColor colour) : name_(std::move(name)), colour_(colour) {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override {
        QColor colour = colour_;
        painter->save();
        if (mode == QIcon::Disabled) painter->setOpacity(0.35);
        paintIcon(*painter, name_, rect, colour);
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap out(size);
        out.fill(Qt::transparent);
        QPainter painter(&out);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return out;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new LineIconEngine(name_, colour_); }

private:
    QString name_;
    QColor colour_;
};

}  // namespace

QIcon iconOf(const QString& name, const QColor& colour) {
    return shapes().contains(name) ? QIcon(new LineIconEngine(name, colour)) : QIcon();
}

QIcon iconOf(const QString& name, const Theme& theme) {
    return iconOf(name, theme.text);
}

void paintIcon(QPainter& painter, const QString& name, const QRectF& where, const QColor& colour) {
    // On the screen a picture of the icon at this very size is kept: reading SVG for each card would cost a frame.
    const bool toScreen = painter.paintEngine()->type() == QPaintEngine::Raster;
    const double scale = painter.worldTransform().m11() * painter.device()->devicePixelRatioF();
    const QSize pixels = (where.size() * scale).toSize().expandedTo({1, 1});
    if (toScreen && pixels.width() <= 128) {
        const QString key =
            u"icon/%1/%2/%3x%4"_s.arg(name, colour.name(QColor::HexArgb)).arg(pixels.width()).arg(pixels.height());
        QPixmap picture;
        if (!QPixmapCache::find(key, &picture)) {
            picture = QPixmap(pixels);
            picture.fill(Qt::transparent);
            QPainter inside(&picture);
            inside.setRenderHint(QPainter::Antialiasing);
            QSvgRenderer(svgOf(name, colour)).render(&inside, QRectF(QPointF(), QSizeF(pixels)));
            inside.end();
            QPixmapCache::insert(key, picture);
        }
        painter.drawPixmap(where, picture, QRectF(QPointF(), QSizeF(pixels)));
        return;
    }
    QSvgRenderer renderer(svgOf(name, colour));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, where);
    painter.restore();
}

QString severityIcon(Severity severity) {
    switch (severity) {
        case Severity::Error: return u"error"_s;
        case Severity::Warning: return u"warning"_s;
        case Severity::Info: return u"info"_s;
    }
    return u"error"_s;
}

QColor severityColour(Severity severity, const Theme& theme) {
    switch (severity) {
        case Severity::Error: return theme.bad;
        case Severity::Warning: return theme.warn;
        case Severity::Info: return theme.info;
    }
    return theme.bad;
}

}  // namespace tributary::desktop
