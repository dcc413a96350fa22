// The inspector's other half: what was observed of the selected item, ghosts, and what can be done to a running link.
#include <QGridLayout>
#include <QPushButton>

#include "app/desktop/panels/comparisonview.h"
#include "app/desktop/panels/inspectorpanel.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

const ObservedReplica* recordOf(const ObservationPtr& observation, const ItemRef& link) {
    if (observation == nullptr || link.kind != ItemRef::Kind::Link) return nullptr;
    const ObservationIndex seen(*observation);
    // Borrowed from the observation, not from the index.
    return seen.replica(link.a, link.b);
}

}  // namespace

void InspectorPanel::setObserved(const ObservationPtr& observation, std::vector<Ghost> ghosts) {
    const ItemRef ref = selection_.single();
    const bool appears = (observation == nullptr) != (observation_ == nullptr);
    const auto same = [](const Ghost* a, const Ghost* b) {
        return a == b || (a != nullptr && b != nullptr && *a == *b);
    };
    const bool otherGhost = !same(ghostOf(ghosts, ref), ghostOf(ghosts_, ref));
    observation_ = observation;
    ghosts_ = std::move(ghosts);
    if (appears || otherGhost) {
        rebuild_.start();
    } else {
        refreshObserved();
    }
}

void InspectorPanel::showGhost(const Ghost& ghost) {
    const QString icon = ghost.ref.kind == ItemRef::Kind::Cluster ? u"cluster"_s
                         : ghost.ref.kind == ItemRef::Kind::Link  ? u"link"_s
                                                                  : u"ghost"_s;
    const QString place = QString::fromStdString(
        ghost.ref.kind == ItemRef::Kind::Link ? ghost.ref.a + " \u2192 " + ghost.ref.b : ghost.ref.a);
    title(icon, QString::fromStdString(shortName(ghost.ref)), place);
    note(tr("This %1.").arg(QString::fromStdString(ghost.words)));
}

void InspectorPanel::addObserved(QVBoxLayout& column) {
    const ItemRef ref = selection_.single();
    const bool drawn = isDrawn(document_.topology(), ref);
    const Ghost* ghost = ghostOf(ghosts_, ref);
    if (!drawn && ghost == nullptr) return;
    if (ghost != nullptr) addGhostButtons(column, ref);
    // Before the table, which is long.
    if (observation_ != nullptr && ref.kind == ItemRef::Kind::Link && !isMemberLink(ref)) addLinkActions(column, ref);
    column.addWidget(heading(tr("Drawn and observed")));
    if (observation_ == nullptr) {
        auto* label = new QLabel(tr("Nothing runs: there is only the drawing."), page_);
        label->setWordWrap(true);
        label->setProperty("muted", true);
        column.addWidget(label);
        return;
    }
    comparison_ = new ComparisonView(themes_, page_);
    column.addWidget(comparison_);
    refreshObserved();
}

void InspectorPanel::addGhostButtons(QVBoxLayout& column, const ItemRef& ref) {
    auto* row = new QHBoxLayout;
    auto* adopt = new QPushButton(tr("Adopt"), page_);
    adopt->setObjectName(u"ghost-adopt"_s);
    adopt->setProperty("primary", true);
    adopt->setToolTip(tr("Draws it as it runs, as an edit that can be undone; what runs is not touched"));
    auto* remove = new QPushButton(tr("Remove…"), page_);
    remove->setObjectName(u"ghost-remove"_s);
    remove->setToolTip(tr("Opens the plan that takes it away, with what is lost; nothing is done before you run it"));
    for (QPushButton* each : {adopt, remove}) {
        each->setEnabled(document_.editable());
        each->setAccessibleDescription(each->toolTip());
        row->addWidget(each);
    }
    row->addStretch();
    connect(adopt, &QPushButton::clicked, this, [this, ref] { emit adoptRequested(ref); });
    connect(remove, &QPushButton::clicked, this, [this, ref] { emit removeRequested(ref); });
    connect(&document_, &DesktopDocument::stateChanged, adopt, [this, adopt, remove] {
        for (QPushButton* each : {adopt, remove}) each->setEnabled(document_.editable());
    });
    column.addLayout(row);
}

void InspectorPanel::addLinkActions(QVBoxLayout& column, const ItemRef& ref) {
    column.addWidget(heading(tr("What runs")));
    auto* grid = new QGridLayout;
    int place = 0;
    for (const LinkAction action : {LinkAction::Pause, LinkAction::Resume, LinkAction::Compare, LinkAction::Resync}) {
        auto* button = new QPushButton(wordsOf(action, ref.a, ref.b, nullptr).title, page_);
        button->setObjectName(u"link-action-%1"_s.arg(place));
        connect(button, &QPushButton::clicked, this, [this, ref, action] { emit linkActionRequested(ref, action); });
        grid->addWidget(button, place / 2, place % 2);
        actions_.emplace_back(action, button);
        ++place;
    }
    column.addLayout(grid);
}

void InspectorPanel::refreshObserved() {
    if (comparison_ == nullptr || observation_ == nullptr) return;
    const ItemRef ref = selection_.single();
    comparison_->showRows(comparisonOf(ref, document_.topology(), *observation_));
    const ObservedReplica* record = recordOf(observation_, ref);
    for (const auto& [action, button] : actions_) {
        const LinkActionWords words = wordsOf(action, ref.a, ref.b, record);
        const bool possible = isPossible(action, record);
        const QString says = record == nullptr ? tr("It is not known whether this link runs.") : words.says;
        if (button->toolTip() != says) {
            button->setToolTip(says);
            button->setAccessibleDescription(says);
        }
        button->setEnabled(possible && document_.lock().isEmpty());
    }
}

}  // namespace tributary::desktop
