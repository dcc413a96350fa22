// Permissions per family and column, on every way that data can take.
#include "rawclient.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using test::LinkWorld;
using test::RawClient;

namespace {

Bytes put(const std::function<void(maprdb::MutationBuilder&)>& make) {
    Bytes mutations;
    maprdb::MutationBuilder builder(mutations);
    make(builder);
    Bytes body;
    appendBlob(body, LinkWorld::path(0));
    appendFixed<std::uint8_t>(body, 0);
    return body + maprdb::encodeBody({"a", "b"}, mutations);
}

Bytes range(const std::string& columns) {
    Bytes body;
    appendBlob(body, LinkWorld::path(0));
    appendBlob(body, "");
    appendBlob(body, "");
    appendFixed<std::uint32_t>(body, 100);
    appendFixed<std::uint32_t>(body, 1U << 20U);
    appendBlob(body, columns);
    appendFixed<std::uint32_t>(body, 0);
    appendFixed<std::int64_t>(body, 0);
    appendFixed<std::int64_t>(body, 0);
    return body;
}

std::string replica(const std::string& columns) {
    return R"({"path":"/mapr/c0/t","replica":"/mapr/c1/t","cluster":"c1","uuid":")" + LinkWorld::uuid(1).text() +
           R"(","columns":")" + columns + R"("})";
}

/// "ok", or the error's code and whether it names `what`.
QString outcome(const std::optional<Result<Bytes>>& answer, const std::string& what = {}) {
    if (!answer) return QStringLiteral("no answer");
    if (answer->ok()) return QStringLiteral("ok");
    const bool named = what.empty() || answer->error().what.find(what) != std::string::npos;
    return QString::fromLatin1(errorCodeName(answer->error().code).data()) +
           (named ? QString() : QStringLiteral(": ") + QString::fromStdString(answer->error().what));
}

}  // namespace

class TestAccess : public QObject {
    Q_OBJECT
private:
    /// Family b is root's to read; column a:secret is root's to read and to write.
    static void restrict(LinkWorld& world) {
        QVERIFY_OK(world.edit(0, [](maprdb::TableRecord& table) {
            for (maprdb::FamilyRecord& family : table.families) {
                if (family.name == "b") family.perms["readperm"] = "u:root";
                if (family.name == "a") family.columns["secret"] = {{"readperm", "u:root"}, {"writeperm", "u:root"}};
            }
        }));
        QVERIFY_OK(world.put(0, "k", "v", "b"));
    }
    static QString kDeniedName() { return QString::fromLatin1(errorCodeName(ErrorCode::PermissionDenied).data()); }

private slots:
    void deleteReachesNoColumnThatItsUserMayNotWrite() {
        LinkWorld world;
        restrict(world);
        RawClient ana(world, 0, 3, RawClient::as("ana"));
        RawClient root(world, 0, 3, RawClient::as("root"));
        const std::vector<Bytes> deletes{put([](auto& out) { out.deleteRow("k"); }),
                                         put([](auto& out) { out.deleteFamily("k", 0); }),
                                         put([](auto& out) { out.deleteColumn("k", 0, "secret"); }), put([](auto& out) {
                                             out.put("k", {0, "secret", "v", {}});
                                         })};
        for (const Bytes& body : deletes) {
            QCOMPARE(outcome(ana.ask(maprdb::TableMethod::Put, body), "a:secret"), kDeniedName());
            QCOMPARE(outcome(root.ask(maprdb::TableMethod::Put, body)), QStringLiteral("ok"));
        }
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::Put, put([](auto& out) { out.deleteColumn("k", 0, "open"); }))),
                 QStringLiteral("ok"));
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::Put, put([](auto& out) { out.deleteFamily("k", 1); }))),
                 QStringLiteral("ok"));
    }
    void replicaCarriesOnlyWhatItsUserMayRead_data() {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("columns");
        QTest::addColumn<QString>("lacks");
        QTest::newRow("whole table") << "ana"
                                     << ""
                                     << "a:secret";
        QTest::newRow("family that is not readable") << "ana"
                                                     << "b"
                                                     << "readperm on b";
        QTest::newRow("column of that family") << "ana"
                                               << "b:x"
                                               << "readperm on b";
        QTest::newRow("family with an unreadable column") << "ana"
                                                          << "a"
                                                          << "a:secret";
        QTest::newRow("that column") << "ana"
                                     << "a:secret"
                                     << "a:secret";
        QTest::newRow("a column beside it") << "ana"
                                            << "a:open"
                                            << "";
        QTest::newRow("who may read all") << "root"
                                          << ""
                                          << "";
    }
    void replicaCarriesOnlyWhatItsUserMayRead() {
        QFETCH(const QString, user);
        QFETCH(const QString, columns);
        QFETCH(const QString, lacks);
        LinkWorld world;
        restrict(world);
        RawClient client(world, 0, 3, RawClient::as(user.toStdString()));
        const auto added = client.ask(maprdb::TableMethod::AddReplica, replica(columns.toStdString()));
        QCOMPARE(outcome(added, lacks.toStdString()), lacks.isEmpty() ? QStringLiteral("ok") : kDeniedName());
        const auto copied = client.ask(maprdb::TableMethod::ReadRange, range(columns.toStdString()));
        QCOMPARE(outcome(copied, lacks.toStdString()), lacks.isEmpty() ? QStringLiteral("ok") : kDeniedName());
    }
    void editedColumnsAreHeldToTheSame() {
        LinkWorld world;
        restrict(world);
        RawClient ana(world, 0, 3, RawClient::as("ana"));
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::AddReplica, replica("a:open"))), QStringLiteral("ok"));
        const std::string wider = R"({"path":"/mapr/c0/t","replica":"/mapr/c1/t","columns":"a:open,b"})";
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::AlterReplica, wider), "readperm on b"), kDeniedName());
        const std::string whole = R"({"path":"/mapr/c0/t","replica":"/mapr/c1/t","columns":""})";
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::AlterReplica, whole), "a:secret"), kDeniedName());
        const std::string other = R"({"path":"/mapr/c0/t","replica":"/mapr/c1/t","columns":"a:open,a:x"})";
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::AlterReplica, other)), QStringLiteral("ok"));
    }
    void comparisonOfAPartIsRefused() {
        LinkWorld world;
        restrict(world);
        RawClient ana(world, 0, 3, RawClient::as("ana"));
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::Fingerprint, R"({"path":"/mapr/c0/t"})")), kDeniedName());
        QCOMPARE(outcome(ana.ask(maprdb::TableMethod::Fingerprint, R"({"path":"/mapr/c0/t","columns":"a:open"})")),
                 QStringLiteral("ok"));
    }
};
TRIBUTARY_TEST(TestAccess)
#include "tst_access.moc"
