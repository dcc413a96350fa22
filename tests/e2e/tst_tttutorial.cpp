// The tutorial of two masters, line by line: data both ways, a conflict, a reseed, replication started again.
#include <QDir>
#include <QRegularExpression>

#include "testmain.h"
#include "ttworld.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

const QByteArray kFirstOne = "master_master:instance001";
const QByteArray kSecondOne = "master_master:instance002";
const QByteArray kThirdOne = "master_master:instance003";
constexpr int kLooks = 1'500;
constexpr const char* kConflict =
    "Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [5, \"Pink Floyd\", 1965] "
    "and new tuple - [5, \"incorrect data\", 0]";
constexpr const char* kFirstIs = "9bb111c2-3ff5-36a7-00f4-2b9a573ea660";
constexpr const char* kSecondIs = "4cfa6e3c-625e-b027-00a7-29b2f2182f23";

/// What stands in a pattern for numbers that nobody knows before.
QString patternOf(const QString& text) {
    QString pattern = QRegularExpression::escape(text);
    pattern.replace(u"NUMBER"_s, u"-?[0-9.e-]+"_s);
    // Long texts fold at 80 columns, wherever ports let them.
    pattern.replace(u"\\ "_s, u"\\s+"_s);
    return u"^"_s + pattern + u"$"_s;
}

QString following(const QByteArray& port) {
    return u"status: follow idle: NUMBER peer: replicator@127.0.0.1:"_s + QString::fromUtf8(port) + u" lag: NUMBER"_s;
}

}  // namespace

class TestTtTutorial : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QByteArray config = world_.config();
        config.replace("failover: off\n", "failover: off\n  connect_timeout: 2\n");
        world_.writeConfig(config);
        usual_ = config;
    }
    void startsAndFollowsBothWays() {
        const Ran started = world_.tt({"start", "master_master"});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QCOMPARE(started.err,
                 u"   • Starting an instance [master_master:instance001]...\n"
                 "   • Starting an instance [master_master:instance002]...\n"_s);
        QVERIFY(QRegularExpression(u"^INSTANCE +STATUS +PID *\nmaster_master:instance001     RUNNING     [0-9]+\n"
                                   "master_master:instance002     RUNNING     [0-9]+\n$"_s)
                    .match(world_.tt({"status", "master_master"}).out)
                    .hasMatch());
        QVERIFY(until(kSecondOne, "box.info.status", "- running"));
        QVERIFY(until(kFirstOne, "box.info.status", "- running"));
        QCOMPARE(said(kFirstOne, "box.info.ro"), u"- false"_s);
        QCOMPARE(said(kSecondOne, "box.info.ro"), u"- false"_s);
        QVERIFY(until(kFirstOne, "box.info.replication[1].upstream.status", "- follow"));
        QVERIFY(until(kSecondOne, "box.info.replication[2].upstream.status", "- follow"));
        QVERIFY(until(kFirstOne, "box.info.replication[1].downstream.vclock", "- {1: 7}"));
        QVERIFY(shows(kFirstOne, u"- 1: id: 1 uuid: "_s + secondIs() + u" lsn: 7 upstream: "_s +
                                     following(world_.portOf("3302")) +
                                     u" name: instance002 downstream: status: follow idle: NUMBER vclock: {1: 7} lag: "
                                     "NUMBER 2: id: 2 uuid: "_s +
                                     QString::fromUtf8(kFirstIs) + u" lsn: 0 name: instance001"_s));
    }
    void rowsGoBothWays() {
        QCOMPARE(world_
                     .console(kFirstOne,
                              "box.schema.space.create('bands')\n"
                              "box.space.bands:format({ { name = 'id', type = 'unsigned' }, { name = 'band_name', "
                              "type = 'string' }, { name = 'year', type = 'unsigned' } })\n"
                              "box.space.bands:create_index('primary', { parts = { 'id' } })\n"
                              "box.space.bands:insert { 1, 'Roxette', 1986 }\n"
                              "box.space.bands:insert { 2, 'Scorpions', 1965 }\n")
                     .code,
                 0);
        QVERIFY(until(kSecondOne, "box.space.bands and box.space.bands:count()", "- 2"));
        QCOMPARE(said(kSecondOne, "box.space.bands:select()"),
                 u"- - [1, 'Roxette', 1986]\n  - [2, 'Scorpions', 1965]"_s);
        QCOMPARE(said(kSecondOne, "box.space.bands:insert { 3, 'Ace of Base', 1987 }"),
                 u"- [3, 'Ace of Base', 1987]"_s);
        QCOMPARE(said(kSecondOne, "box.space.bands:insert { 4, 'The Beatles', 1960 }"),
                 u"- [4, 'The Beatles', 1960]"_s);
        QVERIFY(until(kFirstOne, "box.space.bands:count()", "- 4"));
        QCOMPARE(said(kFirstOne, "box.info.vclock"), u"- {2: 5, 1: 9}"_s);
        QCOMPARE(said(kSecondOne, "box.info.vclock"), u"- {2: 5, 1: 9}"_s);
    }
    void conflictStopsBothDirections() {
        QCOMPARE(world_.tt({"stop", kFirstOne}).code, 0);
        QCOMPARE(said(kSecondOne, "box.space.bands:insert { 5, 'incorrect data', 0 }"),
                 u"- [5, 'incorrect data', 0]"_s);
        QCOMPARE(world_.tt({"stop", kSecondOne}).code, 0);
        QCOMPARE(world_.tt({"start", kFirstOne}).code, 0);
        // Nobody else is there: reads are answered, writes wait until the others have been tried.
        QCOMPARE(said(kFirstOne, "box.space.bands:count()"), u"- 4"_s);
        QVERIFY(until(kFirstOne, "box.info.status", "- running"));
        QCOMPARE(said(kFirstOne, "box.space.bands:insert { 5, 'Pink Floyd', 1965 }"), u"- [5, 'Pink Floyd', 1965]"_s);
        QCOMPARE(world_.tt({"start", kSecondOne}).code, 0);
        QVERIFY(until(kFirstOne, "box.info.replication[1].upstream.status", "- stopped"));
        QVERIFY(until(kSecondOne, "box.info.replication[2].upstream.status", "- stopped"));
        QVERIFY(until(kFirstOne, "box.info.replication[1].downstream.status", "- stopped"));
        QVERIFY(shows(kFirstOne,
                      stoppedUpstream() +
                          u" name: instance002 downstream: status: stopped message: 'unexpected EOF "
                          "when reading from socket, called on fd NUMBER, aka 127.0.0.1:"_s +
                          QString::fromUtf8(world_.portOf("3301")) +
                          u", peer of 127.0.0.1:NUMBER: Broken pipe' system_message: Broken pipe 2: id: 2 uuid: "_s +
                          QString::fromUtf8(kFirstIs) + u" lsn: 6 name: instance001"_s));
        // The other one has the tuples the other way round, and both go on.
        QCOMPARE(said(kSecondOne, "box.info.replication[2].upstream.message").simplified(),
                 u"- Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [5, "
                 "\"incorrect data\", 0] and new tuple - [5, \"Pink Floyd\", 1965]"_s);
        QCOMPARE(said(kSecondOne, "box.info.status"), u"- running"_s);
        QCOMPARE(said(kSecondOne, "box.info.ro"), u"- false"_s);
    }
    void reseedBringsTheRightRow() {
        configure("instance002", "mode: rw", "mode: ro");
        for (const QByteArray& one : {kFirstOne, kSecondOne}) {
            QCOMPARE(world_.console(one, "require('config'):reload()\n").out, u"---\n...\n\n"_s);
        }
        QCOMPARE(said(kSecondOne, "box.info.ro"), u"- true"_s);
        QDir folder(QString::fromUtf8(world_.path("instances.enabled/master_master/var/lib/instance002")));
        const QStringList files = folder.entryList({u"*.xlog"_s, u"*.snap"_s}, QDir::Files);
        QVERIFY(!files.isEmpty());
        for (const QString& file : files) QVERIFY(folder.remove(file));
        QCOMPARE(world_.tt({"restart", "-y", kSecondOne}).code, 0);
        QVERIFY(until(kSecondOne, "box.space.bands and box.space.bands:count()", "- 5"));
        QCOMPARE(said(kSecondOne, "box.space.bands:select()"),
                 u"- - [1, 'Roxette', 1986]\n  - [2, 'Scorpions', 1965]\n  - [3, 'Ace of Base', 1987]\n  - [4, 'The "
                 "Beatles', 1960]\n  - [5, 'Pink Floyd', 1965]"_s);
        QCOMPARE(said(kSecondOne, "box.info.id"), u"- 1"_s);
        QVERIFY(until(kFirstOne, "box.info.replication[1].downstream.status", "- follow"));
        QVERIFY(until(kFirstOne, "box.info.replication[1].downstream.vclock", "- {2: 6, 1: 9}"));
        QVERIFY(shows(kFirstOne, stoppedUpstream() +
                                     u" name: instance002 downstream: status: follow idle: NUMBER vclock: {2: 6, 1: 9} "
                                     "lag: NUMBER 2: id: 2 uuid: "_s +
                                     QString::fromUtf8(kFirstIs) + u" lsn: 6 name: instance001"_s));
    }
    void replicationStartsAgainWhenTheListChanges() {
        QByteArray config = usual_;
        const qsizetype first = config.indexOf("instance001:");
        const qsizetype second = config.indexOf("          instance002:");
        config.replace(first, second - first,
                       "instance001:\n            database:\n              mode: ro\n            iproto: {}\n");
        world_.writeConfig(config);
        QCOMPARE(world_.console(kFirstOne, "require('config'):reload()\n").out, u"---\n...\n\n"_s);
        QVERIFY(until(kFirstOne, "box.info.replication[1].upstream.status", "- follow"));
        world_.writeConfig(usual_);
        for (const QByteArray& one : {kFirstOne, kSecondOne}) {
            QCOMPARE(world_.console(one, "require('config'):reload()\n").out, u"---\n...\n\n"_s);
        }
        QVERIFY(until(kFirstOne, "box.info.replication[1].upstream.status", "- follow"));
        QVERIFY(until(kFirstOne, "box.info.replication[1].downstream.vclock", "- {2: 6, 1: 9}"));
        QVERIFY(shows(kFirstOne, u"- 1: id: 1 uuid: "_s + secondIs() + u" lsn: 9 upstream: "_s +
                                     following(world_.portOf("3302")) +
                                     u" name: instance002 downstream: status: follow idle: NUMBER vclock: {2: 6, 1: 9} "
                                     "lag: NUMBER 2: id: 2 uuid: "_s +
                                     QString::fromUtf8(kFirstIs) + u" lsn: 6 name: instance001"_s));
        QCOMPARE(said(kSecondOne, "box.space.bands:insert { 6, 'Nightwish', 1996 }"), u"- [6, 'Nightwish', 1996]"_s);
        QVERIFY(until(kFirstOne, "box.space.bands:count()", "- 6"));
        QCOMPARE(said(kFirstOne, "box.info.vclock"), u"- {2: 6, 1: 10}"_s);
    }
    // T41 to T44.
    void aThirdOneIsAdded() {
        const QByteArray third = usual_ +
                                 "          instance003:\n            database:\n              mode: rw\n"
                                 "            iproto:\n              listen:\n              - uri: '127.0.0.1:" +
                                 world_.portOf("3303") + "'\n";
        world_.write("instances.enabled/master_master/instances.yml", "instance001:\ninstance002:\ninstance003:\n");
        world_.writeConfig(third);
        const Ran started = world_.tt({"start", kThirdOne});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY(until(kThirdOne, "box.info.status", "- running"));
        const QStringList rows = world_.tt({"status", "master_master"}).out.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(rows.size(), 4);
        QVERIFY(QRegularExpression(u"^master_master:instance003     RUNNING     [0-9]+$"_s).match(rows[3]).hasMatch());
        reloadAll({kFirstOne, kSecondOne, kThirdOne});
        for (const QByteArray& one : {kFirstOne, kSecondOne}) {
            QVERIFY(until(one, "box.info.replication[3].upstream.status", "- follow"));
            QVERIFY(until(one, "box.info.replication[3].downstream.status", "- follow"));
        }
        QCOMPARE(said(kThirdOne, "box.info.id"), u"- 3"_s);
        QCOMPARE(said(kThirdOne, "box.space.bands:count()"), u"- 6"_s);
    }
    // T45 to T49.
    void theThirdOneIsRemoved() {
        QByteArray config = usual_ +
                            "          instance003:\n            database:\n              mode: ro\n"
                            "            iproto:\n              listen:\n              - uri: '127.0.0.1:" +
                            world_.portOf("3303") + "'\n";
        world_.writeConfig(config);
        reloadAll({kThirdOne});
        QCOMPARE(said(kThirdOne, "box.info.ro"), u"- true"_s);
        config = usual_ +
                 "          instance003:\n            database:\n              mode: ro\n"
                 "            iproto: {}\n";
        world_.writeConfig(config);
        reloadAll({kFirstOne, kSecondOne});
        QVERIFY(until(kFirstOne, "box.info.replication[3].upstream", "- null"));
        QCOMPARE(said(kFirstOne, "box.info.replication[3].downstream.status"), u"- follow"_s);
        QCOMPARE(world_.tt({"stop", "-y", kThirdOne}).code, 0);
        QVERIFY(until(kFirstOne, "box.info.replication[3].downstream.status", "- stopped"));
        QVERIFY(said(kFirstOne, "box.info.replication[3].downstream.message").contains(u"unexpected EOF"));
        world_.write("instances.enabled/master_master/instances.yml", "instance001:\ninstance002:\n");
        world_.writeConfig(usual_);
        reloadAll({kFirstOne, kSecondOne});
        const QString row = u"[3, '9a3a1b9b-8a18-baf6-00b3-a6e5e11fd8b6', 'instance003']"_s;
        QVERIFY(said(kFirstOne, "box.space._cluster:select{}").endsWith(u"- "_s + row));
        const QString before = said(kFirstOne, "box.info.lsn");
        QCOMPARE(said(kFirstOne, "box.space._cluster:delete(3)"), u"- "_s + row);
        QCOMPARE(said(kFirstOne, "box.info.lsn").mid(2).toInt(), before.mid(2).toInt() + 1);
        QCOMPARE(said(kFirstOne, "box.info.replication[3]"), u"- null"_s);
        QVERIFY(until(kSecondOne, "box.info.replication[3]", "- null"));
    }
    void replicasetsAreShownAndAnInstanceIsMadeAnew() {
        const QString at = u"127.0.0.1:"_s;
        QCOMPARE(world_.tt({"replicaset", "status", "master_master"}).out,
                 u"Orchestrator:      centralized config\nReplicasets state: bootstrapped\n\n• replicaset001\n"
                 "  Failover: off\n  Master:   multi\n    • instance001 "_s +
                     at + QString::fromUtf8(world_.portOf("3301")) + u" rw\n    • instance002 "_s + at +
                     QString::fromUtf8(world_.portOf("3302")) + u" rw\n"_s);
        const QString clock = said(kSecondOne, "box.info.vclock");
        QCOMPARE(world_.tt({"rs", "rebootstrap", "-y", kSecondOne}).code, 0);
        QVERIFY(until(kSecondOne, "box.info.status", "- running"));
        QCOMPARE(said(kSecondOne, "box.space.bands:count()"), u"- 6"_s);
        QCOMPARE(said(kSecondOne, "box.info.vclock"), clock);
        QVERIFY(world_.tt({"rs", "rebootstrap", "-y", "master_master"}).err.contains(u"one instance"_s));
        for (const QList<QByteArray>& words :
             {QList<QByteArray>{"cat", "x.snap"}, {"play", "x"}, {"rs", "promote", kFirstOne}}) {
            const Ran refused = world_.tt(words);
            QVERIFY2(refused.code != 0 && refused.err.contains(u"is not carried by this version"_s),
                     qPrintable(refused.all()));
        }
    }
    void nothingSaysThePassword() {
        for (const char* instance : {"instance001", "instance002"}) {
            QFile log(QString::fromUtf8(world_.path(
                (QByteArray("instances.enabled/master_master/var/log/") + instance + "/tt.log").constData())));
            QVERIFY(log.open(QIODevice::ReadOnly));
            const QByteArray text = log.readAll();
            QVERIFY(text.contains("applier of replicator@127.0.0.1") && !text.contains("topsecret"));
        }
    }

private:
    static QString secondIs() { return QString::fromUtf8(kSecondIs); }
    QString stoppedUpstream() const {
        return u"- 1: id: 1 uuid: "_s + secondIs() + u" lsn: 9 upstream: peer: replicator@127.0.0.1:"_s +
               QString::fromUtf8(world_.portOf("3302")) + u" lag: NUMBER status: stopped idle: NUMBER message: "_s +
               QString::fromUtf8(kConflict);
    }
    /// In the part of one instance.
    void configure(const char* instance, const char* before, const char* after) {
        QByteArray config = usual_;
        const qsizetype at = config.indexOf(before, config.indexOf(QByteArray(instance) + ":"));
        config.replace(at, qstrlen(before), after);
        world_.writeConfig(config);
    }
    void reloadAll(const QList<QByteArray>& instances) {
        for (const QByteArray& one : instances) {
            QCOMPARE(world_.console(one, "require('config'):reload()\n").out, u"---\n...\n\n"_s);
        }
    }
    QString said(const QByteArray& instance, const QByteArray& statement) {
        return world_.console(instance, statement + "\n").out.section(u"---\n"_s, 1).section(u"\n..."_s, 0, 0);
    }
    bool until(const QByteArray& instance, const QByteArray& statement, const QByteArray& answer) {
        for (int look = 0; look < kLooks; ++look) {
            if (said(instance, statement) == QString::fromUtf8(answer)) return true;
        }
        qWarning("%s: %s", statement.constData(), qPrintable(said(instance, statement)));
        return false;
    }
    /// box.info.replication, whose blanks and line ends count as one.
    bool shows(const QByteArray& instance, const QString& expected) {
        const QString seen = said(instance, "box.info.replication");
        if (QRegularExpression(patternOf(expected)).match(seen).hasMatch()) return true;
        qWarning("%s", qPrintable(seen));
        return false;
    }

    TtWorld world_;
    QByteArray usual_;
};

TRIBUTARY_TEST(TestTtTutorial)
#include "tst_tttutorial.moc"
