// The applier's dialogue and the console's format, held against a real Tarantool.
#include <QElapsedTimer>

#include "absence.h"
#include "engine/admin/tarantool/boxclient.h"
#include "engine/net/blockingchannel.h"
#include "engine/systems/tarantool/console/consoleyaml.h"
#include "engine/systems/tarantool/iproto/applier.h"
#include "instances.h"
#include "mutator.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::test;
using namespace tributary::engine::tarantool;

namespace {

constexpr Millis kWaitMs = 10'000;

/// Feeds a session from a socket until it has said something that `wanted` takes.
class Tap {
public:
    Tap(quint16 port, ApplierSession::Options options) : session_(std::move(options)) {
        auto channel = engine::BlockingChannel::connect({"127.0.0.1", port, {}, {}}, kWaitMs);
        if (channel) channel_ = std::move(channel).value();
    }
    bool until(const std::function<bool(const ApplierEvent&)>& wanted) {
        QElapsedTimer passed;
        passed.start();
        while (passed.elapsed() < kWaitMs) {
            while (const auto event = session_.next()) {
                if (wanted(*event)) return true;
            }
            const Bytes out = session_.outgoing();
            if (!out.empty() && !channel_.send(out)) return false;
            const auto bytes = channel_.receiveSome(kWaitMs);
            if (!bytes || !session_.feed(*bytes)) return false;
        }
        return false;
    }
    engine::BlockingChannel& channel() { return channel_; }

private:
    ApplierSession session_;
    engine::BlockingChannel channel_;
};

}  // namespace

class TestTap : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        instances_ = realTarantool();
        TRIBUTARY_NEEDS_TARANTOOL(instances_);
        const QString problem = instances_->start({{u"i1"_s, {}, {}}});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void followsARealInstanceAnonymously() {
        ask(u"box.schema.space.create('t'):create_index('primary')"_s);
        ApplierSession::Options options;
        options.user = "replicator";
        options.password = "topsecret";
        options.wantsData = true;
        options.subscription.isAnonymous = true;
        options.subscription.instance = Uuid::fromRandom(7, 8);
        options.subscription.replicaset = *Uuid::parse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
        Tap tap(instances_->portOf(u"i1"_s), options);
        int rows = 0;
        Vclock joined;
        QVERIFY(tap.until([&](const ApplierEvent& event) {
            if (std::holds_alternative<SnapshotRow>(event)) ++rows;
            if (const auto* done = std::get_if<Joined>(&event)) joined = done->clock;
            return std::holds_alternative<Subscribed>(event);
        }));
        QVERIFY2(rows > 500, "the system spaces are rows too");
        QVERIFY2(joined.at(1) > 10, joined.text().c_str());
        QVERIFY(tap.until([](const ApplierEvent& event) { return std::holds_alternative<Heartbeat>(event); }));
        ask(u"box.begin() box.space.t:insert{1, 'one'} box.space.t:insert{2, 'two'} box.commit()"_s);
        std::vector<PacketHeader> seen;
        Bytes last;
        QVERIFY(tap.until([&](const ApplierEvent& event) {
            const auto* row = std::get_if<StreamRow>(&event);
            if (row == nullptr) return false;
            seen.push_back(row->row.header);
            last = row->row.body;
            return seen.size() == 2;
        }));
        QCOMPARE(seen[0].lsn, joined.at(1) + 1);
        QCOMPARE(seen[0].transactionId, seen[0].lsn);
        QVERIFY(!seen[0].isCommit);
        QCOMPARE(seen[1].transactionId, seen[0].lsn);
        QVERIFY(seen[1].isCommit);
        const auto body = PacketBody::decode(last);
        QVERIFY_OK(body);
        ConsoleYaml yaml;
        yaml.value(*body->field(BodyKey::Tuple), ConsoleYaml::Style::Flow);
        QCOMPARE(yaml.finish(), std::string("---\n- [2, 'two']\n...\n"));
        // What is acknowledged shows at the master.
        (void)joined.follow(1, seen[1].lsn).ok();
        QVERIFY_OK(tap.channel().send(acknowledgement(joined)));
        QCOMPARE(ask(u"box.info.replication_anon.count"_s), u"---\n- 1\n...\n"_s);
    }

    void isRefusedAsAnOtherUser() {
        ApplierSession::Options options;
        options.subscription.instance = Uuid::fromRandom(7, 8);
        Tap tap(instances_->portOf(u"i1"_s), options);
        QString message;
        QVERIFY(tap.until([&](const ApplierEvent& event) {
            if (const auto* refused = std::get_if<Refused>(&event)) {
                message = QString::fromStdString(refused->failure.message);
            }
            return !message.isEmpty();
        }));
        QCOMPARE(message, u"Read access to universe '' is denied for user 'guest'"_s);
    }

    void formatsAsItsConsoleDoes() {
        InstanceAddress address;
        address.endpoint = {"127.0.0.1", instances_->portOf(u"i1"_s), {}, {}};
        address.user = "operator";
        address.password = "operator";
        auto client = BoxClient::connect(address);
        QVERIFY_OK(client);
        // Texts that have something to quote, fold or escape; the instance shows them in its own way and sends them.
        const Bytes letters("ab 1.:-#'\"\\\n\t,[]{}&*!|>%@`~=?\xc3\xa9\x7f\x01\r", 40);
        Mutator chance(23);
        for (int i = 0; i < 2'000; ++i) {
            Bytes text;
            const std::uint64_t size = chance.below(i % 5 == 0 ? 200 : 12);
            for (std::uint64_t n = 0; n < size; ++n) text += letters[static_cast<std::size_t>(chance.below(40))];
            Bytes argument;
            MsgpackWriter(argument).string(text);
            const auto answer = client->eval(
                "local t = ... local y = require('console') rawset(_G, 'shown', t) rawset(_G, 'listed', {t, {t, k = "
                "t}}) "
                "return y.eval('shown'), y.eval('listed'), {t, {t, k = t}}, {t}",
                {argument});
            QVERIFY_OK(answer);
            QVERIFY(std::holds_alternative<Bytes>(*answer));
            MsgpackReader reader(std::get<Bytes>(*answer));
            reader.array();
            const BytesView shown = reader.string();
            const BytesView listed = reader.string();
            const BytesView list = reader.value();
            ConsoleYaml one;
            one.string(text);
            compare(one, shown);
            ConsoleYaml nested;
            nested.value(list, ConsoleYaml::Style::Block);
            compare(nested, listed);
        }
    }

private:
    static void compare(ConsoleYaml& ours, BytesView theirs) {
        QCOMPARE(QByteArray::fromStdString(ours.finish()), QByteArray(theirs.data(), static_cast<int>(theirs.size())));
    }
    QString ask(const QString& statement) {
        QString answer;
        const QString problem = instances_->ask(u"i1"_s, statement, answer);
        return problem.isEmpty() ? answer : problem;
    }

    std::unique_ptr<Instances> instances_;
};
TRIBUTARY_TEST(TestTap)
#include "tst_tap.moc"
