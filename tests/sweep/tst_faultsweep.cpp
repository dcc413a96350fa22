// A few points of the sweep (fault_sweep runs all of them), and a daemon with few descriptors.
#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "app/daemon/directory.h"
#include "processes.h"
#include "sweepscript.h"
#include "testmain.h"

namespace tributary::sweep {

class FaultSweepTest final : public QObject {
    Q_OBJECT

    QTemporaryDir dir_{QStringLiteral("/tmp/tributary sweep XXXXXX")};
    Outcome clean_;

    [[nodiscard]] std::string folder(const std::string& name) const { return dir_.path().toStdString() + "/" + name; }
    static std::string troubles(const Outcome& outcome) {
        std::string text;
        for (const auto* list : {&outcome.crashes, &outcome.losses, &outcome.silent}) {
            for (const std::string& line : *list) text += line + "\n";
        }
        return text;
    }

private slots:
    void initTestCase() {
        clean_ = runScript(folder("clean"), Fault{});
        QVERIFY2(clean_.good(), troubles(clean_).c_str());
        for (std::size_t i = 0; i < kKinds; ++i) QVERIFY2(clean_.calls[i] > 0, kKindNames[i]);
    }
    void aRefusedCallCostsItsRequestAndNothingElse_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<double>("at");
        QTest::addColumn<bool>("onward");
        for (std::size_t i = 0; i < kKinds; ++i) {
            const int kind = static_cast<int>(i);
            QTest::addRow("%s, once, early", kKindNames[i]) << kind << 0.3 << false;
            QTest::addRow("%s, once, late", kKindNames[i]) << kind << 0.8 << false;
            QTest::addRow("%s, onward", kKindNames[i]) << kind << 0.5 << true;
        }
    }
    void aRefusedCallCostsItsRequestAndNothingElse() {
        QFETCH(int, kind);
        QFETCH(double, at);
        QFETCH(bool, onward);
        const auto calls = static_cast<double>(clean_.calls[static_cast<std::size_t>(kind)]);
        const Fault fault{static_cast<Kind>(kind), 1 + static_cast<std::uint64_t>(calls * at), onward};
        const Outcome outcome = runScript(folder(std::to_string(kind) + (onward ? "o" : "1")), fault);
        QVERIFY2(outcome.good(), (fault.text() + ": " + troubles(outcome)).c_str());
    }
    void tablesBeyondTheDescriptorsAreRefusedByName() {
        const std::string dir = folder("few");
        std::filesystem::create_directories(dir);
        std::ofstream(dir + "/topology.yaml")
            << "tributary: 1\nclusters:\n  one: {system: maprdb, gateways: [gw-one]}\n"
               "  two: {system: maprdb, gateways: [gw-two]}\n";
        Processes processes;
        const auto verb = [&](const std::string& line) {
            return processes.run(
                {"/bin/bash", "-c",
                 fmt::format("ulimit -n 80; exec '{}/bin/tributary' -w '{}' {}", TRIBUTARY_BINARY_DIR, dir, line)},
                {});
        };
        const Ran up = verb("up");
        QVERIFY2(up.code == 0, up.text.c_str());
        const auto paths = findWorkspace(dir);
        const auto workspace = openWorkspace(paths.value());
        app::WorkspaceDirectory directory(app::WorkspaceEngine(paths.value()), workspace.value().topology,
                                          app::systemUser());
        auto client = directory.connect("one");
        QVERIFY_OK(client);
        int made = 0;
        std::string refusal;
        for (int i = 0; i < 40 && refusal.empty(); ++i) {
            const auto answer =
                client.value()->callJson(engine::Method::CreateTable,
                                         {{"path", fmt::format("/mapr/one/t{}", i)}, {"families", {{{"name", "f"}}}}});
            if (answer) ++made;
            if (!answer) refusal = answer.error().full();
        }
        QVERIFY(made > 0);
        QVERIFY2(refusal.find("too many open files") != std::string::npos, refusal.c_str());
        QVERIFY2(refusal.find("ulimit -n") != std::string::npos, refusal.c_str());
        const auto listed = client.value()->callJson(engine::Method::ListTables, engine::Json::object());
        QVERIFY_OK(listed);
        QCOMPARE(static_cast<int>(listed.value()["tables"].size()), made);
        for (int i = 0; i < made; ++i) {
            QVERIFY_OK(client.value()->callJson(engine::Method::Get,
                                                {{"path", fmt::format("/mapr/one/t{}", i)}, {"key", "k"}}));
        }
        const Ran status = verb("status");
        QVERIFY2(status.text.find("two") != std::string::npos && (status.code == 0 || status.code == 3),
                 status.text.c_str());
        const Ran down = verb("down");
        QVERIFY2(down.code == 0, down.text.c_str());
        QVERIFY(processes.crashes().empty());
    }
};
TRIBUTARY_TEST(FaultSweepTest)
}  // namespace tributary::sweep
#include "tst_faultsweep.moc"
