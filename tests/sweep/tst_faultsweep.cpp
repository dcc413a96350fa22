// A few points of the sweep (fault_sweep runs all of them).
#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>

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
};
TRIBUTARY_TEST(FaultSweepTest)
}  // namespace tributary::sweep
#include "tst_faultsweep.moc"
