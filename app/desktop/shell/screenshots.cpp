// The tour.
#include "app/desktop/shell/screenshots.h"

#include <QDir>
#include <QPixmap>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
/// Time for layouts, routing, rules and the overview to settle before a picture is taken.
constexpr int kSettleMs = 700;
/// Time for the example's clusters to start and to be looked at.
constexpr int kEngineMs = 6'000;
}  // namespace

ScreenshotTour::ScreenshotTour(MainWindow& window, ThemeHolder& themes, QString folder, QObject* parent)
    : QObject(parent), window_(window), themes_(themes), folder_(std::move(folder)) {
    QDir().mkpath(folder_);
    looks_ = {{QSize(1280, 800), ThemeKind::Light},
              {QSize(1280, 800), ThemeKind::Dark},
              {QSize(1920, 1080), ThemeKind::Light},
              {QSize(1920, 1080), ThemeKind::Dark}};
    addScenes();
}

void ScreenshotTour::addScenes() {
    Workbench& bench = window_.bench();
    const auto action = [this](const QString& id) { window_.actionTable().find(id)->trigger(); };
    scenes_ = {
        {u"welcome"_s, [] {}},
        {u"canvas"_s, [this] { window_.flow().openExample(u"multi-master"_s); }},
        {u"inspector"_s,
         [&bench] { bench.selection.select(linkRef("/mapr/sanfrancisco/customers", "/mapr/newyork/customers")); }},
        {u"broken-link"_s,
         [&bench] {
             bench.editor.setHalf(linkRef("/mapr/sanfrancisco/customers", "/mapr/newyork/customers"), false, false);
         }},
        {u"text"_s, [this] { window_.actionTable().find(u"view.text"_s)->setChecked(true); }},
        {u"palette"_s,
         [this, action] {
             window_.actionTable().find(u"view.text"_s)->setChecked(false);
             action(u"view.palette"_s);
         }},
        {u"ring"_s,
         [this] {
             window_.bench().view->setFocus();
             window_.bench().document.undoStack().undo();
             window_.flow().openExample(u"ring-of-three"_s);
             QTimer::singleShot(150, this, [this] {
                 Workbench& now = window_.bench();
                 now.document.place(now.scene->arranged(LayoutKind::Ring).layout, u"Ring"_s);
                 now.document.undoStack().setClean();
                 now.view->fit();
             });
         }},
        {u"live"_s,
         [this, action] {
             window_.flow().openExample(u"multi-master"_s);
             QTimer::singleShot(300, this, [action] { action(u"live.real"_s); });
         },
         kEngineMs}};
}

void ScreenshotTour::start() {
    window_.show();
    next();
}

void ScreenshotTour::next() {
    if (scene_ == scenes_.size()) {
        emit finished(failures_);
        return;
    }
    scenes_[scene_].show();
    look_ = 0;
    QTimer::singleShot(scenes_[scene_].settleMs, this, &ScreenshotTour::take);
}

void ScreenshotTour::take() {
    if (look_ == looks_.size()) {
        ++scene_;
        next();
        return;
    }
    const auto& [size, kind] = looks_[look_];
    window_.resize(size);
    if (themes_.theme().kind != kind) themes_.setKind(kind);
    if (!window_.showsWelcome()) QTimer::singleShot(kSettleMs / 2, window_.bench().view, &CanvasView::fit);
    QTimer::singleShot(kSettleMs, this, [this] {
        const auto& [wanted, theme] = looks_[look_];
        const QString name = u"%1/%2-%3x%4-%5.png"_s.arg(folder_, scenes_[scene_].name)
                                 .arg(wanted.width())
                                 .arg(wanted.height())
                                 .arg(theme == ThemeKind::Dark ? u"dark"_s : u"light"_s);
        if (!window_.grab().save(name)) ++failures_;
        ++look_;
        take();
    });
}

}  // namespace tributary::desktop
