// Two real nodes that write to each other over lines that damage what they carry: no row is ever wrong, a link that
// does not get on says why, and when the lines are whole again everything arrives.
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <QTest>
#include <set>

#include "damagingproxy.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"
#include "engine/node/node.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::DamagingProxy;

namespace {

constexpr int kKeys = 200;
constexpr int kSecondsUsually = 60;
constexpr std::uint64_t kDamagedOneIn = 40;
constexpr int kStandsMs = 20'000;
constexpr int kPatienceMs = 60'000;

/// The sockets of a node, with all that it dials led through a proxy, which it knows nothing of.
class Detour final : public Transport {
public:
    explicit Detour(Transport& way) : way_(way) {}
    void lead(std::uint16_t from, std::uint16_t to) { detours_[from] = to; }
    Result<std::unique_ptr<Listener>> listen(const Endpoint& at, OnAccept onAccept) override {
        return way_.listen(at, std::move(onAccept));
    }
    std::unique_ptr<Connection> dial(const Endpoint& to) override {
        Endpoint there = to;
        if (const auto at = detours_.find(to.port); at != detours_.end()) there.port = at->second;
        return way_.dial(there);
    }

private:
    Transport& way_;
    std::map<std::uint16_t, std::uint16_t> detours_;
};

/// A node on a thread, a disk and sockets of its own.
class Site {
public:
    Site(std::string cluster, const SharedSeams& shared, MemoryPool& pool, const std::string& dir)
        : cluster_(std::move(cluster)), thread_(cluster_, shared) {
        thread_.run([&] {
            Seams& own = thread_.seams();
            detour_ = std::make_unique<Detour>(own.transport);
            seams_ = std::make_unique<Seams>(Seams{own.clock, own.executor, own.timers, own.workers, *detour_,
                                                   own.files, own.random, own.faults, own.vfsName, own.vfsShared});
            NodeConfig config;
            config.kinds = maprdb::onlyTables();
            config.cluster = cluster_;
            config.volumeDir = dir + "/" + cluster_;
            config.gateways = {{"gw", {"127.0.0.1", 0, {}, {}}}};
            config.control = {{"127.0.0.1", 0, {}, {}}};
            config.key = "key of " + cluster_;
            config.keyOf = [](const std::string& cluster) -> Result<Bytes> { return "key of " + cluster; };
            config.backOffMsMin = 20;
            config.backOffMsMax = 400;
            config.resolve = [this](const std::string& cluster, const std::vector<std::string>&) {
                return std::vector<Endpoint>{{"127.0.0.1", peerPort_, {}, cluster}};
            };
            auto node = Node::start(*seams_, config, pool);
            if (!node) qFatal("%s", node.error().full().c_str());
            node_ = std::move(node).value();
            control_ = node_->controlEndpoints().front();
            gateway_ = node_->gateways().list().front().endpoint.port;
        });
        auto client = SocketControlClient::connect({control_, cluster_, "key of " + cluster_, {}, kPatienceMs});
        if (!client) qFatal("%s", client.error().full().c_str());
        client_ = std::move(client).value();
        (void)ask(maprdb::TableMethod::CreateTable,
                  {{"path", path()},
                   {"perms", {{"replperm", "p"}, {"defaultreadperm", "p"}, {"defaultwriteperm", "p"}}},
                   {"families", {{{"name", "a"}}}}});
        uuid_ = ask(maprdb::TableMethod::Describe, {{"path", path()}})["uuid"];
    }
    ~Site() {
        client_.reset();
        thread_.run([this] { node_->prepareStop(); });
        thread_.settleWorkers(RealWorkers::Pending::Finish);
        thread_.run([this] {
            node_.reset();
            seams_.reset();
        });
        thread_.stop();
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    [[nodiscard]] std::uint16_t gateway() const { return gateway_; }
    [[nodiscard]] std::string path() const { return "/mapr/" + cluster_ + "/t"; }
    [[nodiscard]] const std::string& uuid() const { return uuid_; }
    Json ask(Method method, const Json& body) {
        auto answer = client_->callJson(method, body);
        if (!answer) qFatal("%s", answer.error().full().c_str());
        return answer.value();
    }
    void peer(const Site& other, std::uint16_t through) {
        peerPath_ = other.path();
        thread_.run([&] {
            peerPort_ = other.gateway();
            detour_->lead(peerPort_, through);
        });
        ask(maprdb::TableMethod::AddUpstream,
            {{"path", path()}, {"upstream", other.path()}, {"cluster", other.cluster_}, {"uuid", other.uuid()}});
        ask(maprdb::TableMethod::AddReplica,
            {{"path", path()}, {"replica", other.path()}, {"cluster", other.cluster_}, {"uuid", other.uuid()}});
    }
    void put(const std::string& key, const std::string& value) {
        Bytes mutations;
        maprdb::MutationBuilder(mutations).put(key, {0, "v", value, {}});
        Bytes request;
        appendBlob(request, path());
        appendFixed<std::uint8_t>(request, 0);
        const auto done =
            client_->call(maprdb::TableMethod::Put, request + maprdb::encodeBody({"a"}, mutations), kPatienceMs);
        if (!done) qFatal("%s", done.error().full().c_str());
    }
    std::string get(const std::string& key) {
        const Json row = ask(maprdb::TableMethod::Get, {{"path", path()}, {"key", key}});
        return row["cells"].empty() ? std::string() : row["cells"][0]["value"].get<std::string>();
    }
    LinkStatus link() {
        return thread_.run(
            [this] { return node_->dataset(std::string_view(path()))->links.begin()->second->status(); });
    }
    /// Ends the link's session and begins another.
    void startAnew() {
        for (const bool paused : {true, false}) {
            ask(maprdb::TableMethod::PauseReplica, {{"path", path()}, {"replica", peerPath_}, {"paused", paused}});
        }
    }
    std::string broken() {
        return thread_.run([this] { return node_->checkInvariants(); });
    }

private:
    std::string cluster_;
    NodeThread thread_;
    std::unique_ptr<Detour> detour_;
    std::unique_ptr<Seams> seams_;
    std::uint16_t peerPort_ = 0;
    std::string peerPath_;
    std::unique_ptr<Node> node_;
    Endpoint control_;
    std::uint16_t gateway_ = 0;
    std::unique_ptr<SocketControlClient> client_;
    std::string uuid_;
};

std::string keyOf(int key) {
    return "row" + std::to_string(key);
}

}  // namespace

class DamagedLinesTest : public QObject {
    Q_OBJECT
private slots:
    void noRowIsWrongAndEverythingArrives() {
        const QTemporaryDir dir;
        RealWorkers workers;
        RealFileOps files;
        MemoryPool pool(256U << 20U);
        const SharedSeams shared{workers, files, {}};
        Site one("one", shared, pool, dir.path().toStdString());
        Site two("two", shared, pool, dir.path().toStdString());
        const auto seed = static_cast<std::uint64_t>(1 + qEnvironmentVariableIntValue("TRIBUTARY_PROXY_SEED"));
        DamagingProxy there(two.gateway(), seed);
        DamagingProxy back(one.gateway(), seed + 1'000);
        one.peer(two, there.port());
        two.peer(one, back.port());
        for (DamagingProxy* proxy : {&there, &back}) proxy->setDamagedOneIn(kDamagedOneIn);

        const int asked = qEnvironmentVariableIntValue("TRIBUTARY_PROXY_SECONDS");
        QElapsedTimer clock;
        clock.start();
        // Everything that was ever written to a key: nothing else may be seen of it.
        std::map<std::string, std::set<std::string>> written;
        test::Mutator random(seed);
        int puts = 0;
        int looks = 0;
        int refusedLooks = 0;
        std::map<std::string, int> reasons;
        while (clock.elapsed() < (asked > 0 ? asked : kSecondsUsually) * 1'000) {
            Site& at = random.below(2) == 0 ? one : two;
            const std::string key = keyOf(static_cast<int>(random.below(kKeys)));
            const std::string value =
                key + "=" + std::to_string(++puts) + ":" + std::string(random.below(20) == 0 ? 60'000 : 40, 'x');
            written[key].insert(value);
            at.put(key, value);
            if (puts % 20 != 0) continue;
            for (Site* site : {&one, &two}) {
                const std::string shown = keyOf(static_cast<int>(random.below(kKeys)));
                const std::string seen = site->get(shown);
                QVERIFY2(seen.empty() || written[shown].count(seen) != 0, ("wrong: " + seen.substr(0, 100)).c_str());
                const LinkStatus status = site->link();
                ++looks;
                if (!status.errorCode.empty()) ++reasons[status.errorCode];
                refusedLooks += status.errorCode.empty() ? 0 : 1;
            }
        }
        for (DamagingProxy* proxy : {&there, &back}) proxy->setDamagedOneIn(0);
        const auto rest = [&] { return one.link().operationsPending == 0 && two.link().operationsPending == 0; };
        // A frame of which a part is gone, or whose length was flipped, waits for bytes that never come: TCP loses
        // none. Such a link says that it stands, and goes on in a new session.
        int stood = 0;
        if (!QTest::qWaitFor(rest, kStandsMs)) {
            for (Site* site : {&one, &two}) {
                const LinkStatus status = site->link();
                if (status.operationsPending == 0) continue;
                ++stood;
                QVERIFY(!status.errorCode.empty() || !status.stallReason.empty());
                site->startAnew();
            }
        }
        QVERIFY(QTest::qWaitFor(rest, kPatienceMs));
        int shown = 0;
        for (const auto& [key, values] : written) {
            const std::string here = one.get(key);
            QVERIFY2(values.count(here) != 0, (key + ": " + here.substr(0, 100)).c_str());
            QCOMPARE(two.get(key), here);
            ++shown;
        }
        std::string said;
        for (const auto& [code, times] : reasons) said += " " + code + " " + std::to_string(times);
        qInfo("%d puts, %d rows equal, %d links stood; there: %s; back: %s; %d of %d looks at links showed an error:%s",
              puts, shown, stood, there.counts().c_str(), back.counts().c_str(), refusedLooks, looks, said.c_str());
        QVERIFY2(there.didEverything() && back.didEverything(), "a run that damages nothing proves nothing");
        for (Site* site : {&one, &two}) {
            QCOMPARE(site->link().errorCode, std::string());
            QCOMPARE(site->broken(), std::string());
        }
    }
};
TRIBUTARY_TEST(DamagedLinesTest)
#include "tst_damagedlines.moc"
