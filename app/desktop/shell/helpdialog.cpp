// The help pages.
#include "app/desktop/shell/helpdialog.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString trHelp(const char* text) {
    return QCoreApplication::translate("Help", text);
}

QString entry(const QString& word, const QString& meaning) {
    return u"<p style='margin:0 0 9px 0'><b>%1</b><br>%2</p>"_s.arg(word, meaning);
}

QString concepts() {
    return entry(trHelp("Drawing"),
                 trHelp(
                     "What you want: clusters, the tables and streams in them, who replicates to whom, and the network "
                     "between them. It is the file topology.yaml; Ctrl+T shows it.")) +
           entry(trHelp("Observed"),
                 trHelp("What runs, as it was last seen. It never takes the drawing's place: the inspector shows both, "
                        "side by side. What could not be seen is said to be unknown.")) +
           entry(
               trHelp("Link"),
               trHelp(
                   "One direction of replication. It is two records: the source's replica record, which sends, and the "
                   "replica's upstream record, which accepts. With one of them missing nothing flows, and the line "
                   "has a gap. Both ways between two tables are two links.")) +
           entry(
               trHelp("Gateway"),
               trHelp(
                   "The door through which a cluster receives changes. A cluster with replicas needs at least one.")) +
           entry(
               trHelp("Region"),
               trHelp(
                   "Clusters that are looked at as one: select them and press Ctrl+G. Enter collapses a region to one "
                   "card, with counts and its worst state, and opens it again.")) +
           entry(
               trHelp("Bundle"),
               trHelp(
                   "All links between two clusters or regions as one line with a count, when the drawing is small or a "
                   "region is collapsed. A click shows them one by one, Enter goes there, Esc closes it.")) +
           entry(trHelp("Not drawn"),
                 trHelp("What runs and is not drawn is pale and dashed. Adopt takes it into the drawing as it runs; "
                        "Remove\u2026 opens the plan that takes it away.")) +
           entry(trHelp("Plan"),
                 trHelp(
                     "Every step from what runs to what is drawn, in a safe order, with its reason, what it copies and "
                     "what is lost. \u201cMake this drawing real\u201d opens it; nothing is done before you run it.")) +
           entry(
               trHelp("Runbook"),
               trHelp(
                   "Steps that check before and after, that can be done one by one, paused, resumed and undone. A plan "
                   "is one; the others do common work, as a failover or a resynchronisation.")) +
           entry(
               trHelp("Local rehearsal"),
               trHelp("Everything runs on this machine: each cluster is a process with an engine that comes with this "
                      "program. No server elsewhere is reached. Runbooks are exported as scripts for those.")) +
           entry(trHelp("Faults"),
                 trHelp(
                     "Cut or slow networks, killed or frozen clusters, full disks: injected from the Run menu, so that "
                     "you see what happens before it happens."));
}

QString about() {
    return u"<p style='font-size:17px; font-weight:600'>Tributary %1</p><p>%2</p><p>%3</p>"_s.arg(
        QCoreApplication::applicationVersion(),
        trHelp("Draws replication topologies, proves them, and rehearses them on an engine of its own."),
        trHelp("The same is there in the terminal: tributary --help."));
}

}  // namespace

void showHelp(HelpPage page, const ThemeHolder& themes, QWidget& window) {
    auto* dialog = new QDialog(&window);
    const bool concept_ = page == HelpPage::Concepts;
    dialog->setObjectName(concept_ ? u"concepts"_s : u"about"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(concept_ ? trHelp("Concepts") : trHelp("About Tributary"));
    auto* text = new QTextBrowser(dialog);
    text->setAccessibleName(dialog->windowTitle());
    text->setFrameShape(QFrame::NoFrame);
    text->setStyleSheet(u"QTextBrowser { background: %1; }"_s.arg(themes.theme().window.name()));
    text->setHtml(concept_ ? concepts() : about());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(18, 16, 18, 14);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    dialog->resize(concept_ ? QSize(560, 560) : QSize(440, 240));
    dialog->open();
}

}  // namespace tributary::desktop
