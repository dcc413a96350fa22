// cert, run as a person runs it: certificates of a workspace's clusters.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include "spawn.h"
#include "testmain.h"

namespace {

using tributary::test::Spawned;

/// Serial numbers, uuids, days and folders differ from run to run.
QString steady(QString text, const QString& folder) {
    static const QRegularExpression kUuid(QStringLiteral("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    static const QRegularExpression kSerial(QStringLiteral("[0-9a-f]{32}"));
    static const QRegularExpression kDay(QStringLiteral("20[0-9]{2}-[0-9]{2}-[0-9]{2}"));
    static const QRegularExpression kDays(QStringLiteral("36(49|50)|36[45]"));
    text.replace(folder, QStringLiteral("DIR"));
    text.replace(kUuid, QStringLiteral("UUID"));
    text.replace(kSerial, QStringLiteral("SERIAL--------------------------"));
    text.replace(kDay, QStringLiteral("YYYY-MM-DD"));
    text.replace(kDays, QStringLiteral("NNN"));
    return text.replace(QStringLiteral(" NNN"), QStringLiteral("NNN"));  // numbers stand at the right edge
}

}  // namespace

class TestCertVerbs : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QString site_;

    [[nodiscard]] Spawned cert(const QStringList& words) const {
        return tributary::test::spawn(QStringList{QStringLiteral("cert")} + words +
                                      QStringList{QStringLiteral("-w"), site_});
    }
    [[nodiscard]] QJsonArray listed() const {
        const Spawned all = cert({QStringLiteral("list"), QStringLiteral("--json")});
        return QJsonDocument::fromJson(all.out.toUtf8()).object()[QStringLiteral("certificates")].toArray();
    }
    [[nodiscard]] QStringList serials(const QString& cluster, const QString& state) const {
        QStringList out;
        for (const auto& each : listed()) {
            const QJsonObject row = each.toObject();
            const bool wanted = row[QStringLiteral("cluster")] == cluster && row[QStringLiteral("state")] == state &&
                                row[QStringLiteral("what")] == QStringLiteral("certificate");
            if (wanted) out << row[QStringLiteral("serial")].toString();
        }
        return out;
    }

private slots:
    void init() {
        site_ = dir_.filePath(QStringLiteral("a site"));
        QDir(site_).removeRecursively();
        QCOMPARE(tributary::test::spawn(
                     {QStringLiteral("new"), site_, QStringLiteral("--example"), QStringLiteral("multi-master")})
                     .code,
                 0);
    }

    void makesAndLists() {
        const Spawned none = cert({QStringLiteral("list")});
        QCOMPARE(none.code, 0);
        QVERIFY(none.err.contains(QStringLiteral("try: tributary cert init")));
        const Spawned made = cert({QStringLiteral("init")});
        QCOMPARE(made.code, 0);
        tributary::test::compareGolden(QStringLiteral("cert-init.txt"), steady(made.out + made.err, dir_.path()));
        const Spawned list = cert({QStringLiteral("list")});
        QCOMPARE(list.code, 0);
        tributary::test::compareGolden(QStringLiteral("cert-list.txt"), steady(list.out, dir_.path()));
        const Spawned json = cert({QStringLiteral("list"), QStringLiteral("newyork"), QStringLiteral("--json")});
        tributary::test::compareGolden(QStringLiteral("cert-list.json"), steady(json.out, dir_.path()));
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);  // nothing left to do
        const Spawned again = cert({QStringLiteral("init"), QStringLiteral("newyork")});
        QCOMPARE(again.code, 1);
        QVERIFY(again.err.contains(QStringLiteral("tributary cert rotate newyork")));
    }

    void rotatesAndRevokes() {
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);
        const QString newyork = QStringLiteral("newyork");
        const QString old = serials(newyork, QStringLiteral("in use")).value(0);
        const Spawned refused = cert({QStringLiteral("revoke"), newyork, old});
        QCOMPARE(refused.code, 1);
        QVERIFY(refused.err.contains(QStringLiteral("tributary cert rotate newyork, then tributary cert revoke")));
        const Spawned rotated = cert({QStringLiteral("rotate"), newyork});
        QCOMPARE(rotated.code, 0);
        QVERIFY(rotated.err.contains(QStringLiteral("tributary cert revoke newyork ") + old));
        QCOMPARE(serials(newyork, QStringLiteral("valid")), QStringList{old});
        QCOMPARE(cert({QStringLiteral("revoke"), newyork, old}).code, 0);
        QCOMPARE(serials(newyork, QStringLiteral("revoked")), QStringList{old});
        QCOMPARE(serials(newyork, QStringLiteral("in use")).size(), 1);
        QCOMPARE(cert({QStringLiteral("revoke"), newyork, QStringLiteral("00")}).code, 2);
    }

    void issuesFiles() {
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);
        const QStringList words{
            QStringLiteral("issue"),  QStringLiteral("newyork"), QStringLiteral("--name"), QStringLiteral("host-b"),
            QStringLiteral("--days"), QStringLiteral("10"),      QStringLiteral("-o"),     dir_.path()};
        const Spawned issued = cert(words);
        QVERIFY2(issued.code == 0, qPrintable(issued.err));
        const QString key = dir_.filePath(QStringLiteral("host-b.key"));
        QCOMPARE(QFile::permissions(key) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        QVERIFY(tributary::test::fileText(key).contains("PRIVATE KEY"));
        const Spawned again = cert(words);
        QCOMPARE(again.code, 1);
        QVERIFY(again.err.contains(QStringLiteral("the file exists")));
        QFile::remove(key);
        QFile::remove(dir_.filePath(QStringLiteral("host-b.crt")));
    }

    void saysWhatIsWrong_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("authority.crt") << QStringLiteral("authority.crt");
        QTest::newRow("cluster.pem") << QStringLiteral("cluster.pem");
        QTest::newRow("revoked.crl") << QStringLiteral("revoked.crl");
    }
    void saysWhatIsWrong() {
        QFETCH(const QString, file);
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);
        const QString path = site_ + QStringLiteral("/.tributary/clusters/newyork/tls/") + file;
        QVERIFY(QFile::resize(path, QFile(path).size() / 2));
        const Spawned list = cert({QStringLiteral("list")});
        QCOMPARE(list.code, 1);
        QVERIFY2(list.err.contains(file) && list.err.contains(QStringLiteral("try: ")), qPrintable(list.err));
        const Spawned doctor = tributary::test::spawn({QStringLiteral("doctor"), QStringLiteral("-w"), site_});
        QVERIFY(doctor.out.contains(QRegularExpression(QStringLiteral("certificate of newyork +bad"))));
        QVERIFY(doctor.out.contains(QRegularExpression(QStringLiteral("certificate of sanfrancisco +ok"))));
    }

    void refusesKeysThatOthersRead() {
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);
        const QString path = site_ + QStringLiteral("/.tributary/clusters/newyork/tls/authority.pem");
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
        for (const char* action : {"list", "rotate"}) {
            const Spawned refused = cert({QString::fromLatin1(action), QStringLiteral("newyork")});
            QCOMPARE(refused.code, 1);
            QVERIFY2(refused.err.contains(QStringLiteral("chmod 600 ")), qPrintable(refused.err));
        }
    }

    void takesOnesOwnCertificates() {
        QCOMPARE(cert({QStringLiteral("init")}).code, 0);
        const QString tls = site_ + QStringLiteral("/.tributary/clusters/newyork/tls/");
        const auto settings = [&](const QString& certificate) {
            QFile file(site_ + QStringLiteral("/settings.yaml"));
            if (!file.open(QIODevice::WriteOnly)) return;
            file.write(
                QStringLiteral("tributary-settings: 1\ntls:\n  newyork: {certificate: '%1', key: '%2cluster.pem', "
                               "authority: '%2authority.crt', revoked: '%2revoked.crl'}\n")
                    .arg(certificate, tls)
                    .toUtf8());
            file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        };
        settings(tls + QStringLiteral("cluster.pem"));
        QCOMPARE(serials(QStringLiteral("newyork"), QStringLiteral("in use")).size(), 1);
        const Spawned rotated = cert({QStringLiteral("rotate"), QStringLiteral("newyork")});
        QCOMPARE(rotated.code, 1);
        QVERIFY(rotated.err.contains(QStringLiteral("settings.yaml names the certificates of cluster newyork")));
        settings(site_ + QStringLiteral("/.tributary/clusters/sanfrancisco/tls/cluster.pem"));
        const Spawned other = cert({QStringLiteral("list"), QStringLiteral("newyork")});
        QCOMPARE(other.code, 1);
        QVERIFY2(other.err.contains(QStringLiteral("the key does not belong to certificate")), qPrintable(other.err));
    }
};
TRIBUTARY_TEST(TestCertVerbs)
#include "tst_certverbs.moc"
