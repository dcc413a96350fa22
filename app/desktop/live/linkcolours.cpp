// The set of Okabe and Ito, lightened for dark backgrounds.
#include "app/desktop/live/linkcolours.h"

#include <QPainter>
#include <QPixmap>
#include <array>

#include "app/desktop/live/livetext.h"
#include "core/systems/naming.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Text).lightness() > palette.color(QPalette::Base).lightness();
}

QPen linkPen(int index, const QPalette& palette) {
    static const std::array<QRgb, 8> kOnLight{0x0072b2, 0xd55e00, 0x007a5a, 0xb0508f,
                                              0x8a6d00, 0x2a7fb8, 0x7a4b1e, 0x444444};
    static const std::array<QRgb, 8> kOnDark{0x56b4e9, 0xff9a4d, 0x3fd1a5, 0xe79fc7,
                                             0xf0d548, 0x9ccbff, 0xd9a679, 0xd0d0d0};
    static const std::array<Qt::PenStyle, 3> kStyles{Qt::SolidLine, Qt::DashLine, Qt::DashDotLine};
    const auto at = static_cast<std::size_t>(index < 0 ? 0 : index);
    const QColor colour((isDark(palette) ? kOnDark : kOnLight)[at % kOnLight.size()]);
    // Neighbours differ in style as well, so that a print without colours can be read.
    return QPen(colour, 1.6, kStyles[(at + at / kOnLight.size()) % kStyles.size()]);
}

QIcon linkSwatch(int index, const QPalette& palette) {
    QPixmap pixmap(22, 12);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QPen pen = linkPen(index, palette);
    pen.setWidthF(2.4);
    painter.setPen(pen);
    painter.drawLine(1, 6, 21, 6);
    return QIcon(pixmap);
}

QString linkTitle(const std::string& from, const std::string& to) {
    const std::string a = clusterOf(from);
    const std::string b = clusterOf(to);
    if (a.empty() || b.empty()) return u"%1 → %2"_s.arg(toQt(from), toQt(to));
    const QString inA = toQt(from).section(u'/', 3);
    const QString inB = toQt(to).section(u'/', 3);
    const QString what = inA == inB ? inA : u"%1 → %2"_s.arg(inA, inB);
    return u"%1 → %2 · %3"_s.arg(toQt(a), toQt(b), what);
}

QColor alertColour(const QPalette& palette) {
    return isDark(palette) ? QColor(0xff, 0x9a, 0x7a) : QColor(0xb0, 0x32, 0x10);
}

QColor goodColour(const QPalette& palette) {
    return isDark(palette) ? QColor(0x6f, 0xd8, 0xa5) : QColor(0x1b, 0x74, 0x48);
}

}  // namespace tributary::desktop
