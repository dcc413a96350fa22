// Messages, documents and tuples in the data dock, against real clusters and instances.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>

#include "app/adapters/documents.h"
#include "app/adapters/streamdata.h"
#include "app/daemon/session.h"
#include "app/desktop/live/browseview.h"
#include "app/desktop/live/datapanel.h"
#include "app/desktop/live/lagpanel.h"
#include "app/instances/instancebox.h"
#include "app/instances/replicasets.h"
#include "app/observe/clocks.h"
#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;

namespace {

constexpr const char* kStream = "/mapr/sf/activity";
constexpr const char* kPeople = "/mapr/sf/people";

constexpr const char* kBrowsedDrawing = R"(tributary: 1
clusters:
  sf: {system: maprdb, gateways: [gw-sf]}
datasets:
  /mapr/sf/activity: {kind: stream, topics: [web], exists: true}
  /mapr/sf/later: {kind: stream, exists: true}
  /mapr/sf/customers: {kind: binary-table, families: [profile], exists: true}
  /mapr/sf/people: {kind: json-table, exists: true}
)";

std::string portNobodyHas() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    if (::bind(probe, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
        qFatal("no port is free");
    }
    ::close(probe);
    return std::to_string(ntohs(at.sin_port));
}

/// With TRIBUTARY_PICTURES=folder the panel is kept as a picture, for people to look at.
void keepPicture(QWidget& panel, const QString& name) {
    const QString folder = qEnvironmentVariable("TRIBUTARY_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    panel.resize(1000, 360);
    QVERIFY(panel.grab().save(u"%1/%2.png"_s.arg(folder, name)));
}

using BoxWriter = engine::tarantool::MsgpackWriter;

/// Calls `box` of an instance; the failure, or nothing.
QString boxed(app::InstanceBox& box, const char* method, std::size_t count,
              const std::function<void(BoxWriter&)>& arguments) {
    Bytes encoded;
    BoxWriter writer(encoded);
    writer.array(count);
    arguments(writer);
    const auto answer = box.call(method, encoded);
    const auto* failure = std::get_if<engine::tarantool::BoxFailure>(&answer);
    return failure == nullptr ? QString() : QString::fromStdString(failure->message);
}

}  // namespace

class BrowseViewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QFile drawing(folder_.filePath(u"topology.yaml"_s));
        QVERIFY(drawing.open(QIODevice::WriteOnly));
        drawing.write(kBrowsedDrawing);
        drawing.close();
        live_ = std::make_unique<LiveWorkspace>(folder_.path(), LiveOptions{{}, 100});
        live_->startEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live_->engine().state, EngineState::Running, kPatientMs);
        QTRY_VERIFY_WITH_TIMEOUT(
            !live_->snapshot().status.clusters.empty() && live_->snapshot().status.clusters.front().tables.size() == 4,
            kPatientMs);
        auto session = app::Session::open({folder_.path().toStdString(), {}, false});
        QVERIFY2(session, session ? "" : session.error().what.c_str());
        session_ = std::move(session).value();
    }
    void cleanupTestCase() {
        session_.reset();
        live_.reset();
    }
    void messagesAreProducedReadAndCountedPerGroup();
    void documentsHaveAColumnPerField();
    void aTableIsEditedAsBefore();
    void whatCannotBeReadIsSaidUntilItCan();
    void whatEachPartitionLacksIsCounted();
    void partitionsAreAskedForWhileThePanelIsOnShow();
    void tuplesAreThoseOfTheChosenInstance();

private:
    QTemporaryDir folder_;
    std::unique_ptr<LiveWorkspace> live_;
    std::unique_ptr<app::Session> session_;
};

void BrowseViewTest::messagesAreProducedReadAndCountedPerGroup() {
    app::StreamData data(session_->directory(), app::wallNowMs);
    const app::TopicName web{kStream, "web"};
    std::vector<app::MessageWrite> messages(450);
    for (std::size_t i = 0; i < messages.size(); ++i) messages[i].value = "m" + std::to_string(i);
    QVERIFY(data.produce(web, messages, 0));
    QVERIFY(data.commit(web, 0, "billing", 440));
    DataPanel panel(*live_);
    panel.resize(900, 400);
    panel.show();
    panel.showTable(QString::fromLatin1(kStream));
    BrowseTable& rows = panel.browse().rows();
    QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), 200, kPatientMs);
    // The newest first; going on reaches the oldest, once each.
    QCOMPARE(rows.index(0, 4).data().toString(), u"m449"_s);
    QCOMPARE(rows.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), u"Offset"_s);
    while (rows.canFetchMore({})) {
        rows.fetchMore({});
        QTRY_VERIFY_WITH_TIMEOUT(!rows.isBusy(), kPatientMs);
    }
    QCOMPARE(rows.rowCount(), 450);
    QCOMPARE(rows.index(449, 4).data().toString(), u"m0"_s);
    ReaderTable& readers = panel.browse().readers();
    QTRY_COMPARE_WITH_TIMEOUT(readers.rowCount(), 1, kPatientMs);
    QCOMPARE(readers.index(0, ReaderTable::ReaderColumn).data().toString(), u"billing"_s);
    QCOMPARE(readers.index(0, ReaderTable::BehindColumn).data().toString(), u"10"_s);
    // A message by keys and mouse: it says where it is, and is there.
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"browse-key"_s), u"k1"_s);
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"browse-value"_s), u"hello"_s);
    auto* section = panel.findChild<QComboBox*>(u"browse-section"_s);
    section->setCurrentIndex(section->findData(u"0"_s));
    auto* write = panel.findChild<QPushButton*>(u"browse-write"_s);
    QCOMPARE(write->text(), u"Produce"_s);
    QSignalSpy said(&panel.browse(), &BrowseView::said);
    QTest::mouseClick(write, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), kPatientMs);
    QCOMPARE(said.first().first().toString(), u"✓ Produce: partition 0, offset 450"_s);
    QTRY_VERIFY_WITH_TIMEOUT(rows.rowCount() > 0 && rows.index(0, 4).data().toString() == u"hello"_s, kPatientMs);
    QCOMPARE(rows.index(0, 3).data().toString(), u"k1"_s);
    QVERIFY(!rows.index(1, 3).data().isValid());  // no key is not an empty one
    QTRY_COMPARE_WITH_TIMEOUT(readers.index(0, ReaderTable::BehindColumn).data().toString(), u"11"_s, kPatientMs);
    keepPicture(panel, u"messages"_s);
    // All of the selected one.
    panel.findChild<QTableView*>(u"browse-rows"_s)->setCurrentIndex(rows.index(0, 0));
    QVERIFY(panel.findChild<QPlainTextEdit*>(u"browse-detail"_s)->toPlainText().endsWith(u"hello"_s));
}

void BrowseViewTest::documentsHaveAColumnPerField() {
    namespace ojai = engine::maprdb::json;
    app::DocumentData data(session_->directory(), app::wallNowMs);
    const auto put = [&](const char* text) {
        const auto document = ojai::parseDocument(text);
        return document && data.replace(kPeople, *document->find("_id"), *document, {}).ok();
    };
    QVERIFY(put(R"({"_id": "p1", "name": "Ada", "job": {"pay": {"$numberInt": 7}}})"));
    QVERIFY(put(R"({"_id": "p2", "age": {"$numberInt": 36}})"));
    DataPanel panel(*live_);
    panel.show();
    panel.showTable(QString::fromLatin1(kPeople));
    BrowseTable& rows = panel.browse().rows();
    QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), 2, kPatientMs);
    QStringList titles;
    for (int i = 0; i < rows.columnCount(); ++i) {
        titles << rows.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString();
    }
    QCOMPARE(titles.front(), u"_id"_s);
    QCOMPARE(rows.index(0, static_cast<int>(titles.indexOf(u"name"_s))).data().toString(), u"Ada"_s);
    QCOMPARE(rows.index(1, static_cast<int>(titles.indexOf(u"age"_s))).data().toString(), u"36"_s);
    QVERIFY(!rows.index(1, static_cast<int>(titles.indexOf(u"name"_s))).data().isValid());
    keepPicture(panel, u"documents"_s);
    // Parts, groups and writing are not there, and take no room.
    QVERIFY(!panel.findChild<QComboBox*>(u"browse-part"_s)->isVisible());
    QVERIFY(!panel.findChild<QPushButton*>(u"browse-write"_s)->isVisible());
}

void BrowseViewTest::aTableIsEditedAsBefore() {
    DataPanel panel(*live_);
    panel.show();
    panel.showTable(u"/mapr/sf/customers"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!panel.rows().isBusy(), kPatientMs);
    QVERIFY(panel.findChild<QLineEdit*>(u"data-key"_s)->isVisible());
    QVERIFY(!panel.browse().isVisible());
}

void BrowseViewTest::whatCannotBeReadIsSaidUntilItCan() {
    BrowseView view(*live_);
    view.show(*app::dataBrowser("maprdb", "stream"), u"/mapr/sf/nothing"_s, {});
    QSignalSpy said(&view, &BrowseView::said);
    QTRY_VERIFY_WITH_TIMEOUT(!said.isEmpty(), kPatientMs);
    QVERIFY(said.last()[1].toBool() && !said.last().front().toString().isEmpty());
    view.show(*app::dataBrowser("maprdb", "stream"), QString::fromLatin1(kStream), u"no offset"_s);
    QTRY_VERIFY_WITH_TIMEOUT(said.last().front().toString().contains(u"is no offset"_s), kPatientMs);
    view.show(*app::dataBrowser("maprdb", "stream"), QString::fromLatin1(kStream), {});
    // The problem ends when the new reading begins; its rows come after.
    QTRY_VERIFY_WITH_TIMEOUT(said.last().front().toString().isEmpty(), kPatientMs);
    QTRY_VERIFY_WITH_TIMEOUT(view.rows().rowCount() > 0, kPatientMs);
}

void BrowseViewTest::whatEachPartitionLacksIsCounted() {
    app::StreamData data(session_->directory(), app::wallNowMs);
    const auto ends = data.partitions({kStream, "web"});
    QVERIFY(ends && !ends->empty());
    app::WorkspaceStatus status = live_->snapshot().status;
    const auto linked = [&](const std::string& to) {
        app::LinkRow link;
        link.from = kStream;
        link.to = to;
        status.links = {link};
        const PartsBehind all = partsBehind(*session_, status);
        const auto parts = all.find(std::string(kStream) + " -> " + to);
        return parts == all.end() ? std::vector<PartBehind>() : parts->second;
    };
    // A replica with all of it, one without the topic yet, and one that nobody tells about.
    const auto whole = linked(kStream);
    const auto empty = linked("/mapr/sf/later");
    const auto untold = linked("/mapr/ny/activity");
    QCOMPARE(whole.size(), ends->size());
    QCOMPARE(empty.size(), ends->size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        QCOMPARE(whole[i].part, std::string("web"));
        QCOMPARE(whole[i].behind, std::optional<std::int64_t>(0));
        QCOMPARE(empty[i].behind, std::optional<std::int64_t>((*ends)[i].end - (*ends)[i].low));
        QVERIFY(!untold[i].behind);
    }
    QVERIFY(*empty[0].behind >= 450);
    // A table has no partitions to count.
    status.links[0].from = "/mapr/sf/customers";
    QVERIFY(partsBehind(*session_, status).empty());
}

void BrowseViewTest::partitionsAreAskedForWhileThePanelIsOnShow() {
    QSignalSpy done(live_.get(), &LiveWorkspace::commandDone);
    live_->runCommand(u"maprcli stream replica autosetup -path /mapr/sf/activity -replica /mapr/sf/copied"_s);
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, kPatientMs);
    QCOMPARE(done.front().at(1).toString(), QString());
    const auto isLinked = [this] {
        return std::any_of(live_->snapshot().status.links.begin(), live_->snapshot().status.links.end(),
                           [](const app::LinkRow& link) { return link.to == "/mapr/sf/copied"; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isLinked(), kPatientMs);
    QVERIFY(live_->snapshot().parts.empty());
    LagPanel panel(*live_);
    panel.show();
    QTRY_VERIFY_WITH_TIMEOUT(live_->snapshot().parts.contains("/mapr/sf/activity -> /mapr/sf/copied"), kPatientMs);
    panel.hide();
    QTRY_VERIFY_WITH_TIMEOUT(live_->snapshot().parts.empty(), kPatientMs);
    QVERIFY(isLinked());
}

void BrowseViewTest::tuplesAreThoseOfTheChosenInstance() {
    qputenv("TRIBUTARY_EXE", TRIBUTARY_BINARY_DIR "/bin/tributary");
    const QTemporaryDir folder;
    QFile drawing(folder.filePath(u"topology.yaml"_s));
    QVERIFY(drawing.open(QIODevice::WriteOnly));
    drawing.write(QByteArray::fromStdString(
        "tributary: 1\nclusters:\n  rs:\n    system: tarantool\n    failover: off\n    members:\n"
        "      i1: {mode: rw, listen: \"127.0.0.1:" +
        portNobodyHas() + "\"}\n      i2: {mode: ro, listen: \"127.0.0.1:" + portNobodyHas() +
        "\"}\n    users:\n      replicator: {roles: [replication]}\n"));
    drawing.close();
    LiveWorkspace live(folder.path(), LiveOptions{{}, 100});
    live.startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Running, kPatientMs);
    const auto place = app::findMember(folder.path().toStdString(), live.drawing(), "rs", "i1");
    QVERIFY2(place, place ? "" : place.error().what.c_str());
    auto box = app::InstanceBox::connect(*place);
    QVERIFY2(box, box ? "" : box.error().what.c_str());
    const auto space = [](BoxWriter& w) { w.string("bands"); };
    QCOMPARE(boxed(**box, "create_space", 1, space), QString());
    QCOMPARE(boxed(**box, "create_index", 5,
                   [](BoxWriter& w) {
                       w.unsignedInteger(512);
                       w.string("primary");
                       w.string("TREE");
                       w.boolean(true);
                       w.array(1);
                       w.array(3);
                       w.unsignedInteger(1);
                       w.string("unsigned");
                       w.boolean(false);
                   }),
             QString());
    QCOMPARE(boxed(**box, "insert", 2,
                   [](BoxWriter& w) {
                       w.unsignedInteger(512);
                       w.array(2);
                       w.unsignedInteger(5);
                       w.string("Pink Floyd");
                   }),
             QString());
    DataPanel panel(live);
    panel.show();
    const auto listed = [&] {
        const app::ClusterRow* row = live.snapshot().status.cluster("rs");
        return row == nullptr || row->tables.empty() ? std::string() : row->tables.front().path;
    };
    QTRY_VERIFY_WITH_TIMEOUT(!listed().empty(), kPatientMs);
    panel.showTable(QString::fromStdString(listed()));
    BrowseTable& rows = panel.browse().rows();
    QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), 1, kPatientMs);
    QCOMPARE(rows.index(0, 1).data().toString(), u"Pink Floyd"_s);
    auto* part = panel.findChild<QComboBox*>(u"browse-part"_s);
    QCOMPARE(part->count(), 2);
    QCOMPARE(rows.note(), u"1 tuple at i1"_s);
    keepPicture(panel, u"tuples"_s);
    // What the other one holds is asked of the other one.
    part->setCurrentIndex(1);
    emit part->activated(1);
    QTRY_COMPARE_WITH_TIMEOUT(rows.note(), u"1 tuple at i2"_s, kPatientMs);
    live.stopEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Off, kPatientMs);
    panel.browse().reload();
    QTRY_VERIFY_WITH_TIMEOUT(rows.problem().contains(u"is not running"_s), kPatientMs);
    QCOMPARE(rows.rowCount(), 0);
}

TRIBUTARY_TEST(BrowseViewTest)
#include "tst_browseview.moc"
