// An instance of ours follows a real Tarantool 2.6: it joins, keeps up, and loses nothing when it is killed.
#include "testmain.h"
#include "tests/fidelity/absence.h"
#include "tests/fidelity/instances.h"
#include "ttworld.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

const QByteArray kFollower = "master_master:instance002";
constexpr int kLooksMax = 600;

}  // namespace

class TestTtReplica : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        real_ = realTarantool();
        TRIBUTARY_NEEDS_TARANTOOL(real_);
        const QString problem = real_->start({{u"i1"_s, {u"i1"_s}, {}}});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        // The real one is instance001.
        QByteArray config = world_.config();
        config.replace("127.0.0.1:" + world_.portOf("3301"), "127.0.0.1:" + QByteArray::number(real_->portOf(u"i1"_s)));
        config.replace("failover: off\n", "failover: off\n  connect_timeout: 5\n");
        world_.writeConfig(config);
        ask("box.schema.space.create('bands'):format({{'id', 'unsigned'}, {'band_name', 'string'}, {'year', "
            "'unsigned'}})");
        ask("box.space.bands:create_index('primary', {parts = {'id'}})");
        const QString first = ask("box.space.bands:insert{1, 'Roxette', 1986}");
        QVERIFY2(first.contains(u"Roxette"_s) && !first.contains(u"error"_s), qPrintable(first));
    }
    void joinsAndFollows() {
        const Ran started = world_.tt({"start", kFollower});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY(until("box.info.replication[1] and box.info.replication[1].upstream.status", "follow"));
        QCOMPARE(said("box.space.bands:select()"), u"- - [1, 'Roxette', 1986]"_s);
        QCOMPARE(said("box.info.id"), u"- 2"_s);
        QCOMPARE(said("box.info.status"), u"- running"_s);
        QCOMPARE(said("box.info.vclock"), ask("box.info.vclock").section(u'\n', 1, 1));
        QVERIFY(ask("box.info.replication[2].downstream.status").contains(u"follow"));
        QCOMPARE(said("box.info.replication[1].upstream.peer"),
                 u"- replicator@127.0.0.1:%1"_s.arg(real_->portOf(u"i1"_s)));
        ask("box.space.bands:insert{2, 'Scorpions', 1965}");
        ask("box.space.bands:update(1, {{'+', 3, 1}})");
        ask("box.space.bands:upsert({1, 'x', 1}, {{'=', 2, 'ROXETTE'}})");
        QVERIFY(until("box.space.bands:get(1)", "[1, 'ROXETTE', 1987]"));
        QVERIFY(until("box.space.bands:count()", "2"));
    }
    void aHundredThousandRowsFollowThoughItIsKilled() {
        ask("for b = 0, 99 do box.begin() for i = 1, 500 do box.space.bands:insert{1000 + b * 500 + i, 'x', 1} end "
            "box.commit() end");
        QVERIFY(until("box.space.bands:count() > 10000", "true"));
        const qint64 pid = world_.pid(kFollower);
        QVERIFY(pid > 0);
        QCOMPARE(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
        ask("for b = 100, 199 do box.begin() for i = 1, 500 do box.space.bands:insert{1000 + b * 500 + i, 'x', 1} end "
            "box.commit() end");
        const Ran started = world_.tt({"start", kFollower});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY(until("box.space.bands:count()", "100002"));
        QCOMPARE(said("box.info.vclock"), ask("box.info.vclock").section(u'\n', 1, 1));
        QVERIFY(until("box.info.replication[1].upstream.status", "follow"));
    }
    void removedFilesAreAJoinAnew() {
        QDir folder(QString::fromUtf8(world_.path("instances.enabled/master_master/var/lib/instance002")));
        const QStringList files = folder.entryList({u"*.xlog"_s, u"*.snap"_s}, QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString& file : files) QVERIFY(folder.remove(file));
        const Ran restarted = world_.tt({"restart", "-y", kFollower});
        QVERIFY2(restarted.code == 0, qPrintable(restarted.all()));
        QVERIFY(until("box.info.replication[1] and box.info.replication[1].upstream.status", "follow"));
        QCOMPARE(said("box.space.bands:count()"), u"- 100002"_s);
        QCOMPARE(said("box.info.id"), u"- 2"_s);
        QVERIFY(log().contains("bootstrapping replica from"));
        QVERIFY(!log().contains("topsecret"));
    }
    void conflictStopsItUntilTheListChanges() {
        // A row of its own that the real one does not have: it follows nobody.
        QCOMPARE(said("box.space.bands:insert{5, 'incorrect data', 0}"), u"- [5, 'incorrect data', 0]"_s);
        ask("box.space.bands:insert{5, 'Pink Floyd', 1965}");
        QVERIFY(until("box.info.replication[1].upstream.status", "stopped"));
        QVERIFY(
            until("box.info.replication[1].upstream.message == 'Duplicate key exists in unique index \"primary\" in "
                  "space \"bands\" with old tuple - [5, \"incorrect data\", 0] and new tuple - [5, \"Pink Floyd\", "
                  "1965]'",
                  "true"));
        QCOMPARE(said("box.space.bands:delete(5)"), u"- [5, 'incorrect data', 0]"_s);
        QCOMPARE(world_.console(kFollower, "require('config'):reload()\n").all(), u"---\n...\n\n"_s);
        QCOMPARE(said("box.info.replication[1].upstream.status"), u"- stopped"_s);
        const Ran restarted = world_.tt({"restart", "-y", kFollower});
        QVERIFY2(restarted.code == 0, qPrintable(restarted.all()));
        QVERIFY(until("box.space.bands:get(5)", "[5, 'Pink Floyd', 1965]"));
    }

private:
    QString ask(const QByteArray& statement) {
        QString answer;
        const QString problem = real_->ask(u"i1"_s, QString::fromUtf8(statement), answer);
        return problem.isEmpty() ? answer : problem;
    }
    /// The answer's lines but the first and the last.
    QString said(const QByteArray& statement) {
        return world_.console(kFollower, statement + "\n").out.section(u"---\n"_s, 1).section(u"\n..."_s, 0, 0);
    }
    bool until(const QByteArray& statement, const QByteArray& answer) {
        for (int look = 0; look < kLooksMax; ++look) {
            if (said(statement) == u"- "_s + QString::fromUtf8(answer)) return true;
        }
        qWarning("%s: %s; its log ends: %s; the real one: %s", statement.constData(), qPrintable(said(statement)),
                 log().right(2'000).constData(), qPrintable(ask("box.info")));
        return false;
    }
    QByteArray log() const {
        QFile file(QString::fromUtf8(world_.path("instances.enabled/master_master/var/log/instance002/tt.log")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<Instances> real_;
    TtWorld world_;
};

TRIBUTARY_TEST(TestTtReplica)
#include "tst_ttreplica.moc"
