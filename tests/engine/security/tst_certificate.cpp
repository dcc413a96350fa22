// What certificates say, and which of them hold.
#include "engine/security/certificate.h"

#include <QObject>
#include <QTest>

#include "certificates.h"
#include "testmain.h"

namespace tributary::engine::test {

class CertificateTest final : public QObject {
    Q_OBJECT

private slots:
    void saysWhoseItIs() {
        const MadeCluster made("new york");
        const Certificate certificate = made.certificate();
        QCOMPARE(certificate.clusters, std::vector<std::string>{"new york"});
        QCOMPARE(certificate.uuid, std::string(MadeCluster::kUuid));
        QCOMPARE(certificate.subject, std::string("new york"));
        QCOMPARE(certificate.serial.size(), std::size_t{32});
        QCOMPARE(certificate.beginsS, kNowS - kDayS);
        QCOMPARE(certificate.endsS, kNowS + 365 * kDayS);
        QVERIFY(!certificate.authority);
        QVERIFY(certificateOfPem(made.authority.certificatePem, "a").value().authority);
        QCOMPARE(certificateOfPem(pemOf(certificate), "again").value().der, certificate.der);
    }

    void judges_data() {
        QTest::addColumn<int>("problem");
        QTest::addColumn<std::int64_t>("nowS");
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, CertificateProblem problem, std::int64_t nowS, const char* cluster,
                            const char* text) {
            QTest::newRow(name) << static_cast<int>(problem) << nowS << QString::fromUtf8(cluster)
                                << QString::fromUtf8(text);
        };
        using enum CertificateProblem;
        row("good", None, kNowS, "newyork", "");
        row("its first second", None, kNowS - kDayS, "newyork", "");
        row("before it", NotYetValid, kNowS - kDayS - 1, "newyork", "begins on 2027-01-14");
        row("its last day", None, kNowS + 365 * kDayS - 1, "newyork", "");
        row("after it", Expired, kNowS + 365 * kDayS + 1, "newyork", "ended on 2028-01-15");
        row("after the authority", Expired, kNowS + 4'000 * kDayS, "newyork", "ended on");
        row("of another cluster", Foreign, kNowS, "boston", "is cluster newyork's, not cluster boston's");
    }
    void judges() {
        QFETCH(const int, problem);
        QFETCH(const std::int64_t, nowS);
        QFETCH(const QString, cluster);
        QFETCH(const QString, text);
        static const MadeCluster kMade("newyork");
        const auto verdict = judgeCertificate(kMade.certificate().der, cluster.toStdString(), kMade.trust(), nowS);
        QCOMPARE(static_cast<int>(verdict.problem), problem);
        QCOMPARE(verdict.status.ok(), text.isEmpty());
        if (text.isEmpty()) return;
        const QString said = QString::fromStdString(verdict.status.error().what);
        QVERIFY2(said.contains(text), qPrintable(said));
    }

    void refusesWhatAnotherAuthoritySigned() {
        const MadeCluster real("newyork");
        const MadeCluster rogue("newyork");  // the same name, the same uuid, another key
        const auto verdict = judgeCertificate(rogue.certificate().der, "newyork", real.trust(), kNowS);
        QCOMPARE(verdict.problem, CertificateProblem::Foreign);
        QVERIFY(verdict.status.error().what.find("is not signed by the authority of cluster newyork") !=
                std::string::npos);
        QVERIFY(!judgeCertificate(certificateOfPem(rogue.authority.certificatePem, {}).value().der, "newyork",
                                  real.trust(), kNowS)
                     .good());
    }

    void refusesWhatWasRevoked() {
        MadeCluster made("newyork");
        made.revoke({{"1234abcd", kNowS}});
        QVERIFY(judgeCertificate(made.certificate().der, "newyork", made.trust(), kNowS).good());
        made.revoke({{"1234abcd", kNowS}, {made.certificate().serial, kNowS}});
        const auto verdict = judgeCertificate(made.certificate().der, "newyork", made.trust(), kNowS);
        QCOMPARE(verdict.problem, CertificateProblem::Revoked);
        QCOMPARE(verdict.status.error().fix, std::string("tributary cert rotate newyork"));
        const auto list = revokedOfPem(made.revoked, "revoked.crl");
        QCOMPARE(list.value().number, std::uint64_t{3});
        QCOMPARE(list.value().revoked.size(), std::size_t{2});
    }

    void refusesWhenTheTrustIsDamaged_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("where");
        QTest::newRow("no authority") << 0 << QStringLiteral("authority.crt");
        QTest::newRow("half an authority") << 1 << QStringLiteral("authority.crt");
        QTest::newRow("an empty list") << 2 << QStringLiteral("revoked.crl");
        QTest::newRow("half a list") << 3 << QStringLiteral("revoked.crl");
        QTest::newRow("another authority's list") << 4 << QStringLiteral("revoked.crl");
    }
    void refusesWhenTheTrustIsDamaged() {
        QFETCH(const int, what);
        QFETCH(const QString, where);
        const MadeCluster made("newyork");
        CertificateTrust trust = made.trust();
        if (what == 0) trust.authorityPem.clear();
        if (what == 1) trust.authorityPem.resize(trust.authorityPem.size() / 2);
        if (what == 2) trust.revokedPem.clear();
        if (what == 3) trust.revokedPem.resize(trust.revokedPem.size() / 2);
        if (what == 4) trust.revokedPem = MadeCluster("newyork").revoked;
        const auto verdict = judgeCertificate(made.certificate().der, "newyork", trust, kNowS);
        QCOMPARE(verdict.problem, CertificateProblem::NoTrust);
        QCOMPARE(QString::fromStdString(verdict.status.error().where), where);
        QVERIFY(!verdict.status.error().fix.empty());
    }

    /// Whatever bytes come: an answer, no crash, and never a good one.
    void takesDamagedBytes() {
        const MadeCluster made("newyork");
        const Bytes whole = made.certificate().der;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY(!judgeCertificate(whole.substr(0, size), "newyork", made.trust(), kNowS).good());
        }
        for (std::size_t at = 0; at < whole.size(); ++at) {
            Bytes flipped = whole;
            flipped[at] = static_cast<char>(flipped[at] ^ 1);
            QVERIFY2(!judgeCertificate(flipped, "newyork", made.trust(), kNowS).good(),
                     qPrintable(QString::number(at)));
        }
        QVERIFY(!judgeCertificate(whole + 'x', "newyork", made.trust(), kNowS).good());
        QCOMPARE(certificateOfPem(Bytes(kPemBytesMax + 1, 'x'), "f").error().where, std::string("f"));
    }

    void keysBelongToCertificates() {
        const MadeCluster made("newyork");
        QVERIFY(checkKeyOf(made.certificate(), made.own.keyPem, "k").ok());
        QCOMPARE(checkKeyOf(made.certificate(), made.authority.keyPem, "k").error().code, ErrorCode::Conflict);
        QCOMPARE(checkKeyOf(made.certificate(), "nothing", "k").error().code, ErrorCode::Corrupt);
    }

    void namesOfClustersComeBack_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("newyork-1");
        QTest::newRow("blank, comma, percent") << QByteArray("a b,c%2C:d");
        QTest::newRow("beyond ASCII") << QByteArray("köln\xe2\x82\xac");
    }
    void namesOfClustersComeBack() {
        QFETCH(const QByteArray, name);
        QCOMPARE(clusterOfUri(clusterUri(name.toStdString())), name.toStdString());
        QCOMPARE(MadeCluster(name.toStdString()).certificate().clusters, std::vector<std::string>{name.toStdString()});
    }
    void namesThatAreNone() {
        for (const char* uri : {"", "tributary:cluster:", "tributary:cluster:%", "tributary:cluster:%zz",
                                "tributary:cluster:a%00b", "http://newyork"}) {
            QCOMPARE(clusterOfUri(uri), std::string());
        }
    }

    void countsDays() {
        QCOMPARE(daysUntil(kNowS + 30 * kDayS, kNowS), std::int64_t{30});
        QCOMPARE(daysUntil(kNowS + kDayS - 1, kNowS), std::int64_t{0});
        QCOMPARE(daysUntil(kNowS - 1, kNowS), std::int64_t{-1});
        QCOMPARE(dayOf(kNowS), std::string("2027-01-15"));
    }
};

TRIBUTARY_TEST(CertificateTest)

}  // namespace tributary::engine::test

#include "tst_certificate.moc"
