// Painting steps and writing their pages.
#include "app/desktop/live/runstepview.h"

#include <QPainter>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

using runbooks::StepPhase;

QColor markColour(StepPhase phase, const QPalette& palette, bool selected) {
    if (selected) return palette.color(QPalette::HighlightedText);
    switch (phase) {
        case StepPhase::Done:
        case StepPhase::AlreadyDone: return goodColour(palette);
        case StepPhase::Failed:
        case StepPhase::InDoubt: return alertColour(palette);
        case StepPhase::Started:
        case StepPhase::Intended: return palette.color(QPalette::Link);
        default: return palette.color(QPalette::Text);
    }
}

QString escaped(const QString& text) {
    return text.toHtmlEscaped();
}

QString section(const QString& title, const QString& body) {
    return u"<p style='margin:8px 0 2px 0'><b>%1</b></p>%2"_s.arg(title, body);
}

QString commandLines(const QStringList& lines) {
    QString out = u"<pre style='white-space:pre-wrap;margin:0'>"_s;
    for (const QString& line : lines) out += escaped(line) + u'\n';
    return out + u"</pre>"_s;
}

QString bullets(const QStringList& items) {
    QString out = u"<ul style='margin:0 0 0 -22px'>"_s;
    for (const QString& item : items) out += u"<li>%1</li>"_s.arg(escaped(item));
    return out + u"</ul>"_s;
}

}  // namespace

QSize RunStepDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {120, option.fontMetrics.height() * 2 + 8};
}

void RunStepDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    const auto* model = qobject_cast<const RunSteps*>(index.model());
    if (model == nullptr) return QStyledItemDelegate::paint(painter, option, index);
    const RunStepRow& row = model->rows()[static_cast<std::size_t>(index.row())];
    plain.text.clear();
    QStyle* style = plain.widget->style();
    style->drawControl(QStyle::CE_ItemViewItem, &plain, painter, plain.widget);
    const bool selected = plain.state.testFlag(QStyle::State_Selected);
    const QColor text = plain.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    QColor quiet = text;
    quiet.setAlphaF(0.7);
    const QRect area = plain.rect.adjusted(8, 4, -8, -4);
    const int lineHeight = plain.fontMetrics.height();
    const int indent = plain.fontMetrics.horizontalAdvance(u"▶ 00 "_s);
    painter->save();
    QFont bold = plain.font;
    bold.setBold(model->current() == index.row());
    painter->setFont(bold);
    painter->setPen(markColour(row.phase, plain.palette, selected));
    painter->drawText(QRect(area.left(), area.top(), indent, lineHeight), Qt::AlignLeft | Qt::AlignVCenter,
                      u"%1 %2"_s.arg(RunSteps::phaseMark(row)).arg(index.row() + 1));
    painter->setPen(text);
    const QFontMetrics boldMetrics(bold);
    painter->drawText(QRect(area.left() + indent, area.top(), area.width() - indent, lineHeight),
                      Qt::AlignLeft | Qt::AlignVCenter,
                      boldMetrics.elidedText(row.title, Qt::ElideRight, area.width() - indent));
    QString below = index.data(RunSteps::StateTextRole).toString();
    const bool bad = row.phase == StepPhase::Failed || row.phase == StepPhase::InDoubt;
    if (!row.waitingFor.isEmpty()) below += tr(" · waiting until %1").arg(row.waitingFor);
    if (bad && !row.reason.isEmpty()) below += u" · "_s + row.reason;
    if (!row.irreversible.isEmpty()) below += tr(" · ⚠ no way back");
    painter->setFont(plain.font);
    painter->setPen(bad && !selected ? alertColour(plain.palette) : quiet);
    painter->drawText(QRect(area.left() + indent, area.top() + lineHeight, area.width() - indent, lineHeight),
                      Qt::AlignLeft | Qt::AlignVCenter,
                      plain.fontMetrics.elidedText(below, Qt::ElideRight, area.width() - indent));
    painter->restore();
}

QString stepPage(const RunStepRow& row, int number, const QPalette& palette) {
    const QString alert = alertColour(palette).name();
    QString page = u"<h3 style='margin:0'>%1. %2</h3>"_s.arg(number).arg(escaped(row.title));
    page += u"<p style='margin:2px 0 0 0'>%1 %2 · <i>%3</i></p>"_s.arg(
        RunSteps::phaseMark(row), escaped(RunSteps::phaseText(row)), escaped(row.id));
    if (!row.irreversible.isEmpty()) {
        page += u"<p style='color:%1'><b>⚠ %2</b> %3</p>"_s.arg(alert, RunSteps::tr("Point of no return."),
                                                                escaped(row.irreversible));
    }
    if (!row.reason.isEmpty()) {
        const bool bad = row.phase == StepPhase::Failed || row.phase == StepPhase::InDoubt;
        page += bad ? u"<p style='color:%1'>%2</p>"_s.arg(alert, escaped(row.reason))
                    : u"<p>%1</p>"_s.arg(escaped(row.reason));
    }
    if (!row.fix.isEmpty()) page += u"<p>%1 %2</p>"_s.arg(RunSteps::tr("Try:"), escaped(row.fix));
    if (!row.why.isEmpty()) page += u"<p>%1</p>"_s.arg(escaped(row.why));
    if (!row.approval.isEmpty()) page += section(RunSteps::tr("Asks for approval"), escaped(row.approval));
    page += section(RunSteps::tr("Does"),
                    row.commands.isEmpty() ? RunSteps::tr("Nothing: it only looks.") : commandLines(row.commands));
    if (!row.expect.isEmpty()) page += section(RunSteps::tr("Expect"), escaped(row.expect));
    if (!row.checks.isEmpty()) page += section(RunSteps::tr("Checks"), bullets(row.checks));
    if (row.irreversible.isEmpty() && !row.commands.isEmpty()) {
        page += section(RunSteps::tr("Undo"),
                        row.undo.isEmpty() ? RunSteps::tr("Nothing to undo.") : commandLines(row.undo));
    }
    if (!row.output.trimmed().isEmpty()) {
        page += section(RunSteps::tr("Said"), commandLines(row.output.trimmed().split(u'\n')));
    }
    return page;
}

}  // namespace tributary::desktop
