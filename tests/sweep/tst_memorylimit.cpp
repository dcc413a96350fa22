// A daemon below a limit of its address space: it refuses or stops with the reason, and keeps what it acknowledged.
#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "processes.h"
#include "testmain.h"

namespace tributary::sweep {

class MemoryLimitTest final : public QObject {
    Q_OBJECT

    QTemporaryDir dir_{QStringLiteral("/tmp/tributary memory XXXXXX")};
    Processes processes_;
    std::string workspace_;

    Ran verb(const std::string& line, int limitMb = 0) {
        const std::string limit = limitMb == 0 ? "" : fmt::format("ulimit -v {}; ", limitMb * 1024);
        return processes_.run(
            {"/bin/bash", "-c",
             fmt::format("{}exec '{}/bin/tributary' -w '{}' {}", limit, TRIBUTARY_BINARY_DIR, workspace_, line)},
            {});
    }
    [[nodiscard]] std::string logText() const {
        std::ostringstream text;
        text << std::ifstream(workspace_ + "/.tributary/daemon.log").rdbuf();
        return text.str();
    }
    static bool givesTheReason(const std::string& text) {
        return text.find("out of memory") != std::string::npos || text.find("system refused") != std::string::npos;
    }
    /// "158,000" in `text` where `pattern` has its group; 0 = it is not there.
    static int numberIn(const std::string& text, const char* pattern) {
        std::smatch found;
        if (!std::regex_search(text, found, std::regex(pattern))) return 0;
        std::string digits = found[1];
        std::erase(digits, ',');
        return std::stoi(digits);
    }

private slots:
    void whatWasAcknowledgedSurvivesTheLimit_data() {
        QTest::addColumn<int>("limitMb");
        for (int limitMb = 120; limitMb <= 400; limitMb += 20) QTest::addRow("%d MB", limitMb) << limitMb;
    }
    void whatWasAcknowledgedSurvivesTheLimit() {
        QFETCH(int, limitMb);
        workspace_ = fmt::format("{}/{}", dir_.path().toStdString(), limitMb);
        std::filesystem::create_directories(workspace_);
        std::ofstream(workspace_ + "/topology.yaml")
            << "tributary: 1\nclusters:\n  one: {system: maprdb, gateways: [gw-one]}\n"
               "  two: {system: maprdb, gateways: [gw-two]}\n";
        const Ran up = verb("up", limitMb);
        QVERIFY2(up.code == 0 || givesTheReason(up.text), up.text.c_str());
        int acknowledged = 0;
        if (up.code == 0) {
            const bool made = verb("maprcli table create -path /mapr/one/rows -tabletype binary").code == 0 &&
                              verb("maprcli table cf create -path /mapr/one/rows -cfname info").code == 0;
            const Ran loaded = verb("load /mapr/one/rows --generate 400000");
            acknowledged =
                numberIn(loaded.text, loaded.code == 0 ? "([0-9,]+) rows loaded" : "([0-9,]+) rows were loaded");
            const std::string all = loaded.text + logText();
            QVERIFY2((made && loaded.code == 0) || givesTheReason(all), all.c_str());
        }
        (void)verb("down");
        processes_.killLeft();
        const Ran again = verb("up");
        QVERIFY2(again.code == 0, again.text.c_str());
        const Ran status = verb("status");
        const int kept = numberIn(status.text, "/mapr/one/rows +([0-9,]+)");
        QVERIFY2(kept >= acknowledged, fmt::format("{} of {}\n{}", kept, acknowledged, logText()).c_str());
        (void)verb("down");
        processes_.killLeft();
        for (const std::string& crash : processes_.crashes()) QFAIL((crash + "\n" + logText()).c_str());
        std::filesystem::remove_all(workspace_);
    }
};
TRIBUTARY_TEST(MemoryLimitTest)
}  // namespace tributary::sweep
#include "tst_memorylimit.moc"
