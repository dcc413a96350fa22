// The filter bar.
#include "app/desktop/shell/filterbar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QToolButton>
#include <set>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

FilterBar::FilterBar(const DesktopDocument& document, CanvasScene& scene, const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent),
      document_(document),
      scene_(scene),
      text_(new QLineEdit(this)),
      system_(new QComboBox(this)),
      state_(new QComboBox(this)),
      count_(new QLabel(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(8);
    auto* end = new QToolButton(this);
    row->addWidget(text_, 1);
    row->addWidget(system_);
    row->addWidget(state_);
    row->addWidget(count_);
    row->addWidget(end);
    count_->setMinimumWidth(90);
    count_->setProperty("muted", true);
    text_->setObjectName(u"filterText"_s);
    text_->setPlaceholderText(tr("Show what is named so; Esc shows everything again"));
    text_->setAccessibleName(tr("Part of a name"));
    text_->setClearButtonEnabled(true);
    system_->setObjectName(u"filterSystem"_s);
    system_->setAccessibleName(tr("System"));
    state_->setObjectName(u"filterState"_s);
    state_->setAccessibleName(tr("State"));
    state_->addItem(tr("Any state"), static_cast<int>(CanvasFilter::State::Any));
    state_->addItem(tr("With problems"), static_cast<int>(CanvasFilter::State::Problems));
    state_->addItem(tr("Failing"), static_cast<int>(CanvasFilter::State::Failing));
    state_->addItem(tr("Held"), static_cast<int>(CanvasFilter::State::Held));
    state_->addItem(tr("Unknown"), static_cast<int>(CanvasFilter::State::Unknown));
    state_->addItem(tr("Not as drawn"), static_cast<int>(CanvasFilter::State::Differs));
    end->setIcon(iconOf(u"close"_s, themes.theme()));
    connect(&themes, &ThemeHolder::changed, end, [end, &themes] { end->setIcon(iconOf(u"close"_s, themes.theme())); });
    end->setAccessibleName(tr("Show everything again"));
    end->setToolTip(tr("Show everything again"));
    end->setAutoRaise(true);
    for (QWidget* each : std::initializer_list<QWidget*>{text_, system_, state_}) each->installEventFilter(this);
    connect(text_, &QLineEdit::textChanged, this, &FilterBar::take);
    connect(system_, &QComboBox::currentIndexChanged, this, &FilterBar::take);
    connect(state_, &QComboBox::currentIndexChanged, this, &FilterBar::take);
    connect(end, &QToolButton::clicked, this, &FilterBar::leave);
    connect(&scene_, &CanvasScene::filterCounted, this, &FilterBar::count);
    connect(&document_, &DesktopDocument::drawingChanged, this, [this] {
        if (isVisible()) renewSystems();
    });
    hide();
}

void FilterBar::open() {
    renewSystems();
    show();
    text_->setFocus();
    text_->selectAll();
    take();
}

void FilterBar::leave() {
    hide();
    scene_.setFilter({});
    emit closed();
}

void FilterBar::renewSystems() {
    std::set<std::string> drawn;
    for (const Cluster& each : document_.topology().clusters) drawn.insert(each.system);
    const QString chosen = system_->currentData().toString();
    const QSignalBlocker quiet(system_);
    system_->clear();
    system_->addItem(tr("Any system"), QString());
    for (const std::string& each : drawn) system_->addItem(QString::fromStdString(each), QString::fromStdString(each));
    system_->setCurrentIndex(std::max(0, system_->findData(chosen)));
    system_->setVisible(drawn.size() > 1);
}

void FilterBar::take() {
    if (isHidden()) return;
    CanvasFilter filter;
    filter.text = text_->text();
    filter.system = system_->currentData().toString().toStdString();
    filter.state = static_cast<CanvasFilter::State>(state_->currentData().toInt());
    scene_.setFilter(filter);
    count();
}

void FilterBar::count() {
    const int fits = scene_.filterCount();
    count_->setText(!scene_.filter().isOn() ? QString()
                    : fits == 0             ? tr("nothing fits")
                                            : tr("%n fit(s)", nullptr, fits));
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        leave();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace tributary::desktop
