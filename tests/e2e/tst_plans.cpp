// plan, apply, adopt and check --live on the real executable and the real engine.
#include <QRegularExpression>

#include "terminalworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

const QString kSf = QString::fromLatin1(TerminalWorld::kSf);
const QString kNy = QString::fromLatin1(TerminalWorld::kNy);
const QString kSg = u"/mapr/singapore/customers"_s;

QJsonObject jsonOf(const Ran& ran) {
    return QJsonDocument::fromJson(ran.out.toUtf8()).object();
}

/// "kind what where attribute" of every difference, as one of the verbs tells it.
QStringList differencesOf(const Ran& ran) {
    QStringList out;
    for (const QJsonValue& each : jsonOf(ran).value(u"differences"_s).toArray()) {
        const QJsonObject row = each.toObject();
        out << QStringList{row[u"kind"_s].toString(), row[u"what"_s].toString(), row[u"where"_s].toString(),
                           row[u"attribute"_s].toString(), row[u"detail"_s].toString()}
                   .join(u' ');
    }
    return out;
}

QString drawingOf(const TerminalWorld& world) {
    QFile file(world.dir() + u"/topology.yaml"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void edit(const TerminalWorld& world, const QString& from, const QString& to) {
    const QString text = drawingOf(world);
    QVERIFY2(text.contains(from), qPrintable(from));
    QFile file(world.dir() + u"/topology.yaml"_s);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(QString(text).replace(from, to).toUtf8());
}

/// A word of the line that holds blanks: they are dots in `line`.
Ran verbWith(const TerminalWorld& world, const QString& line) {
    QStringList words{u"-w"_s, world.dir()};
    for (QString word : line.split(u' ', Qt::SkipEmptyParts)) words << word.replace(u'~', u' ');
    return TerminalWorld::run(words);
}

/// Undoes the newest run: where there are several, it has to be named.
Ran undoNewest(const TerminalWorld& world, const QString& options) {
    const Ran asked = world.verb(u"run --undo "_s + options);
    static const QRegularExpression kNewest(u"newest first: tributary run --undo ([^ \n]+)"_s);
    const QRegularExpressionMatch match = kNewest.match(asked.err);
    return match.hasMatch() ? world.verb(u"run --undo %1 %2"_s.arg(match.captured(1), options)) : asked;
}

/// What a refusal asks to be typed: "--approve STEP=NAME"; empty when the verb was not refused for that.
QString nameAskedFor(const Ran& asked) {
    static const QRegularExpression kName(u"add (--approve [^ \n]+)"_s);
    return asked.code == 8 ? kName.match(asked.err).captured(1) : QString();
}

/// Makes the drawing real, with the name typed that the refusal asks for.
Ran applyAsAdvised(const TerminalWorld& world) {
    const QString apply = u"apply --no-input --yes"_s;
    const Ran asked = world.verb(apply);
    const QString name = nameAskedFor(asked);
    return name.isEmpty() ? asked : world.verb(apply + u' ' + name);
}

#define QVERIFY_AGREES(world)                                 \
    do {                                                      \
        const Ran agreed = (world).verb(u"plan"_s);           \
        QVERIFY2(agreed.code == 0, qPrintable(agreed.all())); \
    } while (false)

}  // namespace

class PlansTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TerminalWorld> world_;  ///< of those tests that share one: multi-master, as drawn

private slots:
    void aRingIsOnePlanAndAnUndoTakesItBack() {
        TerminalWorld world(u"ring-of-three"_s);
        QCOMPARE(world.verb(u"plan"_s).code, 3);  // nothing is up
        QVERIFY_RAN(world.verb(u"up"_s));
        QVERIFY_RAN(world.verb(u"load %1 --generate 300"_s.arg(kSf)));
        const Ran plan = world.verb(u"plan --json"_s);
        QCOMPARE(plan.code, 2);
        const QJsonObject totals = jsonOf(plan)[u"totals"_s].toObject();
        QCOMPARE(totals[u"copies"_s].toInt(), 1);
        QCOMPARE(totals[u"rows"_s].toInt(), 300);
        QCOMPARE(totals[u"losses"_s].toInt(), 0);
        QVERIFY_RAN(world.verb(u"apply --no-input"_s));
        QVERIFY_AGREES(world);
        for (const QString& other : {kNy, kSg}) QVERIFY_RAN(world.until0(u"diff %1 %2"_s.arg(kSf, other)));
        QVERIFY_RAN(world.verb(u"put %1 later profile:name=x"_s.arg(kSg)));
        QVERIFY_RAN(world.until0(u"diff %1 %2"_s.arg(kSg, kNy)));
        QVERIFY_RAN(world.verb(u"run --undo --yes"_s));
        QCOMPARE(differencesOf(world.verb(u"status --json"_s)).filter(u"missing replica"_s).size(), 3);
        QVERIFY_RAN(world.verb(u"get %1 later"_s.arg(kSf)));  // rows stay where they are
    }

    void startTheSharedWorld() {
        world_ = std::make_unique<TerminalWorld>(u"multi-master"_s);
        QVERIFY_RAN(world_->verb(u"up"_s));
        QVERIFY_RAN(world_->verb(u"put %1 ada profile:name=Ada"_s.arg(kSf)));
        QVERIFY_RAN(world_->verb(u"apply --no-input"_s));
        QVERIFY_AGREES(*world_);
    }

    /// Each kind: all views tell the same, apply closes it, an undo opens it again.
    void everyViewTellsTheSameAndApplyClosesIt_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("attribute");
        const auto row = [](const char* attribute, const QString& command) {
            QTest::newRow(attribute) << command << QString::fromLatin1(attribute);
        };
        const QString link = u" -path %1 -replica %2"_s.arg(kSf, kNy);
        row("paused", u"maprcli table replica pause"_s + link);
        row("synchronous", u"maprcli table replica edit -synchronous true"_s + link);
        row("throttle", u"maprcli table replica edit -throttle true"_s + link);
        row("networkcompression", u"maprcli table replica edit -networkcompression zlib"_s + link);
        row("columns", u"maprcli table replica edit -columns profile"_s + link);
        row("deletettl", u"maprcli table edit -path %1 -deletettl 60"_s.arg(kNy));
        row("family.profile.versions", u"maprcli table cf edit -path %1 -cfname profile -maxversions 3"_s.arg(kNy));
        row("family.profile.minversions", u"maprcli table cf edit -path %1 -cfname profile -minversions 1"_s.arg(kNy));
        row("family.profile.ttl", u"maprcli table cf edit -path %1 -cfname profile -ttl 86400"_s.arg(kNy));
        row("family.profile.inmemory", u"maprcli table cf edit -path %1 -cfname profile -inmemory true"_s.arg(kNy));
        row("family.more", u"maprcli table cf create -path %1 -cfname more"_s.arg(kNy));
        row("gateway.gw-ny-1", u"fault gateway stop gw-ny-1"_s);
        row("gatewayrecord.newyork",
            u"maprcli cluster gateway set -dstcluster newyork -gateways gw-ny-2 -cluster sanfrancisco"_s);
    }
    void everyViewTellsTheSameAndApplyClosesIt() {
        QFETCH(QString, command);
        QFETCH(QString, attribute);
        const TerminalWorld& world = *world_;
        QVERIFY_RAN(world.verb(command));
        const QStringList told = differencesOf(world.verb(u"status --json"_s));
        QVERIFY2(told.size() == 1, qPrintable(told.join(u'\n')));
        QVERIFY2(told.first().contains(u' ' + attribute + u' '), qPrintable(told.first()));
        const Ran plan = world.verb(u"plan --json"_s);
        QCOMPARE(plan.code, 2);
        QCOMPARE(differencesOf(plan), told);
        const Ran checked = world.verb(u"check --live --json"_s);
        QCOMPARE(checked.code, 1);
        int live = 0;
        for (const QJsonValue& each : jsonOf(checked)[u"findings"_s].toArray()) {
            live += each.toObject()[u"rule"_s].toString().startsWith(u"live."_s) ? 1 : 0;
        }
        QCOMPARE(live, 1);
        const Ran doctor = world.verb(u"doctor"_s);
        QVERIFY2(doctor.all().contains(u"1 other difference"_s), qPrintable(doctor.all()));
        QVERIFY_RAN(applyAsAdvised(world));
        QVERIFY_AGREES(world);
        Ran undone = undoNewest(world, u"--yes"_s);
        if (const QString name = nameAskedFor(undone); !name.isEmpty()) {
            undone = undoNewest(world, u"--yes "_s + name);
        }
        QVERIFY_RAN(undone);
        const QStringList again = differencesOf(world.verb(u"status --json"_s));
        QVERIFY2(again == told, qPrintable(again.join(u'\n')));
        QVERIFY_RAN(applyAsAdvised(world));
        QVERIFY_AGREES(world);
    }

    void aTableWithRowsThatExistNowhereElseWantsItsName() {
        const TerminalWorld& world = *world_;
        const QString old = u"/mapr/newyork/old"_s;
        QVERIFY_RAN(world.verb(u"maprcli table create -path "_s + old));
        QVERIFY_RAN(world.verb(u"maprcli table cf create -cfname f -path "_s + old));
        QVERIFY_RAN(world.verb(u"put %1 kim f:a=1"_s.arg(old)));
        QVERIFY_RAN(world.verb(u"put %1 lee f:a=2"_s.arg(old)));
        const Ran plan = world.verb(u"plan"_s);
        QCOMPARE(plan.code, 2);
        QVERIFY2(plan.out.contains(u"2 of them exist nowhere else: kim, lee"_s), qPrintable(plan.out));
        QVERIFY2(plan.out.contains(u"the name /mapr/newyork/old has to be typed"_s), qPrintable(plan.out));
        QCOMPARE(world.verb(u"plan --no-remove"_s).code, 0);
        const Ran refused = world.verb(u"apply --no-input --yes"_s);
        QCOMPARE(refused.code, 8);
        QVERIFY2(refused.all().contains(u"tributary apply"_s) &&
                     refused.all().contains(u"--approve delete-newyork-old=/mapr/newyork/old"_s),
                 qPrintable(refused.all()));
        QVERIFY_RAN(world.verb(u"get %1 kim"_s.arg(old)));
        QVERIFY_RAN(world.verb(u"apply --no-input --approve delete-newyork-old=/mapr/newyork/old"_s));
        QVERIFY(world.verb(u"maprcli table info -path "_s + old).code != 0);
        QVERIFY_AGREES(world);
    }

    void aPlanStopsAtWhatSomebodyChanged() {
        const TerminalWorld& world = *world_;
        const QString file = world.dir() + u"/plan.yaml"_s;
        QVERIFY_RAN(world.verb(u"maprcli table edit -path %1 -deletettl 60"_s.arg(kNy)));
        QCOMPARE(verbWith(world, u"plan -o "_s + QString(file).replace(u' ', u'~')).code, 2);
        QVERIFY_RAN(world.verb(u"maprcli table edit -path %1 -deletettl 90"_s.arg(kNy)));
        const QString apply = u"apply --no-input "_s + QString(file).replace(u' ', u'~');
        const Ran stale = verbWith(world, apply);
        QCOMPARE(stale.code, 5);
        QVERIFY2(stale.err.contains(u"something changed since it was made"_s) &&
                     stale.err.contains(u"/mapr/newyork/customers has deletettl 60"_s) &&
                     stale.err.contains(u"is 90"_s),
                 qPrintable(stale.err));
        QVERIFY(world.verb(u"maprcli table info -path %1 -json"_s.arg(kNy)).out.contains(u"90"_s));
        QVERIFY_RAN(world.verb(u"maprcli table edit -path %1 -deletettl 60"_s.arg(kNy)));
        QVERIFY_RAN(verbWith(world, apply));
        QVERIFY_AGREES(world);
    }

    void whatRunsIsAdoptedAndCommentsStay() {
        const TerminalWorld& world = *world_;
        QVERIFY_RAN(world.verb(u"maprcli table replica pause -path %1 -replica %2"_s.arg(kSf, kNy)));
        QVERIFY_RAN(world.verb(u"maprcli table edit -path %1 -deletettl 172800"_s.arg(kNy)));
        QVERIFY_RAN(world.verb(u"maprcli table create -path /mapr/newyork/new"_s));
        QVERIFY_RAN(verbWith(world, u"adopt %1->%2 %2 /mapr/newyork/new"_s.arg(kSf, kNy)));
        const QString text = drawingOf(world);
        QVERIFY2(text.contains(u"# recorded at the source"_s) || text.contains(u"recorded at the source: who"_s),
                 qPrintable(text));
        QVERIFY2(text.contains(u"paused: true"_s) && text.contains(u"deletettl: 172800"_s) &&
                     text.contains(u"/mapr/newyork/new:"_s),
                 qPrintable(text));
        QVERIFY_AGREES(world);
        QVERIFY_RAN(world.verb(u"check"_s));
        const Ran unknown = world.verb(u"adopt newyrk"_s);
        QCOMPARE(unknown.code, 2);
        QVERIFY2(unknown.err.contains(u"did you mean 'newyork'?"_s), qPrintable(unknown.err));
        QVERIFY(world.verb(u"adopt newyork"_s).code != 0);  // it is drawn as it runs
    }

    /// F6: gone from the drawing, and it runs.
    void aTableThatIsNoLongerDrawnGoesInOrderWithItsLinks() {
        const TerminalWorld& world = *world_;
        QFile file(world.dir() + u"/topology.yaml"_s);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(
            "tributary: 1\nclusters:\n  sanfrancisco: {system: maprdb, gateways: [gw-sf-1, gw-sf-2], users: [ana, "
            "ben]}\n"
            "  newyork: {system: maprdb, gateways: [gw-ny-1, gw-ny-2], users: [ana, ben]}\ndatasets:\n"
            "  /mapr/sanfrancisco/customers: {kind: binary-table, families: [profile, orders], exists: true, "
            "deletettl: "
            "7d}\nwan:\n  - {between: [sanfrancisco, newyork], latency: 35ms, bandwidth: 200Mbit/s}\n");
        file.close();
        const Ran plan = world.verb(u"plan"_s);
        QCOMPARE(plan.code, 2);
        const auto at = [&](const char* id) { return plan.out.indexOf(u'[' + QString::fromLatin1(id) + u']'); };
        QVERIFY(at("pause-newyork-customers-to-sanfrancisco-customers") > 0);
        QVERIFY(at("remove-sanfrancisco-customers-to-newyork-customers") <
                at("disown-sanfrancisco-customers-to-newyork-customers"));
        QVERIFY(at("disown-newyork-customers-to-sanfrancisco-customers") < at("delete-newyork-customers"));
        QVERIFY2(plan.out.contains(u"all of them exist elsewhere"_s) || plan.out.contains(u"nowhere else"_s) ||
                     plan.out.contains(u"are gone"_s),
                 qPrintable(plan.out));
        QVERIFY_RAN(world.verb(u"apply --no-input --yes --approve delete-newyork-customers="_s + kNy));
        QVERIFY_AGREES(world);
        QVERIFY_RAN(world.verb(u"get %1 ada"_s.arg(kSf)));
    }

    void theDrawnNetworkComesIntoForce() {
        const TerminalWorld& world = *world_;
        edit(world, u"latency: 35ms"_s, u"latency: 20ms"_s);
        QCOMPARE(world.verb(u"plan"_s).code, 2);
        QVERIFY_RAN(world.verb(u"apply --no-input"_s));
        QVERIFY_AGREES(world);
        world_.reset();
    }
};
TRIBUTARY_TEST(PlansTest)
#include "tst_plans.moc"
