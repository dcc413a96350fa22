// Drawn beside observed: every attribute, in words and signs, unknown never told as equal.
#include "app/desktop/panels/comparison.h"

#include "app/desktop/panels/comparisonview.h"
#include "seen.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

class ComparisonTest : public QObject {
    Q_OBJECT

    static const ComparisonRow* find(const std::vector<ComparisonRow>& rows, const QString& name) {
        for (const ComparisonRow& each : rows) {
            if (each.name == name) return &each;
        }
        return nullptr;
    }

private slots:
    void whatDisagreesComesFirst() {
        Topology drawing = drawnLess();
        drawing.replicas.front().paused = true;
        drawing.upstreams.clear();
        const auto rows = comparisonOf(linkRef(kSf, kNy), drawing, seenMore());
        QCOMPARE(rows.at(0).name, u"paused"_s);
        QCOMPARE(rows.at(0).drawn, u"true"_s);
        QCOMPARE(rows.at(0).observed, u"false"_s);
        QCOMPARE(rows.at(0).agreement, Agreement::Different);
        QCOMPARE(rows.at(1).name, u"upstream record"_s);
        QCOMPARE(rows.at(1).agreement, Agreement::Extra);
        QCOMPARE(find(rows, u"replica record"_s)->agreement, Agreement::Same);
        QCOMPARE(find(rows, u"columns"_s)->observed, u"all"_s);
    }
    void whatCouldNotBeObservedIsUnknown() {
        Observation seen = seenMore();
        seen.clusters.front().answered = false;
        seen.clusters.front().state = "?";
        seen.clusters.front().datasets.clear();
        const auto rows = comparisonOf(datasetRef(kSf), drawnLess(), seen);
        QVERIFY(!rows.empty());
        for (const ComparisonRow& each : rows) {
            QCOMPARE(each.agreement, Agreement::Unknown);
            QCOMPARE(each.observed, u"?"_s);
        }
        QCOMPARE(agreementWord(Agreement::Unknown), u"could not be observed"_s);
    }
    void aGhostShowsWhatIsThere() {
        const auto rows = comparisonOf(datasetRef("/mapr/newyork/old"), drawnLess(), seenMore());
        QCOMPARE(rows.front().name, u"dataset"_s);
        QCOMPARE(rows.front().agreement, Agreement::Extra);
        QVERIFY(rows.front().drawn.isEmpty());
        QCOMPARE(find(rows, u"kind"_s)->observed, u"binary-table"_s);
        for (const ComparisonRow& each : rows) QCOMPARE(each.agreement, Agreement::Extra);
    }
    void aNetworkIsComparedBothWaysAndALeftOutOneIsNoDifference() {
        Topology drawing = drawnLess();
        Wan& wan = drawing.wan.emplace_back();
        wan.a = "newyork";
        wan.b = "sanfrancisco";
        wan.latencyUs = 35'000;
        Observation seen = seenMore();
        seen.networks = {{"newyork", "sanfrancisco", Micros{35'000}, std::uint64_t{0}, false},
                         {"sanfrancisco", "newyork", Micros{0}, std::uint64_t{0}, true}};
        const auto rows = comparisonOf(wanRef("newyork", "sanfrancisco"), drawing, seen);
        QCOMPARE(find(rows, u"latency newyork → sanfrancisco"_s)->agreement, Agreement::Same);
        QCOMPARE(find(rows, u"latency sanfrancisco → newyork"_s)->agreement, Agreement::NotDrawn);
        seen.networks.pop_back();
        const auto less = comparisonOf(wanRef("newyork", "sanfrancisco"), drawing, seen);
        QCOMPARE(find(less, u"network sanfrancisco → newyork"_s)->agreement, Agreement::Unknown);
    }
    void everySignHasAWordAndAllAreDistinct() {
        QSet<QString> signs;
        QSet<QString> words;
        for (const Agreement each : {Agreement::Same, Agreement::Missing, Agreement::Extra, Agreement::Different,
                                     Agreement::Unknown, Agreement::NotDrawn}) {
            signs.insert(agreementSign(each));
            words.insert(agreementWord(each));
        }
        QCOMPARE(signs.size(), 6);
        QCOMPARE(words.size(), 6);
    }
    void theTableSaysEachRowInASentence() {
        const ThemeHolder themes(ThemeKind::Light);
        ComparisonView view(themes);
        Topology drawing = drawnLess();
        drawing.replicas.front().paused = true;
        view.showRows(comparisonOf(linkRef(kSf, kNy), drawing, seenMore()));
        QTreeWidgetItem* group = view.topLevelItem(0);
        QCOMPARE(group->text(0), u"≠  Different (1)"_s);
        QTreeWidgetItem* row = group->child(0);
        QCOMPARE(row->data(0, Qt::AccessibleTextRole).toString(), u"paused: drawn true, observed false; different"_s);
        // The same again: a reader's place in the table stays.
        view.setCurrentItem(row);
        view.showRows(comparisonOf(linkRef(kSf, kNy), drawing, seenMore()));
        QCOMPARE(view.currentItem(), row);
    }
};
TRIBUTARY_TEST(ComparisonTest)
#include "tst_comparison.moc"
