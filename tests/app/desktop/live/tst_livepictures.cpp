// Every dock drawn in light and dark at the sizes that docks have: nothing is empty, clipped to nothing, or unreadable.
// With TRIBUTARY_PICTURES=folder the pictures are kept, for people to look at.
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QSet>

#include "app/desktop/live/livedocks.h"
#include "app/desktop/live/runbookpanel.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;
using tributary::test::LiveWorld;

namespace {

QPalette darkPalette() {
    QPalette dark;
    for (const auto& [role, colour] : {std::pair{QPalette::Window, QColor(0x2b, 0x2d, 0x30)},
                                       {QPalette::WindowText, QColor(0xe6, 0xe6, 0xe6)},
                                       {QPalette::Base, QColor(0x1f, 0x21, 0x24)},
                                       {QPalette::AlternateBase, QColor(0x27, 0x29, 0x2d)},
                                       {QPalette::Text, QColor(0xe6, 0xe6, 0xe6)},
                                       {QPalette::Button, QColor(0x38, 0x3b, 0x40)},
                                       {QPalette::ButtonText, QColor(0xe6, 0xe6, 0xe6)},
                                       {QPalette::ToolTipBase, QColor(0x38, 0x3b, 0x40)},
                                       {QPalette::ToolTipText, QColor(0xe6, 0xe6, 0xe6)},
                                       {QPalette::PlaceholderText, QColor(0x9a, 0x9d, 0xa3)},
                                       {QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5)},
                                       {QPalette::HighlightedText, QColor(0xff, 0xff, 0xff)},
                                       {QPalette::Link, QColor(0x6c, 0xb3, 0xff)}}) {
        dark.setColor(role, colour);
    }
    const QColor faint(0x80, 0x83, 0x88);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        dark.setColor(QPalette::Disabled, role, faint);
    }
    return dark;
}

/// How many colours a picture has, counted on a raster: a blank one has few.
int coloursOf(const QImage& image) {
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 3) {
        for (int x = 0; x < image.width(); x += 3) seen.insert(image.pixel(x, y));
    }
    return static_cast<int>(seen.size());
}

}  // namespace

class LivePicturesTest : public QObject {
    Q_OBJECT
private slots:
    void drawsEveryDock();

private:
    static void keep(const QImage& image, const QString& name);
};

void LivePicturesTest::keep(const QImage& image, const QString& name) {
    const QString folder = qEnvironmentVariable("TRIBUTARY_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    QVERIFY(image.save(folder + u'/' + name + u".png"_s));
}

void LivePicturesTest::drawsEveryDock() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.load(3'000));
    QVERIFY(world.makeMultiMaster());
    LiveWorkspace& live = world.live();
    QWidget parent;
    auto docks = makeLiveDocks(live, &parent);
    live.sendFault({FaultKind::Cut, "sanfrancisco", "newyork", {}, true});
    QTRY_COMPARE_WITH_TIMEOUT(live.snapshot().status.faults.size(), std::size_t{1}, kPatientMs);
    QVERIFY(world.load(2'000, 10'000));
    const Millis from = live.snapshot().atMs;
    QTRY_VERIFY_WITH_TIMEOUT(live.snapshot().atMs > from + 4'000, kPatientMs);
    const QPalette light = QApplication::palette();
    for (const bool dark : {false, true}) {
        for (const LiveDock& dock : docks) {
            dock.widget->setParent(nullptr);
            dock.widget->setPalette(dark ? darkPalette() : light);
            for (const QSize size : {QSize(420, 600), QSize(900, 260)}) {
                dock.widget->resize(size);
                dock.widget->show();
                const Millis shown = live.snapshot().atMs;
                QTRY_VERIFY_WITH_TIMEOUT(live.snapshot().atMs > shown + 300, kPatientMs);
                const QImage image = dock.widget->grab().toImage();
                QVERIFY2(coloursOf(image) > 8, qPrintable(dock.id));
                keep(image, u"%1-%2-%3"_s.arg(dock.id, dark ? u"dark"_s : u"light"_s).arg(size.width()));
                const QSize least = dock.widget->minimumSizeHint();
                QVERIFY2(dock.widget->size() == size,
                         qPrintable(u"%1 needs %2 x %3"_s.arg(dock.id).arg(least.width()).arg(least.height())));
            }
        }
    }
    for (const LiveDock& dock : docks) dock.widget->setParent(&parent);
}

TRIBUTARY_TEST(LivePicturesTest)
#include "tst_livepictures.moc"
