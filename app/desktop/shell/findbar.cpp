// The find bar.
#include "app/desktop/shell/findbar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <set>

#include "core/base/text.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

std::vector<ItemRef> allItems(const Topology& topology) {
    std::vector<ItemRef> out;
    for (const Region& each : topology.regions) out.push_back(regionRef(each.name));
    for (const Cluster& each : topology.clusters) {
        out.push_back(clusterRef(each.name));
        for (const Gateway& gateway : each.gateways) out.push_back(gatewayRef(each.name, gateway.name));
    }
    for (const Dataset& each : topology.datasets) out.push_back(datasetRef(each.path));
    std::set<ItemRef> links;
    for (const Replica& each : topology.replicas) links.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) links.insert(linkRef(each.from, each.at));
    out.insert(out.end(), links.begin(), links.end());
    for (const Wan& each : topology.wan) out.push_back(wanRef(each.a, each.b));
    return out;
}

std::vector<ItemRef> findItems(const Topology& topology, const std::string& text) {
    std::vector<ItemRef> out;
    const std::string wanted = toLower(text);
    if (wanted.empty()) return out;
    for (const ItemRef& each : allItems(topology)) {
        if (toLower(longName(each)).find(wanted) != std::string::npos) out.push_back(each);
    }
    return out;
}

FindBar::FindBar(const DesktopDocument& document, Selection& selection, QWidget* parent)
    : QWidget(parent),
      document_(document),
      selection_(selection),
      input_(new QLineEdit(this)),
      count_(new QLabel(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 6);
    row->addWidget(input_, 1);
    row->addWidget(count_);
    count_->setMinimumWidth(110);
    count_->setProperty("muted", true);
    input_->setObjectName(u"find"_s);
    input_->setPlaceholderText(tr("Find on the canvas: Enter next, Shift+Enter previous"));
    input_->setAccessibleName(tr("Find on the canvas"));
    input_->setClearButtonEnabled(true);
    input_->installEventFilter(this);
    connect(input_, &QLineEdit::textChanged, this, &FindBar::search);
    hide();
}

void FindBar::open() {
    show();
    input_->setFocus();
    input_->selectAll();
}

void FindBar::search() {
    found_ = findItems(document_.topology(), input_->text().trimmed().toStdString());
    current_ = 0;
    step(0);
}

void FindBar::step(int by) {
    if (found_.empty()) {
        count_->setText(input_->text().isEmpty() ? QString() : tr("nothing found"));
        return;
    }
    const auto size = static_cast<int>(found_.size());
    current_ = static_cast<std::size_t>((static_cast<int>(current_) + by + size) % size);
    count_->setText(tr("%1 of %2").arg(current_ + 1).arg(size));
    selection_.reveal(found_[current_]);
}

bool FindBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == input_ && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Escape) {
            hide();
            emit closed();
            return true;
        }
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            step(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace tributary::desktop
