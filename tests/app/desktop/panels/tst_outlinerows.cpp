// Where what runs and is not drawn stands in the outline.
#include "app/desktop/panels/outlinerows.h"

#include "seen.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

namespace {

/// "berlin! (customers! (→ newyork!))": a mark for what is not drawn.
std::string inWords(const std::vector<OutlineBranch>& branches) {
    std::string out;
    for (const OutlineBranch& each : branches) {
        if (!out.empty()) out += ", ";
        out += each.facts.name;
        if (each.facts.state == OutlineState::NotDrawn) out += '!';
        if (!each.children.empty()) out += " (" + inWords(each.children) + ")";
    }
    return out;
}

}  // namespace

class OutlineRowsTest : public QObject {
    Q_OBJECT
private slots:
    void undrawnThingsStandWhereTheyBelong() {
        const Topology drawing = drawnLess();
        const Observation seen = seenMore();
        const auto ghosts = ghostsOf(differencesOf(drawing, seen), seen);
        QCOMPARE(inWords(outlineOf(drawing, undrawnOf(ghosts, drawing))),
                 std::string("sanfrancisco (customers (newyork, \u2192 newyork/old!)), newyork (customers, old!), "
                             "berlin! (customers! (\u2192 newyork!))"));
        QCOMPARE(inWords(outlineOf(drawing)), std::string("sanfrancisco (customers (newyork)), newyork (customers)"));
    }
    void membersStandInTheirClusterWithThoseThatFollowThem() {
        Topology drawing;
        Cluster& set = drawing.clusters.emplace_back();
        set.name = "rs";
        set.system = "tarantool";
        for (const char* name : {"i1", "i2"}) {
            Member& member = set.members.emplace_back();
            member.name = name;
            member.listen = "127.0.0.1:3301";
        }
        QCOMPARE(inWords(outlineOf(drawing)), std::string("rs (i1 (i2), i2 (i1))"));
        drawing.peers.push_back({"rs/i2", "rs/i1", {}});
        QCOMPARE(inWords(outlineOf(drawing)), std::string("rs (i1 (i2), i2)"));
        QVERIFY(isDrawn(drawing, memberRef("rs", "i1")) && !isDrawn(drawing, memberRef("rs", "i3")));
        QVERIFY(isDrawn(drawing, linkRef("rs/i1", "rs/i2")) && !isDrawn(drawing, linkRef("rs/i2", "rs/i1")));
        QCOMPARE(refOfPlace("rs/i2 <- rs/i1"), linkRef("rs/i1", "rs/i2"));
        QCOMPARE(refOfPlace("rs/i2"), memberRef("rs", "i2"));
    }
    void clustersOfARegionStandInIt() {
        Topology drawing = drawnLess();
        drawing.regions = {{"east", {"newyork"}, {}}};
        const Observation seen = seenMore();
        const auto ghosts = ghostsOf(differencesOf(drawing, seen), seen);
        QCOMPARE(
            inWords(outlineOf(drawing, undrawnOf(ghosts, drawing))),
            std::string("sanfrancisco (customers (newyork, \u2192 newyork/old!)), east (newyork (customers, old!)), "
                        "berlin! (customers! (\u2192 newyork!))"));
    }
    void aLinkWhoseSourceIsNowhereStandsAtTheEnd() {
        const Ghost lost{linkRef("/mapr/gone/t", kNy), {ReplicaId{"/mapr/gone/t", kNy}}, "is not drawn", {}};
        const auto rows = outlineOf(drawnLess(), {lost});
        QCOMPARE(rows.back().facts.ref, lost.ref);
    }
};
TRIBUTARY_TEST(OutlineRowsTest)
#include "tst_outlinerows.moc"
