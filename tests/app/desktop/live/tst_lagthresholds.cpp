// The lag chart's limits: set in a form, kept in settings.
#include <QSpinBox>
#include <QTemporaryDir>

#include "app/desktop/live/lagthresholdsdialog.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

class LagThresholdsTest : public QObject {
    Q_OBJECT
private slots:
    void comeBackFromTheSettings() {
        const QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        QVERIFY(loadThresholds(settings) == LagThresholds{});
        const LagThresholds set{{5'000, 0}, {1'000'000, 9'000'000}, {0, 77}};
        saveThresholds(settings, set);
        QVERIFY(loadThresholds(settings) == set);
        settings.setValue(u"lag/warning-ms"_s, u"soon"_s);
        settings.setValue(u"lag/critical-ms"_s, -4);
        QVERIFY(loadThresholds(settings).timeMs == LagThresholds{}.timeMs);
    }

    void countInTheFiguresUnit() {
        const LagThresholds set{{1, 2}, {3, 4}, {5, 6}};
        for (const LagFigure figure : {LagFigure::Lag, LagFigure::TransportLag, LagFigure::ApplyLag}) {
            QCOMPARE(set.of(figure).warning, std::int64_t{1});
        }
        QCOMPARE(set.of(LagFigure::BytesPending).warning, std::int64_t{3});
        QCOMPARE(set.of(LagFigure::OperationsPending).critical, std::int64_t{6});
    }

    void theFormShowsAndTakesThem() {
        LagThresholdsDialog dialog({{5'000, 60'000}, {2'000'000, 0}, {0, 12}}, nullptr);
        QVERIFY((dialog.thresholds() == LagThresholds{{5'000, 60'000}, {2'000'000, 0}, {0, 12}}));
        for (QSpinBox* box : dialog.findChildren<QSpinBox*>()) {
            if (box->accessibleName() == u"Time behind: warning"_s) box->setValue(7);
        }
        QCOMPARE(dialog.thresholds().timeMs.warning, std::int64_t{7'000});
    }
};
TRIBUTARY_TEST(LagThresholdsTest)
#include "tst_lagthresholds.moc"
