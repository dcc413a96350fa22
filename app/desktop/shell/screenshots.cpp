// The tour.
#include "app/desktop/shell/screenshots.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPixmap>
#include <QSpinBox>
#include <QTabBar>
#include <QTimer>
#include <algorithm>
#include <cstdio>

#include "app/desktop/live/datapanel.h"
#include "app/desktop/live/plancontrol.h"
#include "app/desktop/live/replaybar.h"
#include "app/desktop/shell/largedrawing.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

/// Time for layouts, routing, rules and the overview to settle before a picture is taken.
constexpr int kSettleMs = 700;
/// A state that is not there by then never comes.
constexpr int kReadyMs = 30'000;
constexpr int kLookMs = 100;
/// The step of multi-master-setup, counted from 0, that is shown waiting: the load.
constexpr int kWaitingStep = 9;
const std::string kSource = "/mapr/sanfrancisco/customers";
const std::string kReplica = "/mapr/newyork/customers";

}  // namespace

ScreenshotTour::ScreenshotTour(MainWindow& window, LiveBridge& bridge, ThemeHolder& themes, QString folder,
                               QObject* parent)
    : QObject(parent), window_(window), bridge_(bridge), themes_(themes), folder_(std::move(folder)) {
    QDir().mkpath(folder_);
    looks_ = {{QSize(1280, 800), ThemeKind::Light, u"light"_s},
              {QSize(1280, 800), ThemeKind::Dark, u"dark"_s},
              {QSize(1280, 800), ThemeKind::Contrast, u"contrast"_s},
              {QSize(1920, 1080), ThemeKind::Light, u"light"_s},
              {QSize(1920, 1080), ThemeKind::Dark, u"dark"_s}};
    addDrawingScenes();
    addLargeScenes();
    addRunScenes();
    addObservedScenes();
    addFaultScenes();
}

void ScreenshotTour::addDrawingScenes() {
    Workbench& bench = window_.bench();
    const ItemRef link = linkRef(kSource, kReplica);
    const auto action = [this](const QString& id) { return window_.actionTable().find(id); };
    scenes_ = {{u"welcome"_s, [] {}, {}},
               {u"empty"_s, [this] { window_.flow().createNew(); }, {}},
               {u"canvas"_s, [this] { window_.flow().openExample(u"multi-master"_s); }, {}},
               {u"inspector"_s, [&bench, link] { bench.selection.select(link); }, {}},
               {u"broken-link"_s, [&bench, link] { bench.editor.setHalf(link, false, false); }, {}},
               {u"text"_s, [action] { action(u"view.text"_s)->setChecked(true); }, {}},
               {u"palette"_s,
                [action] {
                    action(u"view.text"_s)->setChecked(false);
                    action(u"view.palette"_s)->trigger();
                },
                {}},
               {u"replica-set"_s,
                [this] {
                    window_.bench().view->setFocus();
                    window_.bench().document.undoStack().setClean();
                    window_.flow().openExample(u"tarantool-master-master"_s);
                },
                {}},
               {u"database"_s, [this] { window_.flow().openExample(u"voltdb-passive-dr"_s); }, {}},
               {u"ring"_s,
                [this] {
                    window_.bench().view->setFocus();
                    window_.flow().openExample(u"ring-of-three"_s);
                    QTimer::singleShot(150, this, [this] {
                        Workbench& now = window_.bench();
                        now.document.place(now.scene->arranged(LayoutKind::Ring).layout, u"Ring"_s);
                        now.document.undoStack().setClean();
                        now.view->fit();
                    });
                },
                {}}};
}

void ScreenshotTour::addLargeScenes() {
    Workbench& bench = window_.bench();
    const auto collapse = [this](const QString& id) {
        return [this, id] { window_.actionTable().find(id)->trigger(); };
    };
    scenes_.push_back({u"large"_s,
                       [this, &bench] {
                           window_.flow().createNew();
                           bench.tell(bench.document.editText(largeDrawingText()));
                           QTimer::singleShot(200, this, [&bench] {
                               const LayoutSidecar layout = bench.scene->arranged(LayoutKind::Layered).layout;
                               bench.document.place(layout, u"Layers"_s);
                               bench.view->fit();
                           });
                       },
                       {},
                       2'000});
    scenes_.push_back({u"large-selected"_s, [&bench] { bench.selection.select(clusterRef("site-030")); }, {}});
    scenes_.push_back({u"large-filtered"_s,
                       [&bench] {
                           bench.selection.clear();
                           bench.filter->open();
                           bench.filter->findChild<QLineEdit*>(u"filterText"_s)->setText(u"stock"_s);
                       },
                       {}});
    scenes_.push_back({u"regions"_s,
                       [&bench, collapse] {
                           bench.filter->leave();
                           collapse(u"region.collapse-all"_s)();
                       },
                       {}});
    scenes_.push_back({u"legend"_s,
                       [this, &bench] {
                           window_.actionTable().find(u"view.legend"_s)->setChecked(true);
                           bench.selection.select(bundleRef(regionEnd("europe"), regionEnd("far-east")));
                       },
                       {}});
    scenes_.push_back({u"region-open"_s,
                       [this, &bench] {
                           window_.actionTable().find(u"view.legend"_s)->setChecked(false);
                           LayoutSidecar layout = bench.scene->effectiveLayout();
                           layout.erase(regionRef("europe"));
                           bench.selection.clear();
                           bench.document.place(layout, u"Expand"_s);
                       },
                       {}});
}

void ScreenshotTour::addRunScenes() {
    const auto phase = [this] { return bridge_.live() == nullptr ? RunPhase::Idle : bridge_.live()->run().phase(); };
    scenes_.push_back({u"plan"_s,
                       [this] {
                           window_.bench().document.undoStack().setClean();
                           window_.flow().openExample(u"multi-master"_s);
                           QTimer::singleShot(300, this, [this] { bridge_.makeReal(); });
                       },
                       [this] {
                           LiveWorkspace* live = bridge_.live();
                           return live != nullptr && live->plan().phase() == PlanPhase::Ready;
                       }});
    scenes_.push_back({u"runbook"_s,
                       [this] {
                           raise(u"runbook"_s);
                           RunControl& run = bridge_.live()->run();
                           run.choose(u"multi-master-setup"_s);
                           connect(&run, &RunControl::runbookChanged, this, [this, &run] {
                               disconnect(&run, &RunControl::runbookChanged, this, nullptr);
                               run.setParameters({{"source", kSource}, {"replica", kReplica}});
                           });
                       },
                       [this] { return bridge_.live()->run().parametersComplete(); }});
    scenes_.push_back({u"writer"_s,
                       [this] {
                           auto* data = qobject_cast<DataPanel*>(raise(u"data"_s));
                           data->showTable(QString::fromStdString(kSource));
                           for (auto* rate : data->findChildren<QSpinBox*>()) {
                               if (rate->maximum() > 100) rate->setValue(1000);
                           }
                           press(u"data"_s, u"data-write"_s);
                           QTimer::singleShot(2'000, data, [data] { data->rows().reload(); });
                       },
                       {},
                       4'000});
    scenes_.push_back({u"step"_s,
                       [this] {
                           raise(u"lag"_s);
                           bridge_.live()->run().start(true);
                       },
                       [this] {
                           RunControl& run = bridge_.live()->run();
                           if (!run.question()) return false;
                           if (run.steps().rowOf(run.question()->stepId) >= kWaitingStep) return true;
                           run.step();
                           return false;
                       }});
    scenes_.push_back(
        {u"lag"_s, [this] { bridge_.live()->run().runOn(); }, [phase] { return phase() == RunPhase::Ended; }, 6'000});
    scenes_.push_back({u"replay"_s,
                       [this] {
                           bridge_.startReplay();
                           const RunTape& tape = bridge_.live()->run().tape();
                           bridge_.replay()->line().setAt(tape.fromMs() + (tape.toMs() - tape.fromMs()) * 2 / 3);
                       },
                       {},
                       1'000});
    scenes_.push_back({u"data"_s,
                       [this] {
                           bridge_.endReplay();
                           press(u"data"_s, u"data-write"_s);
                           auto* data = raise(u"data"_s);
                           QTimer::singleShot(2'500, data, [this, data] {
                               for (auto* tabs : data->findChildren<QTabBar*>()) tabs->setCurrentIndex(1);
                               press(u"data"_s, u"data-compare"_s);
                           });
                       },
                       {},
                       5'000});
}

void ScreenshotTour::addObservedScenes() {
    const ItemRef site = clusterRef("newyork");
    const auto isGhost = [this, site] { return window_.bench().scene->isGhost(site); };
    scenes_.push_back({u"ghosts"_s,
                       [this, site] {
                           window_.bench().editor.remove({site});
                           raise(u"inspector"_s);
                           raise(u"problems"_s);
                       },
                       [this, site, isGhost] {
                           if (isGhost()) window_.bench().selection.select(site);
                           return isGhost();
                       }});
    scenes_.push_back({u"observed"_s,
                       [this] {
                           window_.bench().document.undoStack().undo();
                           window_.bench().selection.select(linkRef(kSource, kReplica));
                       },
                       [isGhost] { return !isGhost(); }, 1'000});
}

void ScreenshotTour::addFaultScenes() {
    scenes_.push_back({u"fault"_s,
                       [this] {
                           press(u"data"_s, u"data-write"_s);
                           window_.bench().selection.select(linkRef(kSource, kReplica));
                           window_.actionTable().find(u"fault.cut-one-way"_s)->trigger();
                           raise(u"lag"_s);
                           raise(u"faults"_s);
                       },
                       [this] {
                           const auto& clusters = bridge_.live()->snapshot().status.clusters;
                           return std::any_of(clusters.begin(), clusters.end(),
                                              [](const app::ClusterRow& each) { return !each.alarms.empty(); });
                       },
                       4'000});
    scenes_.push_back({u"alarms"_s, [this] { raise(u"alarms"_s); }, {}});
    // While the link is cut: rows of the writer exist at one end only, and the plan says so.
    scenes_.push_back({u"undo-plan"_s,
                       [this] {
                           raise(u"runbook"_s);
                           bridge_.live()->run().undo();
                       },
                       [this] {
                           const std::optional<RunQuestion>& asked = bridge_.live()->run().question();
                           return asked && asked->kind == RunQuestion::Kind::UndoPlan;
                       }});
}

QWidget* ScreenshotTour::raise(const QString& dock) {
    QDockWidget* found = window_.panel(dock);
    found->show();
    found->raise();
    return found->widget();
}

template <typename Widget>
Widget* ScreenshotTour::part(const QString& dock, const QString& name) {
    return window_.panel(dock)->findChild<Widget*>(name);
}

void ScreenshotTour::press(const QString& dock, const QString& button) {
    part<QAbstractButton>(dock, button)->click();
}

void ScreenshotTour::keepOnly(const QStringList& names) {
    std::erase_if(scenes_, [&](const Scene& each) { return !names.contains(each.name); });
}

void ScreenshotTour::start() {
    window_.show();
    next();
}

void ScreenshotTour::next() {
    if (scene_ == scenes_.size()) {
        window_.bench().document.close();  // no recovery of what the tour drew
        emit finished(failures_);
        return;
    }
    scenes_[scene_].show();
    look_ = 0;
    wait(kReadyMs);
}

void ScreenshotTour::wait(int leftMs) {
    const Scene& scene = scenes_[scene_];
    if (scene.ready && !scene.ready()) {
        if (leftMs > 0) {
            QTimer::singleShot(kLookMs, this, [this, leftMs] { wait(leftMs - kLookMs); });
            return;
        }
        std::fprintf(stderr, "the state '%s' did not come within %d s\n", qPrintable(scene.name), kReadyMs / 1000);
        ++failures_;
    }
    QTimer::singleShot(scene.lingerMs, this, &ScreenshotTour::take);
}

void ScreenshotTour::take() {
    if (look_ == looks_.size()) {
        ++scene_;
        next();
        return;
    }
    const Look& look = looks_[look_];
    const bool resized = window_.size() != look.size;
    window_.resize(look.size);
    if (themes_.theme().kind != look.theme) themes_.setKind(look.theme);
    if (!window_.showsWelcome()) QTimer::singleShot(kSettleMs / 2, window_.bench().view, &CanvasView::fit);
    // As at a first start on a screen of this size.
    if (resized && !window_.showsWelcome()) window_.sizePanels();
    QTimer::singleShot(kSettleMs, this, [this] {
        const Look& now = looks_[look_];
        const QString name = u"%1/%2-%3x%4-%5.png"_s.arg(folder_, scenes_[scene_].name)
                                 .arg(now.size.width())
                                 .arg(now.size.height())
                                 .arg(now.name);
        if (!window_.grab().save(name)) ++failures_;
        ++look_;
        take();
    });
}

}  // namespace tributary::desktop
