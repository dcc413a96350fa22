// More tables than a process may have open files: they take turns, and nothing shows of it.
#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "app/daemon/directory.h"
#include "core/base/limits.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "processes.h"
#include "testmain.h"

namespace tributary::sweep {

using engine::Json;
using engine::Method;
using engine::maprdb::TableMethod;

class ManyTablesTest final : public QObject {
    Q_OBJECT

    QTemporaryDir dir_{QStringLiteral("/tmp/tributary many XXXXXX")};
    Processes processes_;
    std::string workspace_;
    std::string limit_;  // in front of every verb: "ulimit -n 80"

    Ran verb(const std::string& line) {
        return processes_.run(
            {"/bin/bash", "-c",
             fmt::format("{}; exec '{}/bin/tributary' -w '{}' {}", limit_, TRIBUTARY_BINARY_DIR, workspace_, line)},
            {});
    }
    /// A client of cluster one.
    Result<std::unique_ptr<engine::ControlClient>> client() const {
        const auto paths = findWorkspace(workspace_);
        if (!paths) return paths.error();
        const auto workspace = openWorkspace(paths.value());
        if (!workspace) return workspace.error();
        app::WorkspaceDirectory directory(app::WorkspaceEngine(paths.value()), workspace.value().topology,
                                          app::systemUser());
        auto made = directory.connect("one");
        if (!made) return made.error();
        return std::unique_ptr<engine::ControlClient>(std::move(made).value());
    }
    static std::string tableOf(int number) { return fmt::format("/mapr/one/t{}", number); }
    static Result<Bytes> put(engine::ControlClient& client, int number, const std::string& key) {
        Bytes mutations;
        engine::maprdb::MutationBuilder builder(mutations);
        builder.put(key, {0, "c", tableOf(number), {}});
        Bytes request;
        appendBlob(request, tableOf(number));
        appendFixed<std::uint8_t>(request, 0);
        request += engine::maprdb::encodeBody({"f"}, mutations);
        return client.call(TableMethod::Put, request);
    }
    /// Empty when every table has these rows, and no other.
    static std::string wrongRows(engine::ControlClient& client, int tables, const std::vector<std::string>& keys) {
        for (int i = 0; i < tables; ++i) {
            const auto answer = client.callJson(TableMethod::Scan, {{"path", tableOf(i)}, {"limit", 10}});
            if (!answer) return answer.error().full();
            if (answer.value()["rows"].size() != keys.size()) return tableOf(i) + " has " + answer.value().dump();
            for (const std::string& key : keys) {
                const auto row = client.callJson(TableMethod::Get, {{"path", tableOf(i)}, {"key", key}});
                if (!row) return row.error().full();
                if (row.value().dump().find(tableOf(i)) == std::string::npos) return row.value().dump();
            }
        }
        return {};
    }

private slots:
    void everyTableIsWrittenAndReadBeforeAndAfterARestart_data() {
        QTest::addColumn<QString>("limit");
        QTest::addColumn<int>("tables");
        if (qEnvironmentVariableIsSet("TRIBUTARY_MANY_TABLES")) QTest::newRow("2,000 tables") << "true" << 2000;
        QTest::newRow("a soft limit far below") << "ulimit -Sn 64" << 200;
        QTest::newRow("a hard limit far below") << "ulimit -n 80" << 60;
    }
    void everyTableIsWrittenAndReadBeforeAndAfterARestart() {
        QFETCH(QString, limit);
        QFETCH(int, tables);
        limit_ = limit.toStdString();
        workspace_ = fmt::format("{}/{}", dir_.path().toStdString(), tables);
        std::filesystem::create_directories(workspace_);
        std::ofstream(workspace_ + "/topology.yaml")
            << "tributary: 1\nclusters:\n  one: {system: maprdb, gateways: [gw-one]}\n"
               "  two: {system: maprdb, gateways: [gw-two]}\n";
        const Ran up = verb("up");
        QVERIFY2(up.code == 0, up.text.c_str());
        {
            auto one = client();
            QVERIFY_OK(one);
            for (int i = 0; i < tables; ++i) {
                QVERIFY_OK(one.value()->callJson(TableMethod::CreateTable,
                                                 {{"path", tableOf(i)}, {"families", {{{"name", "f"}}}}}));
            }
            for (int i = 0; i < tables; ++i) QVERIFY_OK(put(*one.value(), i, "first"));
            QCOMPARE(wrongRows(*one.value(), tables, {"first"}), std::string());
        }
        QVERIFY2(verb("status").code == 0, "status");
        const Ran down = verb("down");
        QVERIFY2(down.code == 0, down.text.c_str());
        const Ran again = verb("up");
        QVERIFY2(again.code == 0, again.text.c_str());
        {
            auto one = client();
            QVERIFY_OK(one);
            QCOMPARE(wrongRows(*one.value(), tables, {"first"}), std::string());
            for (int i = 0; i < tables; ++i) QVERIFY_OK(put(*one.value(), i, "second"));
            QCOMPARE(wrongRows(*one.value(), tables, {"first", "second"}), std::string());
            const auto alarms = one.value()->callJson(Method::ListAlarms, Json::object());
            QVERIFY_OK(alarms);
            QVERIFY2(alarms.value()["alarms"].empty(), alarms.value().dump().c_str());
        }
        const Ran end = verb("down");
        QVERIFY2(end.code == 0, end.text.c_str());
        QVERIFY(processes_.crashes().empty());
    }
};
TRIBUTARY_TEST(ManyTablesTest)
}  // namespace tributary::sweep
#include "tst_manytables.moc"
