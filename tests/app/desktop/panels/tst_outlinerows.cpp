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
    void aLinkWhoseSourceIsNowhereStandsAtTheEnd() {
        const Ghost lost{linkRef("/mapr/gone/t", kNy), {ReplicaId{"/mapr/gone/t", kNy}}, "is not drawn", {}};
        const auto rows = outlineOf(drawnLess(), {lost});
        QCOMPARE(rows.back().facts.ref, lost.ref);
    }
};
TRIBUTARY_TEST(OutlineRowsTest)
#include "tst_outlinerows.moc"
