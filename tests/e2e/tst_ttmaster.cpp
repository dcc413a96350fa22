// A real Tarantool 2.6 follows an instance of ours: it joins, keeps up, and loses nothing when either is killed.
#include <signal.h>

#include "testmain.h"
#include "tests/fidelity/absence.h"
#include "tests/fidelity/instances.h"
#include "ttworld.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

const QByteArray kOurs = "master_master:instance002";
constexpr int kPatientLooks = 600;

}  // namespace

class TestTtMaster : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        real_ = realTarantool();
        TRIBUTARY_NEEDS_TARANTOOL(real_);
        QByteArray config = world_.config();
        config.replace("127.0.0.1:" + world_.portOf("3302"), "127.0.0.1:" + QByteArray::number(real_->portOf(u"i2"_s)));
        config.truncate(config.indexOf("          instance001:"));
        config +=
            "          instance002:\n            database:\n              mode: rw\n            iproto:\n"
            "              listen:\n              - uri: '127.0.0.1:" +
            QByteArray::number(real_->portOf(u"i2"_s)) + "'\n";
        config.replace("      roles: [replication]\n",
                       "      roles: [replication]\n    operator:\n      password: 'operator'\n      roles: [super]\n");
        world_.writeConfig(config);
        world_.write("instances.enabled/master_master/instances.yml", "instance002:\n");
        const Ran started = world_.tt({"start", kOurs});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY(until("box.info.status", "running"));
        (void)said("box.schema.space.create('bands')");
        (void)said("box.space.bands:create_index('primary', { parts = { { 1, 'unsigned' } } })");
        (void)said("box.space.bands:insert { 1, 'Roxette', 1986 }");
        // The real one's script makes its users unless this row is there.
        (void)said("box.space._schema:insert { 'onceinit' }");
    }
    void joinsIsRegisteredAndFollows() {
        QCOMPARE(real_->start({plan()}), QString());
        QCOMPARE(ask("box.space.bands:select()"), u"---\n- - [1, 'Roxette', 1986]\n...\n"_s);
        QCOMPARE(ask("box.info.id"), u"---\n- 2\n...\n"_s);
        QCOMPARE(ask("box.info.replication[1].upstream.status"), u"---\n- follow\n...\n"_s);
        QCOMPARE(said("box.space._cluster:select()"),
                 u"- - [1, '4cfa6e3c-625e-b027-00a7-29b2f2182f23', 'instance002']\n"
                 "  - [2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660']"_s);
        (void)said("box.space.bands:insert { 2, 'Scorpions', 1965 }");
        (void)said("box.space.bands:delete { 1 }");
        QVERIFY(isEqual());
        QVERIFY(until("box.info.replication[2].downstream.status", "follow"));
        QCOMPARE(ask("box.space.bands:select()"), u"---\n- - [2, 'Scorpions', 1965]\n...\n"_s);
        QCOMPARE(ask("box.space._user:count(), box.space._priv:count()"),
                 u"---\n"_s + said("box.space._user:count()") + u'\n' + said("box.space._priv:count()") + u"\n...\n"_s);
    }
    void theRealOneCanWorkWithWhatItWasGiven() {
        QCOMPARE(ask("box.space._vspace:get(512)[3]"), u"---\n- bands\n...\n"_s);
        QCOMPARE(ask("box.schema.user.create('mary', {password = 'x'}) return box.schema.user.exists('mary')"),
                 u"---\n- true\n...\n"_s);
        QCOMPARE(ask("box.schema.space.create('theirs'):create_index('p', {parts = {{1, 'string', collation = "
                     "'unicode_ci'}}}) box.space.theirs:insert{'A'} return box.space.theirs:get('a')"),
                 u"---\n- ['A']\n...\n"_s);
        QCOMPARE(ask("box.schema.user.grant('mary', 'read', 'space', 'theirs') return #box.schema.user.info('mary')"),
                 u"---\n- 4\n...\n"_s);
        QCOMPARE(ask("box.schema.sequence.create('seq'):next()"), u"---\n- 1\n...\n"_s);
    }
    void aHundredThousandRowsFollowThoughItIsKilled() {
        fill(0, 99);
        QVERIFY(isEqual());
        QCOMPARE(real_->kill(u"i1"_s), QString());
        QVERIFY(until("box.info.replication[2].downstream.status", "stopped"));
        QVERIFY(
            said("box.info.replication[2].downstream.message").contains(u"unexpected EOF when reading from socket"));
        fill(100, 199);
        QCOMPARE(real_->start({plan()}), QString());
        QVERIFY(isEqual());
        QCOMPARE(ask("box.space.bands:count()"), u"---\n- 100001\n...\n"_s);
        QVERIFY(until("box.info.replication[2].downstream.status", "follow"));
    }
    void ourOwnDeathIsSurvived() {
        const qint64 pid = world_.pid(kOurs);
        QVERIFY(pid > 0);
        QCOMPARE(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
        int looks = kPatientLooks;
        while (world_.pid(kOurs) == pid && --looks > 0) {
        }
        QVERIFY(looks > 0);
        const Ran started = world_.tt({"start", kOurs});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY(until("box.info.status", "running"));
        (void)said("box.space.bands:insert { 3, 'Ace of Base', 1987 }");
        QVERIFY(isEqual());
        QCOMPARE(ask("box.space.bands:get(3)"), u"---\n- [3, 'Ace of Base', 1987]\n...\n"_s);
    }
    void aWipedOneJoinsAnewUnderItsId() {
        QCOMPARE(real_->stop(u"i1"_s), QString());
        QCOMPARE(real_->wipe(u"i1"_s, {u"*.snap"_s, u"*.xlog"_s}), QString());
        const QString before = said("box.info.vclock");
        QCOMPARE(real_->start({plan()}), QString());
        QVERIFY(isEqual());
        QCOMPARE(said("box.info.vclock"), before);
        QCOMPARE(ask("box.info.id"), u"---\n- 2\n...\n"_s);
        QCOMPARE(ask("box.space.bands:count()"), u"---\n- 100002\n...\n"_s);
    }
    void aFrozenOneTimesOut() {
        QCOMPARE(real_->freeze(u"i1"_s, true), QString());
        QVERIFY(until("box.info.replication[2].downstream.status", "stopped"));
        QCOMPARE(said("box.info.replication[2].downstream.message"), u"- timed out"_s);
        QCOMPARE(real_->freeze(u"i1"_s, false), QString());
        QVERIFY(until("box.info.replication[2].downstream.status", "follow"));
    }

private:
    static InstancePlan plan() { return {u"i1"_s, {u"i2"_s}, {u"replicaset=96b3d034-3876-1515-00b4-9997fdd2a966"_s}}; }
    /// Five hundred rows a transaction; a console's statement may not run for long.
    void fill(int from, int to) {
        QByteArray typed;
        for (int batch = from; batch <= to; ++batch) {
            const QByteArray first = QByteArray::number(1'000 + batch * 500);
            typed +=
                "box.begin() for i = 0, 499 do box.space.bands:insert { " + first + " + i, 'x', 1 } end box.commit()\n";
        }
        const Ran ran = world_.console(kOurs, typed);
        QVERIFY2(ran.code == 0 && !ran.out.contains(u"error"), qPrintable(ran.all()));
    }
    QString ask(const QByteArray& statement) {
        QString answer;
        const QString problem = real_->ask(u"i1"_s, QString::fromUtf8(statement), answer);
        return problem.isEmpty() ? answer : problem;
    }
    /// The answer's lines but the first and the last.
    QString said(const QByteArray& statement) {
        return world_.console(kOurs, statement + "\n").out.section(u"---\n"_s, 1).section(u"\n..."_s, 0, 0);
    }
    bool until(const QByteArray& statement, const QByteArray& answer) {
        for (int look = 0; look < kPatientLooks; ++look) {
            if (said(statement) == u"- "_s + QString::fromUtf8(answer)) return true;
        }
        qWarning("%s: %s", statement.constData(), qPrintable(world_.console(kOurs, statement + "\n").all()));
        return false;
    }
    /// The real one's own component aside, which it gets when it writes. It dials once a second.
    bool isEqual() {
        for (int look = 0; look < kPatientLooks; ++look) {
            if (ask("box.info.vclock[1]").section(u'\n', 1, 1) == said("box.info.vclock[1]")) return true;
        }
        qWarning("ours %s, the real one %s", qPrintable(said("box.info.vclock")), qPrintable(ask("box.info.vclock")));
        return false;
    }

    std::unique_ptr<Instances> real_;
    TtWorld world_;
};

TRIBUTARY_TEST(TestTtMaster)
#include "tst_ttmaster.moc"
