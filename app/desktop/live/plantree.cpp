// Grouping steps by what they are about.
#include "app/desktop/live/plantree.h"

#include <QFont>
#include <algorithm>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plancontrol.h"
#include "core/telemetry/humanunits.h"

namespace tributary::desktop {
namespace {

constexpr quintptr kTop = 0;  // else: 1 + the row of the group

QChar markOf(runbooks::StepEffect effect) {
    switch (effect) {
        case runbooks::StepEffect::Adds: return u'+';
        case runbooks::StepEffect::Alters: return u'~';
        case runbooks::StepEffect::Copies: return u'>';
        case runbooks::StepEffect::Removes: return QChar(0x2212);
        case runbooks::StepEffect::Looks: break;
    }
    return u'?';
}

}  // namespace

QString costText(const runbooks::PlannedStep& step) {
    if (step.effect != runbooks::StepEffect::Copies) return {};
    QStringList parts;
    parts << (step.cost.rows ? PlanTree::tr("%1 rows").arg(toQt(humanCount(*step.cost.rows)))
                             : PlanTree::tr("rows not known"));
    if (step.cost.seconds) parts << PlanTree::tr("%1 s").arg(*step.cost.seconds);
    return parts.join(QStringLiteral(", "));
}

PlanTree::Line PlanTree::lineOf(const runbooks::Plan& plan, std::size_t step) {
    const runbooks::PlannedStep& planned = plan.steps[step];
    const runbooks::Step& how = plan.runbook.steps[step];
    Line line;
    line.cost = costText(planned);
    line.mark = markOf(planned.effect) + QStringLiteral("  ");
    line.text = toQt(how.title);
    if (!planned.lost.empty()) line.cost = tr("lost");
    line.why = toQt(how.why);
    if (!planned.lost.empty()) line.why += u'\n' + tr("Lost for ever: %1").arg(toQt(planned.lost));
    if (!planned.irreversible.empty())
        line.why += u'\n' + tr("An undo does not bring it back: %1").arg(toQt(planned.irreversible));
    return line;
}

PlanTree::Group& PlanTree::groupOf(const QString& place) {
    const auto found =
        std::find_if(groups_.begin(), groups_.end(), [&](const Group& each) { return each.place == place; });
    if (found != groups_.end()) return *found;
    QString title = place;
    title.replace(QStringLiteral(" -> "), QStringLiteral(" → ")).remove(QStringLiteral("/mapr/"));
    groups_.push_back({title, place, {}});
    return groups_.back();
}

void PlanTree::show(const runbooks::Plan* plan) {
    beginResetModel();
    groups_.clear();
    if (plan != nullptr) {
        for (std::size_t i = 0; i < plan->steps.size(); ++i) {
            groupOf(toQt(windowPlace(plan->steps[i].element))).lines.push_back(lineOf(*plan, i));
        }
        Group left{tr("No step closes"), {}, {}};
        for (const runbooks::LeftOver& each : plan->left) {
            const Difference& difference = plan->differences[each.difference];
            left.lines.push_back(
                {{}, toQt(difference.where() + ' ' + difference.detail), toQt(each.command), toQt(each.reason)});
        }
        if (!left.lines.empty()) groups_.push_back(std::move(left));
    }
    endResetModel();
}

bool PlanTree::hasCosts() const {
    return std::any_of(groups_.begin(), groups_.end(), [](const Group& group) {
        return std::any_of(group.lines.begin(), group.lines.end(),
                           [](const Line& line) { return !line.cost.isEmpty(); });
    });
}

QModelIndex PlanTree::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kTop);
}

QModelIndex PlanTree::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == kTop) return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kTop);
}

int PlanTree::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(groups_.size());
    if (parent.column() != 0 || parent.internalId() != kTop) return 0;
    return static_cast<int>(groups_[static_cast<std::size_t>(parent.row())].lines.size());
}

int PlanTree::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

QVariant PlanTree::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const bool top = index.internalId() == kTop;
    const auto& group = groups_[top ? static_cast<std::size_t>(index.row()) : index.internalId() - 1];
    if (role == PlaceRole) return group.place;
    if (top) {
        if (role == Qt::DisplayRole && index.column() == TextColumn) return group.title;
        if (role == Qt::FontRole) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return {};
    }
    const Line& line = group.lines[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole: return index.column() == TextColumn ? line.mark + line.text : line.cost;
        case Qt::ToolTipRole: {
            QStringList all{line.text};
            for (const QString& each : {line.why, line.cost}) {
                if (!each.isEmpty()) all << each;
            }
            return all.join(u'\n');
        }
        case Qt::AccessibleTextRole:
            return line.text + (line.cost.isEmpty() ? QString() : QStringLiteral(", ") + line.cost);
        default: return {};
    }
}

QVariant PlanTree::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == TextColumn ? tr("Step") : tr("Cost");
}

}  // namespace tributary::desktop
