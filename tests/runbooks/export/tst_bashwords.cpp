// Templates as bash words: what bash reads back is what the program would have rendered.
#include <QProcess>
#include <QTest>

#include "runbooks/export/bashwords.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/parameters.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

/// The words that bash makes of a text, each ended by a newline.
QString readByBash(const std::string& setup, const std::string& words) {
    QProcess bash;
    const QString script = QString::fromStdString(setup + "\nprintf '%s\\n' " + words);
    bash.start(QStringLiteral("bash"), {QStringLiteral("-c"), script});
    if (!bash.waitForFinished(20'000) || bash.exitCode() != 0) return QStringLiteral("bash failed: ") + script;
    return QString::fromUtf8(bash.readAllStandardOutput());
}

}  // namespace

class BashWordsTest : public QObject {
    Q_OBJECT

private slots:
    void literalsComeBackUnchanged_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("bare") << "/mapr/sf/t";
        QTest::newRow("blank") << "a b";
        QTest::newRow("empty") << "";
        QTest::newRow("single quote") << "it's";
        QTest::newRow("all that bash reads") << "$HOME `id` \"x\" \\ * ? [a] {b,c} ~ # ! ; & | < > ( )";
        QTest::newRow("option") << "-path";
    }
    void literalsComeBackUnchanged() {
        QFETCH(QString, text);
        QCOMPARE(readByBash({}, bash::literal(text.toStdString())), text + QLatin1Char('\n'));
    }

    void templatesRenderAsTheModelRendersThem_data() {
        QTest::addColumn<QString>("pattern");
        QTest::newRow("alone") << "{{source}}";
        QTest::newRow("inside") << "x{{source}}y";
        QTest::newRow("cluster") << "{{plain | cluster}}";
        QTest::newRow("name") << "{{source | name}}";
        QTest::newRow("parent") << "{{source | parent}}";
        QTest::newRow("upper") << "{{source | upper}}";
        QTest::newRow("file") << "{{token | file}}";
        QTest::newRow("two") << "{{source}}:{{token}}";
        QTest::newRow("dollar") << "$x{{token}}`y`";
    }
    void templatesRenderAsTheModelRendersThem() {
        QFETCH(QString, pattern);
        const ParameterValues values{{"source", "/mapr/sf/a b"}, {"token", "file:/x'y"}, {"plain", "/mapr/sf/t"}};
        const std::string setup =
            "p_source='/mapr/sf/a b' p_plain=/mapr/sf/t p_token=$'file:/x\\'y'\n"
            "cluster_of() { local rest=${1#/mapr/}; printf '%s' \"${rest%%/*}\"; }\n"
            "parent_of() { if [[ $1 == */* ]]; then printf '%s' \"${1%/*}\"; fi; }";
        const auto word = bash::word(pattern.toStdString());
        QVERIFY(word.ok());
        const auto rendered = renderText(pattern.toStdString(), values);
        QVERIFY(rendered.ok());
        QCOMPARE(readByBash(setup, *word), QString::fromStdString(*rendered) + QLatin1Char('\n'));
    }

    void anOptionWithoutAValueIsNoWord() {
        const auto line = bash::line("tool {{columns | option -columns}} end");
        QVERIFY(line.ok());
        QCOMPARE(readByBash("p_columns=", *line), QStringLiteral("tool\nend\n"));
        QCOMPARE(readByBash("p_columns='a b'", *line), QStringLiteral("tool\n-columns\na b\nend\n"));
    }

    void quotesOfALineStayOneWord() {
        const auto line = bash::line("maprcli cluster gateway set -gateways \"gw 1 {{a}}\" -x 'it''s $y'");
        QVERIFY(line.ok());
        QCOMPARE(readByBash("p_a='q r'", *line),
                 QStringLiteral("maprcli\ncluster\ngateway\nset\n-gateways\ngw 1 q r\n-x\nits $y\n"));
    }

    void conditionsBecomeChecks_data() {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("expected");
        QTest::newRow("check") << "not dataset-exists {{a}}"
                               << "holds not dataset_exists \"$p_a\"";
        QTest::newRow("equal") << "{{a}} == ''"
                               << "holds equal \"$p_a\" ''";
        QTest::newRow("differs") << "{{a}} != b"
                                 << "holds not equal \"$p_a\" b";
        QTest::newRow("not differs") << "not {{a}} != b"
                                     << "holds equal \"$p_a\" b";
        QTest::newRow("flag") << "not {{a-b}}"
                              << "holds not is_true \"$p_a_b\"";
    }
    void conditionsBecomeChecks() {
        QFETCH(QString, condition);
        QFETCH(QString, expected);
        const auto parsed = parseCondition(condition.toStdString());
        QVERIFY(parsed.ok());
        const auto text = bash::condition(*parsed);
        QVERIFY(text.ok());
        QCOMPARE(QString::fromStdString(*text), expected);
    }

    void durationsAreSeconds() {
        QCOMPARE(bash::seconds(500), std::string("0.5"));
        QCOMPARE(bash::seconds(2000), std::string("2"));
        QCOMPARE(bash::wholeSeconds(1), std::string("1"));
        QCOMPARE(bash::wholeSeconds(43'200'000), std::string("43200"));
    }
};
TRIBUTARY_TEST(BashWordsTest)
#include "tst_bashwords.moc"
