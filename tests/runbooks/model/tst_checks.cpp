// The vocabulary of checks.
#include <QFile>
#include <set>

#include "runbooks/model/checks.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestChecks : public QObject {
    Q_OBJECT
private slots:
    void everyRowIsComplete() {
        std::set<std::pair<std::string_view, std::string_view>> names;  // a name means one thing in a system
        const Dialects dialects = spoken();
        for (const Dialect* dialect : dialects.all()) {
            for (const CheckSpec& spec : dialect->words().checks) {
                QVERIFY(names.emplace(dialect->words().system, spec.name).second);
            }
        }
        for (const CheckSpec* each : spoken().checks()) {
            const CheckSpec& spec = *each;
            QVERIFY(!spec.arguments.empty() && !spec.meaning.empty());
            Check check{std::string(spec.name), {}, {}};
            for (std::size_t i = 0; i < spec.arguments.size(); ++i) {
                const auto allowed = spoken().allowedValues(spec.arguments[i]);
                if (spec.arguments[i] == "OPTION") {
                    check.arguments.push_back(spec.name == "table-has"    ? "deletettl"
                                              : spec.name == "family-has" ? "maxversions"
                                                                          : "throttle");
                    continue;
                }
                check.arguments.push_back(allowed.empty() ? "<" + std::to_string(i) + ">" : allowed.front());
            }
            const auto parsed = parseCheck(check.text());
            QVERIFY_OK(parsed);
            QCOMPARE(parsed.value().text(), check.text());
            const std::string phrase = phraseCheck(*parsed);
            for (const std::string& argument : check.arguments) {
                QVERIFY2(phrase.find(argument) != std::string::npos, phrase.c_str());
            }
            QVERIFY2(phrase.find('{') == std::string::npos, phrase.c_str());
        }
        QCOMPARE(names.size(), std::size_t{78});
    }
    void misspeltOptionsAreRefused_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("fix");  // empty: accepted
        QTest::newRow("table") << "table-has /mapr/a/t deletetl 1"
                               << "did you mean `deletettl`?";
        QTest::newRow("a family's of a table") << "table-has /mapr/a/t maxversions 1"
                                               << "one of: ";
        QTest::newRow("family") << "family-has /mapr/a/t f maxversion 1"
                                << "did you mean `maxversions`?";
        QTest::newRow("replica") << "replica-has /mapr/a/t /mapr/b/t trottle true"
                                 << "did you mean `throttle`?";
        QTest::newRow("a placeholder") << "table-has /mapr/a/t {{option}} 1"
                                       << "";
        QTest::newRow("a permission") << "table-has /mapr/a/t defaultreadperm u:ana"
                                      << "";
    }
    void misspeltOptionsAreRefused() {
        QFETCH(QString, text);
        QFETCH(QString, fix);
        const auto parsed = parseCheck(text.toStdString());
        QCOMPARE(parsed.ok(), fix.isEmpty());
        if (!parsed) QVERIFY2(QString::fromStdString(parsed.error().fix).startsWith(fix), parsed.error().fix.c_str());
    }
    void phrasesForPeople() {
        QCOMPARE(phraseCheck(parseCheck("replica-listed /s /r").value()),
                 std::string("/r is listed as a replica of /s"));
        QCOMPARE(phraseCheck(parseCheck("link-state /s /r paused").value()),
                 std::string("the link from /s to /r is paused"));
    }
    void readsConditions_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("value");  // -1: asks the system
        QTest::newRow("true") << std::string("true") << 1;
        QTest::newRow("not true") << std::string("not true") << 0;
        QTest::newRow("equal") << std::string("a == a") << 1;
        QTest::newRow("not equal to nothing") << std::string("'' != ''") << 0;
        QTest::newRow("not twice") << std::string("not not a == b") << 0;
        QTest::newRow("check") << std::string("not subset /a /b") << -1;
    }
    void readsConditions() {
        QFETCH(std::string, text);
        QFETCH(int, value);
        const auto condition = parseCondition(text);
        QVERIFY_OK(condition);
        QCOMPARE(condition.value().isStatic(), value >= 0);
        if (value >= 0) QCOMPARE(condition.value().staticValue(), value == 1);
    }
    void readmeHoldsTheTable() {
        QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/runbooks/README.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().toStdString().find(checksTable(spoken())) != std::string::npos);
    }
};
TRIBUTARY_TEST(TestChecks)
#include "tst_checks.moc"
