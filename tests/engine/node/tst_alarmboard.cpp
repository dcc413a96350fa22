// Whoever listens hears of every alarm once when it is raised and once when it is cleared.
#include "engine/alarms/alarmboard.h"

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

class TestAlarmBoard : public QObject {
    Q_OBJECT

private slots:
    void tellsOfChangesOnly() {
        AlarmBoard board;
        QStringList heard;
        board.setOnChange([&](const Alarm& alarm, bool raised) {
            heard << QStringLiteral("%1 %2 %3 %4")
                         .arg(raised ? QStringLiteral("+") : QStringLiteral("-"), QString::fromStdString(alarm.name),
                              QString::fromStdString(alarm.entity))
                         .arg(alarm.raisedMs);
        });
        const Alarm lag{"LAG", "vol", 0, "1 s behind", false};
        const Alarm later{"LAG", "vol", 0, "2 s behind", false};
        const Alarm disk{"DISK", "node", 0, "full", false};
        board.setConditions({lag}, 10);
        board.setConditions({later, disk}, 20);  // the old one goes on
        board.raise("HAND", "x", "by hand", 30);
        board.raise("HAND", "x", "again", 40);
        board.setConditions({disk}, 50);  // what was raised by hand stays
        QCOMPARE(board.clear("", ""), std::size_t{2});
        QCOMPARE(board.clear("", ""), std::size_t{0});
        QCOMPARE(
            heard.join(QStringLiteral(", ")),
            QStringLiteral("+ LAG vol 10, + DISK node 20, + HAND x 30, - LAG vol 10, - DISK node 20, - HAND x 40"));
    }
};
TRIBUTARY_TEST(TestAlarmBoard)
#include "tst_alarmboard.moc"
