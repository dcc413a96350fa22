// The audit log: whole lines, only of what changes something, rotated.
#include "app/adapters/auditlog.h"
#include "core/workspace/logrotation.h"

#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

/// Answers every command with success.
class WillingPort final : public runbooks::SystemPort {
public:
    runbooks::CommandOutcome execute(const std::string&, Millis) override {
        runbooks::CommandOutcome outcome;
        outcome.ok = true;
        return outcome;
    }
    Status validate(const std::string&) override { return okStatus(); }
    runbooks::CheckOutcome check(const std::string&, const std::vector<std::string>&) override { return {}; }
    std::vector<runbooks::LinkObservation> links() override { return {}; }
    std::string fingerprint() override { return {}; }
    std::vector<std::string> describe() override { return {}; }
    runbooks::LineEffect effectOf(const std::string&, const runbooks::LookAround&) override { return {}; }
};

QByteArray auditText(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestAuditLog : public QObject {
    Q_OBJECT

private slots:
    void aRunsChangesAreLinesWithTheRunbooksHash() {
        const QTemporaryDir folder;
        const QString path = folder.path() + QStringLiteral("/audit.log");
        AuditLog log(path.toStdString());
        WillingPort willing;
        AuditEntry entry;
        entry.osUser = "ana";
        entry.user = "mapr";
        entry.runbook = "pause-all";
        entry.runbookHash = "abc";
        AuditedPort port(willing, log, entry, [] { return Millis(1'000); });
        QVERIFY(port.execute("maprcli table replica list -path /mapr/a/t", 1'000).ok);
        QVERIFY(auditText(path).isEmpty());
        QVERIFY(port.execute("maprcli table replica pause -path /mapr/a/t -replica /mapr/b/t", 1'000).ok);
        const QByteArray text = auditText(path);
        QCOMPARE(text.count('\n'), 1);
        const auto line = nlohmann::json::parse(text.toStdString());
        QCOMPARE(line["by"].get<std::string>(), std::string("ana"));
        QCOMPARE(line["as"].get<std::string>(), std::string("mapr"));
        QCOMPARE(line["hash"].get<std::string>(), std::string("abc"));
        QCOMPARE(line["at"].get<std::string>(), std::string("1970-01-01T00:00:01.000Z"));
        QVERIFY(line["ok"].get<bool>());
        struct stat info {};
        QCOMPARE(::stat(path.toLocal8Bit().constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
    }

    void theFolderOfANewWorkspaceIsMadeForItsOwner() {
        const QTemporaryDir folder;
        const QString state = folder.path() + QStringLiteral("/.tributary");
        AuditLog((state + QStringLiteral("/audit.log")).toStdString()).append({});
        QCOMPARE(auditText(state + QStringLiteral("/audit.log")).count('\n'), 1);
        struct stat info {};
        QCOMPARE(::stat(state.toLocal8Bit().constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0700U);
    }

    void aLargeLogGivesWay() {
        const QTemporaryDir folder;
        const QString path = folder.path() + QStringLiteral("/audit.log");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64{kLogBytesMax}));
        file.close();
        AuditLog(path.toStdString()).append({});
        QVERIFY(QFile::exists(path + QStringLiteral(".1")));
        QCOMPARE(auditText(path).count('\n'), 1);
    }
};
TRIBUTARY_TEST(TestAuditLog)
#include "tst_auditlog.moc"
