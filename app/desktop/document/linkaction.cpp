// Link actions in words.
#include "app/desktop/document/linkaction.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString trAction(const char* text) {
    return QCoreApplication::translate("LinkAction", text);
}

QString commandOf(const QString& verb, const QString& from, const QString& to, const ObservedReplica* seen) {
    const QString noun = seen != nullptr && seen->ofStreams ? u"stream"_s : u"table"_s;
    return u"maprcli %1 replica %2 -path %3 -replica %4"_s.arg(noun, verb, from, to);
}

}  // namespace

LinkActionWords wordsOf(LinkAction action, const std::string& from, const std::string& to,
                        const ObservedReplica* seen) {
    const QString source = QString::fromStdString(from);
    const QString replica = QString::fromStdString(to);
    switch (action) {
        case LinkAction::Pause:
            return {trAction("Pause"),
                    trAction("%1 sends nothing more to %2 until the link is resumed. Nothing is lost: changes wait at "
                             "the source, and take room there. The drawing is not changed by it.")
                        .arg(source, replica),
                    commandOf(u"pause"_s, source, replica, seen)};
        case LinkAction::Resume: {
            QString waits = trAction("What waits at the source is sent");
            if (seen != nullptr && seen->operationsPending) {
                waits = *seen->operationsPending == 0
                            ? trAction("Nothing waits at the source")
                            : trAction("%1 operations that wait at the source are sent").arg(*seen->operationsPending);
            }
            return {trAction("Resume"),
                    trAction("%1; from then on %2 gets every change of %3 again. The drawing is not changed by it.")
                        .arg(waits, replica, source),
                    commandOf(u"resume"_s, source, replica, seen)};
        }
        case LinkAction::Compare:
            return {trAction("Compare"),
                    trAction("Reads all rows of %1 and %2 and shows those that differ. It changes nothing.")
                        .arg(source, replica),
                    {}};
        case LinkAction::Resync: break;
    }
    return {trAction("Resync…"),
            trAction("Opens the runbook that makes %1 and %2 equal again: what waits is let through, then each table "
                     "gets the rows that only the other holds. Nothing is done before you start it.")
                .arg(source, replica),
            {}};
}

bool isPossible(LinkAction action, const ObservedReplica* seen) {
    if (seen == nullptr) return false;
    if (action == LinkAction::Pause) return seen->paused == false;
    if (action == LinkAction::Resume) return seen->paused == true;
    return true;
}

}  // namespace tributary::desktop
