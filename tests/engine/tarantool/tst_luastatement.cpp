// Where a typed statement ends.
#include "engine/systems/tarantool/script/luastatement.h"

#include "testmain.h"

using namespace tributary::engine::tarantool;

class TestLuaStatement : public QObject {
    Q_OBJECT
private slots:
    void knowsWholeOnes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("whole");
        const auto row = [](const char* text, bool whole) {
            QTest::newRow(QByteArray(text).toPercentEncoding(" (){}=").constData()) << QByteArray(text) << whole;
        };
        row("box.info", true);
        row("local x = 1", true);
        row("for i = 1, 3 do", false);
        row("for i = 1, 3 do\nbox.space.t:insert{i}\nend", true);
        row("if true then return 1", false);
        row("box.space.bands:format({ { name = 'id', type = 'unsigned' },", false);
        row("function f()", false);
        row("x = [[", false);
        row("x y", true);
        row("end", true);
        row("(42\n)", true);
        row("\x1bLJ\x02", true);
    }
    void knowsWholeOnes() {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, whole);
        QCOMPARE(isWholeLua(text.toStdString()), whole);
    }
};
TRIBUTARY_TEST(TestLuaStatement)
#include "tst_luastatement.moc"
