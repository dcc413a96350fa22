// Instances on the canvas: cards in their cluster, an arrow per direction, and the tutorial's three pictures.
#include <QDir>
#include <QImage>
#include <QPainter>

#include "app/desktop/canvas/canvasscene.h"
#include "app/desktop/canvas/clusteritem.h"
#include "app/desktop/canvas/datasetitem.h"
#include "app/desktop/canvas/linkitem.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr const char* kTutorial = R"(tributary: 1
clusters:
  replicaset001:
    system: tarantool
    app: master_master
    failover: off
    members:
      instance001: {mode: rw, listen: "127.0.0.1:3301"}
      instance002: {mode: rw, listen: "127.0.0.1:3302"}
    users:
      replicator: {roles: [replication]}
datasets:
  replicaset001:bands:
    kind: space
    format: [[id, unsigned], [band_name, string], [year, unsigned]]
    primary: [id]
)";
const std::string kOne = "replicaset001/instance001";
const std::string kTwo = "replicaset001/instance002";

ObservedLink follows() {
    ObservedLink link;
    link.replicaListed = link.upstreamListed = link.ofMembers = true;
    link.state = "follow";
    link.lagMs = 0.3;
    link.idleMs = 420;
    link.rowsBehind = 0;
    return link;
}

ObservedLink stopped() {
    ObservedLink link = follows();
    link.state = "stopped";
    link.error = "Duplicate key exists in unique index \"primary\" in space \"bands\"";
    link.lagMs.reset();
    link.idleMs = 1'309'943;
    link.rowsBehind = 1;
    return link;
}

/// "001 -> 002" first.
ObservedState seen(const ObservedLink& forth, const ObservedLink& back) {
    ObservedState out;
    out.known = true;
    desktop::ObservedCluster& cluster = out.clusters["replicaset001"];
    cluster.state = "up";
    cluster.datasets = {"replicaset001:bands"};
    cluster.members["instance001"] = {"running", {}, false};
    cluster.members["instance002"] = {"running", {}, false};
    out.links[{kOne, kTwo}] = forth;
    out.links[{kTwo, kOne}] = back;
    return out;
}

}  // namespace

class MemberItemsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        document_ = std::make_unique<DesktopDocument>();
        selection_ = std::make_unique<Selection>();
        document_->createNew();
        scene_ = std::make_unique<CanvasScene>(*document_, *selection_, themes_);
        connect(scene_.get(), &CanvasScene::itemsAppeared, document_.get(), &DesktopDocument::fillLayout);
        const auto drawing = parseTopology(kTutorial, "topology.yaml");
        QVERIFY_OK(drawing);
        QVERIFY(document_->change(drawing.value(), u"Draw"_s).ok());
        QTRY_VERIFY(scene_->link(kOne, kTwo) != nullptr && !scene_->link(kOne, kTwo)->middle().isNull());
    }
    void cleanup() {
        scene_.reset();
        document_->close();
    }

    void areCardsInTheirClusterAndApart() {
        const QRectF cluster = scene_->rectOf(clusterRef("replicaset001"));
        const QRectF one = card("instance001");
        const QRectF two = card("instance002");
        QVERIFY(cluster.contains(one) && cluster.contains(two));
        QVERIFY(two.left() - one.right() > 150);  // two arrows with their labels stand between
        const auto* space = scene_->dataset("replicaset001:bands");
        QVERIFY(space != nullptr);
        const QRectF below = space->mapRectToScene(space->cardRect());
        QVERIFY(cluster.contains(below) && below.top() > one.bottom() && below.top() > two.bottom());
        QVERIFY(scene_->itemUnder(one.center()) == memberRef("replicaset001", "instance001"));
        QCOMPARE(shortName(memberRef("replicaset001", "instance001")), std::string("instance001"));
    }
    void anArrowPerDirectionIsThereBeforeAnythingRuns() {
        for (const auto& [from, to] : {std::pair(kOne, kTwo), std::pair(kTwo, kOne)}) {
            const LinkItem* link = scene_->link(from, to);
            QVERIFY(link != nullptr);
            QVERIFY(link->look().whole() && link->look().ofMembers && !link->look().isStopped());
        }
        QCOMPARE(memberLinks(document_->topology()).size(), std::size_t(2));
    }
    void drawnPeersAreTheOnlyArrows() {
        Topology drawing = document_->topology();
        drawing.peers.push_back({kTwo, kOne, {}});
        QVERIFY(document_->change(drawing, u"Peers"_s).ok());
        QVERIFY(scene_->link(kOne, kTwo) != nullptr);
        QVERIFY(scene_->link(kTwo, kOne) == nullptr);
    }
    void aConnectionIsAnArrowFromTheProducer() {
        const auto drawing = parseTopology(
            "tributary: 1\n"
            "clusters:\n"
            "  east: {system: voltdb, id: 1, members: {east1: {listen: '127.0.0.1:5555'}}}\n"
            "  west: {system: voltdb, id: 2, role: replica, members: {west1: {listen: '127.0.0.2:5555'}}}\n"
            "connections:\n"
            "  - {at: west, from: east}\n",
            "topology.yaml");
        QVERIFY_OK(drawing);
        const ItemRef arrow = linkRef("east/east1", "west/west1");
        QCOMPARE(memberLinks(drawing.value()).size(), std::size_t(1));
        QVERIFY(memberLinks(drawing.value()).front() == arrow);
        QVERIFY(isDrawn(drawing.value(), arrow));
        QCOMPARE(positionOf(drawing.value(), arrow).line, 6);
        QVERIFY(document_->change(drawing.value(), u"Connect"_s).ok());
        QVERIFY(scene_->link("east/east1", "west/west1") != nullptr);
        QVERIFY(scene_->link("west/west1", "east/east1") == nullptr);
    }
    void theThreePictures_data() {
        QTest::addColumn<bool>("forthStopped");
        QTest::addColumn<bool>("backStopped");
        QTest::newRow("both-follow") << false << false;
        QTest::newRow("conflict") << true << true;
        QTest::newRow("after-the-reseed") << false << true;
    }
    void theThreePictures() {
        QFETCH(bool, forthStopped);
        QFETCH(bool, backStopped);
        scene_->setObserved(seen(forthStopped ? stopped() : follows(), backStopped ? stopped() : follows()));
        const LinkItem* forth = scene_->link(kOne, kTwo);
        const LinkItem* back = scene_->link(kTwo, kOne);
        QCOMPARE(forth->look().isStopped(), forthStopped);
        QCOMPARE(back->look().isStopped(), backStopped);
        QCOMPARE(forth->description().contains(u"Duplicate key"_s), forthStopped);
        QVERIFY2(
            forth->description().contains(forthStopped ? u"observed: stopped, lag ?, idle 21.8 min, 1 row behind"_s
                                                       : u"observed: follow, lag < 1 ms, idle 420 ms, 0 rows behind"_s),
            qPrintable(forth->description()));
        keep(QString::fromUtf8(QTest::currentDataTag()));
    }
    void whatAMemberSaysOfItselfIsShown() {
        ObservedState state = seen(follows(), follows());
        state.clusters["replicaset001"].members["instance001"] = {"killed", "process 4701 is gone", {}};
        state.clusters["replicaset001"].members["instance002"] = {"running", {}, true};
        scene_->setObserved(state);
        const ClusterItem* cluster = scene_->cluster("replicaset001");
        const MemberCard& one = cluster->member("instance001")->look();
        QCOMPARE(one.state, u"killed"_s);
        QVERIFY(one.health == LinkHealth::Bad);
        QVERIFY(cluster->member("instance001")->toolTip().contains(u"process 4701 is gone"_s));
        QVERIFY(cluster->member("instance002")->look().detail.startsWith(u"ro"_s));
        keep(u"killed"_s);
        scene_->setObserved({});
        QVERIFY(!cluster->member("instance001")->look().health);
    }

private:
    [[nodiscard]] QRectF card(const std::string& name) const {
        const MemberItem* item = scene_->cluster("replicaset001")->member(name);
        return item->mapRectToScene(item->cardRect());
    }
    /// For people's eyes, where a folder is given.
    void keep(const QString& name) {
        const QString folder = qEnvironmentVariable("TRIBUTARY_PICTURES");
        if (folder.isEmpty()) return;
        const QRectF all = scene_->contentRect().adjusted(-24, -24, 24, 24);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            themes_.setKind(kind);
            QImage image((all.size() * 1.5).toSize(), QImage::Format_RGB32);
            image.fill(themes_.theme().canvas);
            QPainter painter(&image);
            painter.setRenderHint(QPainter::Antialiasing);
            scene_->render(&painter, QRectF(QPointF(), QSizeF(image.size())), all);
            painter.end();
            QVERIFY(image.save(folder + u'/' + name + (kind == ThemeKind::Light ? u"-light.png"_s : u"-dark.png"_s)));
        }
        themes_.setKind(ThemeKind::Light);
    }

    ThemeHolder themes_{ThemeKind::Light};
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<Selection> selection_;
    std::unique_ptr<CanvasScene> scene_;
};
TRIBUTARY_TEST(MemberItemsTest)
#include "tst_memberitems.moc"
