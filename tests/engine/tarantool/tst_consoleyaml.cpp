// Answers as a real console printed them.
#include "engine/systems/tarantool/console/consoleyaml.h"

#include <cmath>
#include <functional>
#include <limits>

#include "engine/systems/tarantool/msgpack/msgpackext.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

using Build = std::function<void(ConsoleYaml&)>;
constexpr auto kBlock = ConsoleYaml::Style::Block;
constexpr auto kFlow = ConsoleYaml::Style::Flow;

Bytes tuple(const std::function<void(MsgpackWriter&)>& fields, std::size_t count) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(count);
    fields(writer);
    return out;
}

}  // namespace

class TestConsoleYaml : public QObject {
    Q_OBJECT
private slots:
    void printsAsTheConsoleDoes_data() {
        QTest::addColumn<Build>("build");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* name, const Build& build, const char* printed) {
            QTest::newRow(name) << build << QString::fromUtf8(printed);
        };
        row(
            "nothing", [](ConsoleYaml&) {}, "---\n...\n");
        row(
            "nil", [](ConsoleYaml& yaml) { yaml.nil(); }, "---\n- null\n...\n");
        row(
            "several values",
            [](ConsoleYaml& yaml) {
                yaml.boolean(true);
                yaml.unsignedInteger(18'446'744'073'709'551'615ULL);
                yaml.integer(-5);
                yaml.string("a");
            },
            "---\n- true\n- 18446744073709551615\n- -5\n- a\n...\n");
        row(
            "tuples",
            [](ConsoleYaml& yaml) {
                yaml.beginArray(kBlock);
                for (const char* name : {"Roxette", "Scorpions"}) {
                    yaml.beginArray(kFlow);
                    yaml.unsignedInteger(1);
                    yaml.string(name);
                    yaml.endArray();
                }
                yaml.endArray();
            },
            "---\n- - [1, 'Roxette']\n  - [1, 'Scorpions']\n...\n");
        row(
            "no tuples",
            [](ConsoleYaml& yaml) {
                yaml.beginArray(kBlock);
                yaml.endArray();
            },
            "---\n- []\n...\n");
        row(
            "clock",
            [](ConsoleYaml& yaml) {
                yaml.beginMap(kFlow);
                yaml.unsignedInteger(2);
                yaml.unsignedInteger(5);
                yaml.unsignedInteger(1);
                yaml.unsignedInteger(9);
                yaml.endMap();
            },
            "---\n- {2: 5, 1: 9}\n...\n");
        row(
            "upstream",
            [](ConsoleYaml& yaml) {
                yaml.beginMap(kBlock);
                yaml.string("peer");
                yaml.string("replicator@127.0.0.1:3302");
                yaml.string("lag");
                yaml.real(143.52251672745);
                yaml.string("message");
                yaml.string(
                    "Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [5, \"Pink "
                    "Floyd\", 1965] and new tuple - [5, \"incorrect data\", 0]");
                yaml.string("text");
                yaml.string("called on fd 12: Broken pipe");
                yaml.endMap();
            },
            "---\n- peer: replicator@127.0.0.1:3302\n  lag: 143.52251672745\n"
            "  message: Duplicate key exists in unique index \"primary\" in space \"bands\" with old\n"
            "    tuple - [5, \"Pink Floyd\", 1965] and new tuple - [5, \"incorrect data\", 0]\n"
            "  text: 'called on fd 12: Broken pipe'\n...\n");
        row(
            "nested",
            [](ConsoleYaml& yaml) {
                yaml.value(tuple(
                               [](MsgpackWriter& writer) {
                                   writer.array(2);
                                   writer.unsignedInteger(1);
                                   writer.unsignedInteger(2);
                                   writer.array(1);
                                   writer.array(1);
                                   writer.unsignedInteger(3);
                                   writer.map(1);
                                   writer.string("a");
                                   writer.array(0);
                                   writer.map(0);
                               },
                               4),
                           kBlock);
            },
            "---\n- - - 1\n    - 2\n  - - - 3\n  - a: []\n  - {}\n...\n");
        row(
            "a tuple with everything",
            [](ConsoleYaml& yaml) {
                yaml.value(tuple(
                               [](MsgpackWriter& writer) {
                                   writer.string("yes");
                                   writer.string("it's");
                                   writer.string("");
                                   writer.string("a\tb");
                                   writer.string(Bytes("\0x", 2));
                                   writer.string("\xff\xfe");
                                   writer.nil();
                                   writer.real(1e20);
                                   writer.real(3);
                                   writer.integer(-7);
                                   writer.map(1);
                                   writer.string("a");
                                   writer.array(0);
                                   writer.extension(kDecimalExtension, Decimal::parse("1.50")->encode());
                                   writer.extension(kUuidExtension,
                                                    Uuid::parse("4cfa6e3c-625e-b027-00a7-29b2f2182f23")->bytes());
                               },
                               13),
                           kFlow);
            },
            "---\n- ['yes', 'it''s', '', \"a\\tb\", \"\\0x\", !!binary //4=, null, 1e+20, 3, -7, {'a': []},\n"
            "  1.50, 4cfa6e3c-625e-b027-00a7-29b2f2182f23]\n...\n");
        row(
            "an error",
            [](ConsoleYaml& yaml) {
                yaml.beginMap(kBlock);
                yaml.string("error");
                yaml.string("[string \"x y\"]:1: '=' expected near 'y'");
                yaml.endMap();
            },
            "---\n- error: '[string \"x y\"]:1: ''='' expected near ''y'''\n...\n");
        row(
            "damaged", [](ConsoleYaml& yaml) { yaml.value("\xc1", kBlock); }, "---\n- (damaged MessagePack)\n...\n");
    }
    void printsAsTheConsoleDoes() {
        QFETCH(const Build, build);
        QFETCH(const QString, printed);
        ConsoleYaml yaml;
        build(yaml);
        QCOMPARE(QString::fromStdString(yaml.finish()), printed);
    }

    void quotesTexts_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* text, const char* shown) {
            QTest::newRow(QByteArray(text).toPercentEncoding(" ").constData()) << QByteArray(text) << QByteArray(shown);
        };
        for (const char* same :
             {"1e",   "1LL",  "0x",    "1i", "1_000", "Null", "NULL", "Yes", "YES",  "y",    "n",        "No",
              "TRUE", "True", "FALSE", "On", "on",    "off",  "t",    "é",   "日本", "a\\b", "quote\"x", "it's",
              "a,b",  "a]",   "a:b",   ":a", "?a",    "-a",   "=",    "<<",  "a#b",  "a  b"}) {
            row(same, same);
        }
        for (const char* quoted :
             {"yes",   "no",    "true", "false", "null", "~",    "1",    "inf", "nan", "Inf", "-inf",  "1e5",
              "0x1p4", "0b101", " 1 ",  "1 ",    "1.",   "-1",   "+1",   ".5",  "-.5", "@a",  "`a",    "%a",
              "!a",    "&a",    "*a",   "[a",    "{a",   "]a",   ", a",  "a: ", "a:",  "? a", "--- a", "---",
              "...",   "|",     "> a",  "= ",    "#a",   "a #b", "a: b", "  x", "x ",  "-",   "?"}) {
            row(quoted, ("'" + QByteArray(quoted) + "'").constData());
        }
        row("", "");
        row("a\tb", "\"a\\tb\"");
        row("a\r\nb", "\"a\\r\\nb\"");
        row(" \n ", "\" \\n \"");
        row("a\nb", "'a\n\n  b'");
        row("\nb", "'\n\n  b'");
        row("a\n", "'a\n\n  '");
        row("a\n\nb\n", "|\n  a\n\n  b");
        row("\xff\xfe", "!!binary //4=");
    }
    void quotesTexts() {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, shown);
        ConsoleYaml yaml;
        yaml.string(text.toStdString());
        const QByteArray expected = shown.isEmpty() ? QByteArray("---\n-\n...\n") : "---\n- " + shown + "\n...\n";
        QCOMPARE(QByteArray::fromStdString(yaml.finish()), expected);
    }

    void printsNumbers_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("shown");
        const auto row = [](double value, const char* shown) {
            QTest::newRow(shown) << value << QString::fromLatin1(shown);
        };
        row(123'456'789'012'345'678.0, "123456789012345680");
        row(1e15, "1000000000000000");
        row(0.1 + 0.2, "0.3");
        row(9'223'372'036'854'775'808.0, "9223372036854775808");
        row(-9'223'372'036'854'775'808.0, "-9223372036854775808");
        row(1e15 + 0.5, "1e+15");
        row(1e20, "1e+20");
        row(5e-324, "4.9406564584125e-324");
        row(-0.0, "0");
        row(1e-5, "1e-05");
        row(0.21281599999929, "0.21281599999929");
        row(std::numeric_limits<double>::infinity(), "inf");
        row(-std::numeric_limits<double>::infinity(), "-inf");
        row(-std::nan(""), "-nan");
    }
    void printsNumbers() {
        QFETCH(const double, value);
        QFETCH(const QString, shown);
        QCOMPARE(QString::fromStdString(consoleNumber(value)), shown);
    }

    void survivesDamagedValues() {
        Bytes good = tuple(
            [](MsgpackWriter& writer) {
                writer.map(1);
                writer.string("key: x");
                writer.array(2);
                writer.string("\n\n");
                writer.extension(kDecimalExtension, "\x01\x0c");
                writer.binary("\x01\x02");
            },
            2);
        test::Mutator mutator(17);
        for (int i = 0; i < 5'000; ++i) {
            ConsoleYaml yaml;
            yaml.value(mutator.damaged(good), i % 2 == 0 ? kBlock : kFlow);
            const std::string text = yaml.finish();
            QVERIFY(text.starts_with("---\n") && text.ends_with("...\n"));
        }
    }
};
TRIBUTARY_TEST(TestConsoleYaml)
#include "tst_consoleyaml.moc"
