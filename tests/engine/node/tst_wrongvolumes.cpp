// A node on files that do not belong together: what it says, and that it never loses a row without a word.
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/node/volumeidentity.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;
namespace fs = std::filesystem;

namespace {

const std::string kTable = "/mapr/sf/customers";
const std::string kOther = "/mapr/sf/other";

void copyOver(const std::string& from, const std::string& to) {
    fs::remove_all(to);
    fs::create_directories(fs::path(to).parent_path());
    fs::copy(from, to, fs::copy_options::recursive);
}

Bytes contentOf(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const Bytes& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// One cluster of a host of its own, on a volume that was put together.
class Patient {
public:
    explicit Patient(const std::string& cluster = "sf", const std::string& user = "ana")
        : cluster_(cluster), user_(user) {}
    ~Patient() { stop(); }
    [[nodiscard]] std::string volume() const { return dir_.path().toStdString() + "/a volume/" + cluster_; }
    [[nodiscard]] std::string identity() const { return volume() + ".identity.json"; }
    Status start() {
        EngineHost::Options options;
        options.onTrouble = [this](const std::string&, const std::string& text) {
            const std::lock_guard lock(mutex_);
            told_ += text + "\n";
        };
        options.onEndpoints = [this](const HostedCluster& hosted) { control_ = hosted.control.front(); };
        host_ = std::make_unique<EngineHost>(std::move(options));
        NodeConfig config;
        config.kinds = maprdb::onlyTables();
        config.cluster = cluster_;
        config.key = "its key";
        config.volumeDir = volume();
        config.gateways = {{"gw", {"127.0.0.1", 0, {}, {}}}};
        config.control = {{"127.0.0.1", 0, {}, {}}};
        config.resolve = [](const std::string&, const std::vector<std::string>&) { return std::vector<Endpoint>{}; };
        if (Status started = host_->start(std::move(config)); !started) return started;
        auto client = SocketControlClient::connect({control_, cluster_, "its key", user_, 5'000});
        if (!client) return client.error();
        client_ = std::move(client).value();
        return okStatus();
    }
    void stop() {
        client_.reset();
        if (host_ != nullptr) (void)host_->stopAll();
        host_.reset();
    }
    /// "value", "(nothing)" or "error: ...".
    std::string get(const std::string& path, const std::string& key) {
        const auto got = client_->callJson(maprdb::TableMethod::Get, {{"path", path}, {"key", key}});
        if (!got) return "error: " + got.error().text();
        return got.value()["cells"].empty() ? "(nothing)" : got.value()["cells"][0]["value"].get<std::string>();
    }
    Status put(const std::string& path, const std::string& key, const std::string& value) {
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.put(key, {0, "v", value, {}});
        Bytes request;
        appendBlob(request, path);
        appendFixed<std::uint8_t>(request, 0);
        request += maprdb::encodeBody({"profile"}, mutations);
        const auto done = client_->call(maprdb::TableMethod::Put, request);
        return done ? okStatus() : Status(done.error());
    }
    Json ask(Method method, const Json& body) {
        const auto answer = client_->callJson(method, body);
        return answer ? answer.value() : Json{{"error", answer.error().text()}};
    }
    std::string alarms() { return ask(Method::ListAlarms, Json::object()).dump(); }
    std::string told() {
        const std::lock_guard lock(mutex_);
        return told_;
    }

private:
    std::string cluster_;
    std::string user_;
    QTemporaryDir dir_;
    std::mutex mutex_;
    std::string told_;
    Endpoint control_;
    std::unique_ptr<EngineHost> host_;
    std::unique_ptr<ControlClient> client_;
};

}  // namespace

class TestWrongVolumes : public QObject {
    Q_OBJECT

    QTemporaryDir store_;
    [[nodiscard]] std::string stored(const std::string& name) const { return store_.path().toStdString() + "/" + name; }

    /// A volume of cluster `sf` with two tables, of which one is written to after `name`-older was put aside.
    void makeVolume(const std::string& name) {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.ask("sf", maprdb::TableMethod::CreateTable,
                                {{"path", kOther}, {"families", {{{"name", "profile"}}}}}));
        QVERIFY_OK(clusters.putMany("sf", 0, 300, name + " before"));
        QVERIFY_OK(clusters.host().stopAll());
        keep(clusters, "sf", name + "-older");
        clusters.restart({"sf"});
        QVERIFY_OK(clusters.putMany("sf", 300, 300, name + " after"));
        QVERIFY_OK(clusters.host().stopAll());
        keep(clusters, "sf", name);
    }
    void keep(Clusters& clusters, const std::string& cluster, const std::string& name) {
        copyOver(clusters.volumeDir(cluster), stored(name));
        copyOver(clusters.volumeDir(cluster) + ".identity.json", stored(name + ".identity.json"));
    }
    void put(Patient& patient, const std::string& name) {
        copyOver(stored(name), patient.volume());
        copyOver(stored(name + ".identity.json"), patient.identity());
    }
    static std::string part(const std::string& which) {
        return which == "log" ? "/log" : which == "snapshot" ? "/node.json" : "/tables/1.db";
    }
    /// The file of a part that is flipped and cut.
    static std::string fileOf(const std::string& volume, const std::string& which) {
        return volume + part(which) + (which == "log" ? "/0000000000000001.log" : "");
    }

    void spoil(const std::string& volume, const std::string& which, const std::string& how) {
        const std::string file = fileOf(volume, which);
        if (how == "older copy") copyOver(stored("sf-older") + part(which), volume + part(which));
        if (how == "other table's" && which != "state file")
            copyOver(stored("sf2") + part(which), volume + part(which));
        if (how == "other table's" && which == "state file") copyOver(volume + "/tables/2.db", file);
        if (how == "other cluster's") copyOver(stored("ny") + part(which), volume + part(which));
        if (how == "missing") fs::remove_all(volume + part(which));
        Bytes bytes = how == "one bit flipped" || how == "truncated" ? contentOf(file) : Bytes();
        if (how == "truncated") write(file, bytes.substr(0, bytes.size() / 2));
        if (how == "one bit flipped") {
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
            write(file, bytes);
        }
    }

private slots:
    void initTestCase() {
        makeVolume("sf");
        makeVolume("sf2");
        Clusters clusters({"ny"});
        QVERIFY_OK(clusters.createTable("ny"));
        QVERIFY_OK(clusters.putMany("ny", 0, 600, "ny"));
        QVERIFY_OK(clusters.host().stopAll());
        keep(clusters, "ny", "ny");
    }

    void wrongVolume_data() {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QString>("how");
        QTest::addColumn<QString>("state");  // refused, unavailable, or whole: every row is there
        QTest::addColumn<QString>("says");   // part of what it says; empty = nothing need be said
        const auto row = [](const char* which, const char* how, const char* state, const char* says) {
            QTest::addRow("%s, %s", which, how) << QString::fromLatin1(which) << QString::fromLatin1(how)
                                                << QString::fromLatin1(state) << QString::fromLatin1(says);
        };
        row("log", "older copy", "refused", "the commit log is older than node.json");
        row("log", "other table's", "refused", "the commit log is not the one that node.json was written with");
        row("log", "other cluster's", "refused", "the commit log is not the one that node.json was written with");
        row("log", "missing", "refused", "the commit log is missing");
        row("log", "one bit flipped", "refused", "damaged");
        row("log", "truncated", "refused", "the commit log");
        row("snapshot", "older copy", "whole", "");
        row("snapshot", "other table's", "refused", "the commit log is not the one that node.json was written with");
        row("snapshot", "other cluster's", "refused", "the volume belongs to cluster ny, not to sf");
        row("snapshot", "missing", "whole", "");
        row("snapshot", "one bit flipped", "refused", "node.json is damaged");
        row("snapshot", "truncated", "refused", "node.json is damaged");
        row("state file", "older copy", "whole", "");
        row("state file", "other table's", "unavailable", "another dataset's");
        row("state file", "other cluster's", "unavailable", "the state file is one of cluster ny, not of sf");
        row("state file", "missing", "whole", "is made again of the commit log");
        row("state file", "one bit flipped", "unavailable", "its checksum is wrong");
        row("state file", "truncated", "unavailable", "");
    }
    void wrongVolume() {
        QFETCH(const QString, which);
        QFETCH(const QString, how);
        QFETCH(const QString, state);
        QFETCH(const QString, says);
        Patient patient;
        put(patient, "sf");
        spoil(patient.volume(), which.toStdString(), how.toStdString());
        const Status started = patient.start();
        std::string said = started ? patient.told() : started.error().full();
        std::string now = started ? "whole" : "refused";
        for (int i = 0; started && i < 600; i += 37) {
            const std::string key = fmt::format("key{:08}", i);
            const std::string seen = patient.get(kTable, key);
            const std::string wanted = i < 300 ? "sf before" : "sf after";
            QVERIFY2(seen == wanted || seen.starts_with("error: "), (key + ": " + seen).c_str());
            if (seen == wanted) continue;
            now = "unavailable";
            said += seen;
        }
        qInfo().noquote() << which << "|" << how << "|" << QString::fromStdString(now) << "|"
                          << QString::fromStdString(said).simplified().replace(QString::fromStdString(patient.volume()),
                                                                               QStringLiteral("VOLUME"));
        QCOMPARE(now, state.toStdString());
        QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
        if (started) QCOMPARE(patient.get(kOther, "nothing"), std::string("(nothing)"));  // the others go on
    }

    void rightVolumeSaysNothing() {
        Patient patient;
        put(patient, "sf");
        QVERIFY_OK(patient.start());
        QCOMPARE(patient.told(), std::string());
        QVERIFY2(patient.alarms().find("PUT_BACK") == std::string::npos, patient.alarms().c_str());
    }

    void volumeThatIsNotTheLastOneSaysSo_data() {
        QTest::addColumn<QString>("volume");
        QTest::addColumn<QString>("identity");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* volume, const char* identity, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(volume) << QString::fromLatin1(identity)
                                << QString::fromLatin1(says);
        };
        row("an older copy", "sf-older", "sf", "was put back: it knows nothing of its last start");
        row("another of the same cluster", "sf2", "sf", "is not the one that was used last");
        row("one out of a backup", "sf", "", "was restored from a backup, or comes from another workspace");
        row("none", "", "sf", "is gone: this one is new and empty");
    }
    void volumeThatIsNotTheLastOneSaysSo() {
        QFETCH(const QString, volume);
        QFETCH(const QString, identity);
        QFETCH(const QString, says);
        Patient patient;
        if (!volume.isEmpty()) copyOver(stored(volume.toStdString()), patient.volume());
        fs::create_directories(patient.volume());
        if (!identity.isEmpty()) copyOver(stored(identity.toStdString() + ".identity.json"), patient.identity());
        QVERIFY_OK(patient.start());
        const std::string alarms = patient.alarms();
        QVERIFY2(alarms.find("NODE_ALARM_VOLUME_PUT_BACK") != std::string::npos, alarms.c_str());
        QVERIFY2(alarms.find(says.toStdString()) != std::string::npos, alarms.c_str());
        // The alarm outlives the process, and ends when it is cleared.
        patient.stop();
        QVERIFY_OK(patient.start());
        QVERIFY2(patient.alarms().find(says.toStdString()) != std::string::npos, patient.alarms().c_str());
    }

    void everyFlippedBitOfASnapshotIsFound() {
        Patient patient;
        put(patient, "sf");
        const Bytes whole = contentOf(patient.volume() + "/node.json");
        QVERIFY(digestHolds(whole));
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            Bytes flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            QVERIFY2(!digestHolds(flipped), std::to_string(bit).c_str());
        }
        // Whatever becomes of the format's own number, it does not pass for one that has no digest.
        for (const char* number : {"1", "3", "0", "true"}) {
            Bytes odd = whole;
            odd.replace(odd.find("\"format\":2") + 9, 1, number);
            write(patient.volume() + "/node.json", odd);
            const Status started = patient.start();
            QVERIFY2(!started.ok(), number);
            QVERIFY2(started.error().what.find("node.json is damaged") != std::string::npos, number);
            patient.stop();
        }
    }

    void volumeOfVersion1IsWrittenOnInVersion2() {
        Patient patient("sanfrancisco", "root");
        copyOver(TRIBUTARY_SOURCE_DIR "/tests/data/format-v1/volume", patient.volume());
        const std::string table = "/mapr/sanfrancisco/customers";
        const std::vector<std::pair<std::string, std::string>> rows{
            {"key1", "one1"}, {"key3", "one3"}, {"key4", "four"}, {"key5", "two5"}, {"key6", "two6"}};
        for (int life = 0; life < 3; ++life) {
            QVERIFY_OK(patient.start());
            QVERIFY2(patient.alarms().find("PUT_BACK") == std::string::npos, patient.alarms().c_str());
            for (const auto& [key, value] : rows) QCOMPARE(patient.get(table, key), value);
            QVERIFY_OK(patient.put(table, fmt::format("new{}", life), "v"));
            for (int i = 0; i <= life; ++i) QCOMPARE(patient.get(table, fmt::format("new{}", i)), std::string("v"));
            patient.stop();
            QVERIFY(digestHolds(contentOf(patient.volume() + "/node.json")));
        }
    }
};
TRIBUTARY_TEST(TestWrongVolumes)
#include "tst_wrongvolumes.moc"
