// The authority of a cluster on a disk: what is made, what survives, what is refused.
#include "engine/security/authority.h"

#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>

#include "certificates.h"
#include "engine/machine/realfileops.h"
#include "testmain.h"

namespace tributary::engine::test {

/// A disk that is full after so many files.
class FailingFiles final : public FileOps {
public:
    FailingFiles(FileOps& inner, int writes) : inner_(inner), left_(writes) {}
    Result<std::unique_ptr<File>> open(const std::string& path, Open how) override { return inner_.open(path, how); }
    Result<Bytes> readAll(const std::string& path) override { return inner_.readAll(path); }
    Status replace(const std::string& path, BytesView data, bool secret) override {
        if (left_-- <= 0) return Error{ErrorCode::DiskFull, "no space", path, {}};
        return inner_.replace(path, data, secret);
    }
    Status rename(const std::string& from, const std::string& to) override { return inner_.rename(from, to); }
    Status remove(const std::string& path) override { return inner_.remove(path); }
    Status makeDirs(const std::string& path) override { return inner_.makeDirs(path); }
    Status removeTree(const std::string& path) override { return inner_.removeTree(path); }
    Status syncDir(const std::string& path) override { return inner_.syncDir(path); }
    [[nodiscard]] bool exists(const std::string& path) override { return inner_.exists(path); }
    Result<std::vector<std::string>> list(const std::string& path) override { return inner_.list(path); }
    Result<std::uint64_t> freeBytes(const std::string& path) override { return inner_.freeBytes(path); }
    Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return inner_.lock(path); }

private:
    FileOps& inner_;
    int left_;
};

class AuthorityTest final : public QObject {
    Q_OBJECT

    [[nodiscard]] std::string folder() const { return dir_->filePath(QStringLiteral("a b/tls")).toStdString(); }
    [[nodiscard]] QString file(const QString& name) const { return dir_->filePath(QStringLiteral("a b/tls/") + name); }
    [[nodiscard]] CertificateAuthority authority() { return {files_, folder(), "newyork"}; }
    void write(const QString& name, const QByteArray& text) const {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        QVERIFY(out.write(text) == text.size());
    }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile in(file(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

private slots:
    void init() { dir_ = std::make_unique<QTemporaryDir>(); }
    void cleanup() { dir_.reset(); }

    void makesWhatAClusterPresents() {
        QVERIFY(!authority().exists());
        const auto first = authority().init(random_, kNowS);
        QVERIFY_OK(first);
        QVERIFY(authority().exists());
        const auto identity = authority().identity();
        QVERIFY_OK(identity);
        const auto trust = authority().trust();
        QVERIFY_OK(trust);
        const auto verdict = judgeCertificate(first.value().der, "newyork", trust.value(), kNowS);
        QVERIFY_OK(verdict.status);
        QCOMPARE(daysUntil(first.value().endsS, kNowS), std::int64_t{365});
        const auto listing = authority().list(kNowS);
        QVERIFY_OK(listing);
        QCOMPARE(daysUntil(listing.value().authority.endsS, kNowS), std::int64_t{3'650});
        QCOMPARE(listing.value().authority.uuid, first.value().uuid);
        QCOMPARE(listing.value().issued.size(), std::size_t{1});
        QCOMPARE(listing.value().issued[0].state, IssuedCertificate::State::InUse);
        for (const QString& name : {QStringLiteral("authority.pem"), QStringLiteral("cluster.pem")}) {
            struct stat info {};
            QCOMPARE(::stat(qPrintable(file(name)), &info), 0);
            QCOMPARE(info.st_mode & 0777U, 0600U);
        }
        QCOMPARE(authority().init(random_, kNowS).error().code, ErrorCode::AlreadyExists);
    }

    void rotatesAndRevokes() {
        const auto first = authority().init(random_, kNowS);
        QVERIFY_OK(first);
        const std::string old = first.value().serial;
        QCOMPARE(authority().revoke(old, kNowS).error().code, ErrorCode::Conflict);  // it is in use
        const auto second = authority().rotate(random_, kNowS + kDayS);
        QVERIFY_OK(second);
        QVERIFY(second.value().serial != old);
        QCOMPARE(second.value().uuid, first.value().uuid);
        QVERIFY(judgeCertificate(first.value().der, "newyork", authority().trust().value(), kNowS).good());
        QVERIFY_OK(authority().revoke(old, kNowS + kDayS));
        QVERIFY_OK(authority().revoke(old, kNowS + kDayS));  // again: it is so already
        QCOMPARE(judgeCertificate(first.value().der, "newyork", authority().trust().value(), kNowS).problem,
                 CertificateProblem::Revoked);
        QVERIFY(judgeCertificate(second.value().der, "newyork", authority().trust().value(), kNowS + kDayS).good());
        const auto listing = authority().list(kNowS + kDayS);
        QVERIFY_OK(listing);
        QCOMPARE(listing.value().issued.size(), std::size_t{2});
        QCOMPARE(listing.value().issued[0].certificate.serial, second.value().serial);
        QCOMPARE(listing.value().issued[1].state, IssuedCertificate::State::Revoked);
        QCOMPARE(authority().revoke("00ff", kNowS).error().code, ErrorCode::NotFound);
    }

    void issuesForOthers() {
        QCOMPARE(authority().issue("host b", 30, random_, kNowS).error().code, ErrorCode::NotFound);
        QVERIFY_OK(authority().init(random_, kNowS));
        const auto issued = authority().issue("host b", 30, random_, kNowS);
        QVERIFY_OK(issued);
        const auto certificate = certificateOfPem(issued.value().certificatePem, "c");
        QVERIFY_OK(certificate);
        QCOMPARE(certificate.value().subject, std::string("host b"));
        QVERIFY_OK(checkKeyOf(certificate.value(), issued.value().keyPem, "k"));
        const CertificateTrust trust = authority().trust().value();
        QVERIFY(judgeCertificate(certificate.value().der, "newyork", trust, kNowS + 29 * kDayS).good());
        QVERIFY(!judgeCertificate(certificate.value().der, "newyork", trust, kNowS + 31 * kDayS).good());
        for (const std::int64_t days : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{3'651}}) {
            QCOMPARE(authority().issue("x", days, random_, kNowS).error().code, ErrorCode::InvalidInput);
        }
        // Nothing outlives its authority.
        const auto last = authority().issue("late", 365, random_, kNowS + 3'600 * kDayS);
        QVERIFY_OK(last);
        QCOMPARE(certificateOfPem(last.value().certificatePem, "c").value().endsS,
                 authority().list(kNowS).value().authority.endsS);
        QCOMPARE(authority().rotate(random_, kNowS + 3'651 * kDayS).error().code, ErrorCode::Conflict);
    }

    void refusesDamagedFiles_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");  // "-" = removed, "half" = cut
        for (const char* name : {"authority.crt", "revoked.crl", "cluster.pem"}) {
            const QString which = QString::fromLatin1(name);
            for (const char* text : {"", "-", "half", "no certificate at all\n"}) {
                QTest::addRow("%s: %s", name, text) << which << QByteArray(text);
            }
        }
    }
    void refusesDamagedFiles() {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, text);
        QVERIFY_OK(authority().init(random_, kNowS));
        if (text == "-") {
            QVERIFY(QFile::remove(file(name)));
        } else {
            const QByteArray whole = read(name);
            write(name, text == "half" ? whole.left(whole.size() / 2) : text);
        }
        const auto listing = authority().list(kNowS);
        QVERIFY(!listing.ok());
        QCOMPARE(listing.error().code, ErrorCode::Corrupt);
        QVERIFY2(listing.error().where.find(name.toStdString()) != std::string::npos, listing.error().text().c_str());
        QVERIFY(!listing.error().fix.empty());
    }

    void refusesForeignFiles() {
        QVERIFY_OK(authority().init(random_, kNowS));
        CertificateAuthority other(files_, dir_->filePath(QStringLiteral("other")).toStdString(), "boston");
        QVERIFY_OK(other.init(random_, kNowS));
        QFile::remove(file(QStringLiteral("authority.pem")));
        QVERIFY(
            QFile::copy(dir_->filePath(QStringLiteral("other/authority.pem")), file(QStringLiteral("authority.pem"))));
        const auto rotated = authority().rotate(random_, kNowS);
        QVERIFY(!rotated.ok());
        QVERIFY2(rotated.error().what.find("not cluster newyork's") != std::string::npos,
                 rotated.error().text().c_str());
        // Another's certificate with the own key.
        const QByteArray own = read(QStringLiteral("cluster.pem"));
        const QByteArray theirs = read(QStringLiteral("../../other/cluster.pem"));
        write(QStringLiteral("cluster.pem"),
              theirs.left(theirs.indexOf("-----BEGIN PRIVATE")) + own.mid(own.indexOf("-----BEGIN PRIVATE")));
        QCOMPARE(authority().identity().error().code, ErrorCode::Conflict);
    }

    /// The disk fills up, or the machine goes, at each write: init() either has come to its end or goes on later.
    void goesOnAfterACrash() {
        int failures = 0;
        for (int fails = 0; fails < 20; ++fails) {
            const std::string at = dir_->filePath(QString::number(fails)).toStdString();
            FailingFiles failing(files_, fails);
            CertificateAuthority half(failing, at, "newyork");
            const auto made = half.init(random_, kNowS);
            CertificateAuthority later(files_, at, "newyork");
            QCOMPARE(later.exists(), made.ok());
            if (!made.ok()) {
                ++failures;
                QVERIFY_OK(later.init(random_, kNowS));
            }
            QVERIFY_OK(later.list(kNowS));
            const auto verdict =
                judgeCertificate(certificateOfPem(later.identity().value().own.certificatePem, "c").value().der,
                                 "newyork", later.trust().value(), kNowS);
            QVERIFY_OK(verdict.status);
            if (made.ok()) break;
        }
        QCOMPARE(failures, 5);  // one for each file
    }

private:
    RealFileOps files_;
    RealRandom random_;
    std::unique_ptr<QTemporaryDir> dir_;
};

TRIBUTARY_TEST(AuthorityTest)

}  // namespace tributary::engine::test

#include "tst_authority.moc"
