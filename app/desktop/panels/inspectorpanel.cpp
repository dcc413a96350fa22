// The inspector's building blocks and when it is built anew.
#include "app/desktop/panels/inspectorpanel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QStyle>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
/// Lets a path wrap after its slashes.
QString breakable(QString path) {
    return path.replace(u'/', u"/\u200b"_s);
}
}  // namespace

InspectorPanel::InspectorPanel(DesktopDocument& document, DrawingEditor& editor, Selection& selection,
                               const ThemeHolder& themes, QWidget* parent)
    : QScrollArea(parent), document_(document), editor_(editor), selection_(selection), themes_(themes) {
    setObjectName(u"inspector"_s);
    setAccessibleName(tr("Inspector"));
    setWidgetResizable(true);
    setMinimumWidth(270);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    rebuild_.setSingleShot(true);
    rebuild_.setInterval(0);
    connect(&rebuild_, &QTimer::timeout, this, &InspectorPanel::rebuild);
    connect(&selection_, &Selection::changed, &rebuild_, qOverload<>(&QTimer::start));
    connect(&document_, &DesktopDocument::drawingChanged, &rebuild_, qOverload<>(&QTimer::start));
    connect(&document_, &DesktopDocument::stateChanged, this, [this] {
        if (form_ != nullptr) form_->parentWidget()->setEnabled(document_.editable());
    });
    connect(&themes_, &ThemeHolder::changed, &rebuild_, qOverload<>(&QTimer::start));
    rebuild();
}

void InspectorPanel::focusFirst() {
    for (QWidget* each : page_->findChildren<QWidget*>()) {
        if ((each->focusPolicy() & Qt::TabFocus) != 0 && each->isEnabled()) {
            each->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void InspectorPanel::rebuild() {
    const QString focused = focusWidget() == nullptr ? QString() : focusWidget()->objectName();
    auto* page = new QWidget;
    page->setObjectName(u"inspectorPage"_s);
    page->setAttribute(Qt::WA_StyledBackground);
    page->setStyleSheet(u"QWidget#inspectorPage { background: %1; }"_s.arg(themes_.theme().panel.name()));
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    page_ = page;
    auto* box = new QWidget(page);
    form_ = new QFormLayout(box);
    form_->setContentsMargins(0, 0, 0, 0);
    form_->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form_->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form_->setVerticalSpacing(7);
    form_->setHorizontalSpacing(10);
    column->addWidget(box);
    comparison_ = nullptr;
    actions_.clear();
    fill();
    box->setEnabled(document_.editable());
    addObserved(*column);
    column->addStretch();
    setWidget(page);  // deletes the old page
    if (!focused.isEmpty()) {
        if (auto* same = page->findChild<QWidget*>(focused)) same->setFocus();
    }
}

void InspectorPanel::fill() {
    const Topology& topology = document_.topology();
    if (selection_.items().size() > 1) return showMany();
    const ItemRef ref = selection_.single();
    if (ref.kind == ItemRef::Kind::Bundle) return showBundle(ref);
    if (ref.kind == ItemRef::Kind::Note) return showNote(ref);
    if (!isDrawn(topology, ref)) {
        const Ghost* ghost = ghostOf(ghosts_, ref);
        return ghost == nullptr ? showNothing() : showGhost(*ghost);
    }
    switch (ref.kind) {
        case ItemRef::Kind::None: break;
        case ItemRef::Kind::Cluster: showCluster(*topology.cluster(ref.a)); break;
        case ItemRef::Kind::Dataset: showDataset(*topology.dataset(ref.a)); break;
        case ItemRef::Kind::Link: showLink(ref); break;
        case ItemRef::Kind::Member:
            showMember(*topology.cluster(ref.a), *topology.cluster(ref.a)->member(ref.b));
            break;
        case ItemRef::Kind::Wan: showWan(*topology.wanBetween(ref.a, ref.b)); break;
        case ItemRef::Kind::Region: showRegion(*topology.region(ref.a)); break;
        case ItemRef::Kind::Note:
        case ItemRef::Kind::Bundle: break;
        case ItemRef::Kind::Gateway:
            for (const Gateway& each : topology.cluster(ref.a)->gateways) {
                if (each.name == ref.b) showGateway(*topology.cluster(ref.a), each);
            }
            break;
    }
}

void InspectorPanel::title(const QString& icon, const QString& text, const QString& detail) {
    auto* box = new QWidget(page_);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 4);
    row->setSpacing(10);
    auto* picture = new QLabel(box);
    picture->setPixmap(iconOf(icon, themes_.theme().accent).pixmap(24, 24));
    picture->setFixedSize(26, 30);
    auto* words = new QLabel(box);
    words->setText(
        u"<span style='font-size:15px; font-weight:600'>%1</span><br>"
        "<span style='color:%3; font-size:11px'>%2</span>"_s.arg(
            text.toHtmlEscaped(), breakable(detail).toHtmlEscaped(), themes_.theme().muted.name()));
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    words->setWordWrap(true);
    row->addWidget(picture);
    row->addWidget(words, 1);
    form_->addRow(box);
}

QLabel* InspectorPanel::heading(const QString& text) {
    auto* label = new QLabel(text, page_);
    label->setStyleSheet(u"color:%1; font-weight:600; padding-top:8px; border-bottom:1px solid %2;"_s.arg(
        themes_.theme().muted.name(), themes_.theme().border.name()));
    return label;
}

void InspectorPanel::section(const QString& text) {
    form_->addRow(heading(text));
}

void InspectorPanel::note(const QString& text) {
    auto* label = new QLabel(text, page_);
    label->setWordWrap(true);
    label->setProperty("muted", true);
    form_->addRow(label);
}

void InspectorPanel::field(const QString& label, const QString& value, const QString& hint, const Take& take) {
    auto* edit = new QLineEdit(value, page_);
    edit->setObjectName(u"field-"_s + label);
    edit->setAccessibleName(label);
    edit->setPlaceholderText(hint);
    edit->setToolTip(hint);
    edit->setCursorPosition(0);
    connect(edit, &QLineEdit::editingFinished, this, [this, edit, value, take] {
        const QString typed = edit->text().trimmed();
        if (typed == value) return;
        if (take(typed)) return;
        edit->setProperty("invalid", true);
        edit->style()->unpolish(edit);
        edit->style()->polish(edit);
        rebuild_.start(1500);  // the refused text stays in sight for a moment
    });
    auto* name = new QLabel(label, page_);
    name->setProperty("muted", true);
    name->setBuddy(edit);
    form_->addRow(name, edit);
}

void InspectorPanel::flag(const QString& label, bool value, const std::function<bool(bool)>& take) {
    auto* box = new QCheckBox(label, page_);
    box->setObjectName(u"flag-"_s + label);
    box->setChecked(value);
    connect(box, &QCheckBox::clicked, this, [this, take](bool on) {
        if (!take(on)) rebuild_.start();
    });
    form_->addRow(box);
}

void InspectorPanel::choice(const QString& label, const std::vector<std::string>& words, const QString& value,
                            const Take& take) {
    auto* box = new QComboBox(page_);
    box->setObjectName(u"choice-"_s + label);
    box->setAccessibleName(label);
    for (const std::string& each : words) box->addItem(QString::fromStdString(each));
    box->setCurrentText(value);
    connect(box, &QComboBox::textActivated, this, [this, value, take](const QString& word) {
        if (word != value && !take(word)) rebuild_.start();
    });
    auto* name = new QLabel(label, page_);
    name->setProperty("muted", true);
    name->setBuddy(box);
    form_->addRow(name, box);
}

void InspectorPanel::attribute(const QString& label, const ElementId& id, const std::string& name, const QString& value,
                               const QString& hint) {
    field(label, value, hint, [this, id, name](const QString& typed) {
        return editor_.setAttribute(id, name, typed.isEmpty() ? std::nullopt : std::optional(typed.toStdString()));
    });
}

}  // namespace tributary::desktop
