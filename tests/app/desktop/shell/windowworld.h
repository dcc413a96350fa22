// A real main window with settings and folders of its own, driven by mouse and key events.
#pragma once

#include <QApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/desktop/shell/mainwindow.h"

namespace tributary::test {

class WindowWorld {
public:
    WindowWorld() : themes(desktop::ThemeKind::Light) {
        QStandardPaths::setTestModeEnabled(true);
        desktop::applyTheme(themes.theme());
        open();
    }
    /// A new window, as after a restart; the old one is gone.
    void open() {
        window.reset();
        settings = std::make_unique<QSettings>(dir.path() + QStringLiteral("/settings.ini"), QSettings::IniFormat);
        window = std::make_unique<desktop::MainWindow>(themes, *settings);
        window->resize(1280, 800);  // whatever the screen of the test is
        window->restorePlaces();
        window->show();
        QApplication::setActiveWindow(window.get());
    }
    [[nodiscard]] QString folder() const { return dir.path() + QStringLiteral("/work space"); }
    [[nodiscard]] desktop::Workbench& bench() const { return window->bench(); }
    [[nodiscard]] desktop::DesktopDocument& document() const { return window->bench().document; }
    [[nodiscard]] const Topology& drawing() const { return document().topology(); }
    [[nodiscard]] QPoint onCanvas(const QPointF& scenePos) const { return bench().view->mapFromScene(scenePos); }
    [[nodiscard]] QWidget* canvas() const { return bench().view->viewport(); }

    void click(const QPointF& scenePos, Qt::KeyboardModifiers keys = Qt::NoModifier) const {
        QTest::mouseClick(canvas(), Qt::LeftButton, keys, onCanvas(scenePos));
    }
    /// Presses, moves in steps and lets go, as a hand does.
    void drag(const QPointF& from, const QPointF& to) const {
        QTest::mouseMove(canvas(), {5, 5});  // what is queued (fitting, routing) happens before the hand aims
        const QPoint start = onCanvas(from);
        const QPoint end = onCanvas(to);
        QTest::mouseMove(canvas(), start);
        QTest::mousePress(canvas(), Qt::LeftButton, Qt::NoModifier, start);
        for (int i = 1; i <= 8; ++i) {
            const QPoint at = start + (end - start) * i / 8;
            QMouseEvent move(QEvent::MouseMove, at, canvas()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                             Qt::NoModifier);
            QApplication::sendEvent(canvas(), &move);
        }
        QTest::mouseRelease(canvas(), Qt::LeftButton, Qt::NoModifier, end);
    }
    /// As a window manager does when a dialog has closed.
    void activate() const { QApplication::setActiveWindow(window.get()); }
    /// Keys to whatever has the keyboard, as a person presses them.
    static void keys(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
    static void key(Qt::Key key, Qt::KeyboardModifiers keys = Qt::NoModifier) {
        QTest::keyClick(QApplication::focusWidget(), key, keys);
    }
    /// The pop-up menu that is open; nullptr without one.
    [[nodiscard]] static QMenu* menu() { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); }
    [[nodiscard]] bool hasProblem(const std::string& rule) const {
        const auto& findings = document().problems().findings();
        return std::any_of(findings.begin(), findings.end(), [&](const Finding& each) { return each.rule == rule; });
    }

    QTemporaryDir dir;
    desktop::ThemeHolder themes;
    std::unique_ptr<QSettings> settings;
    std::unique_ptr<desktop::MainWindow> window;
};

}  // namespace tributary::test
