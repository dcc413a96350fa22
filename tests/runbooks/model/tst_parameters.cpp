// Values of parameters and their places in texts.
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestParameters : public QObject {
    Q_OBJECT
private slots:
    void canonicalValues_data() {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("value");
        QTest::addColumn<std::string>("expected");  // empty: refused
        const auto row = [](const char* type, const char* value, const char* expected) {
            QTest::addRow("%s %s", type, value) << std::string(type) << std::string(value) << std::string(expected);
        };
        row("dataset", "/mapr/sf/t", "/mapr/sf/t");
        row("dataset", "mapr/sf/t", "");
        row("dataset", "/mapr/sf/t/", "");
        row("path", "relative", "");
        row("path", "", "");
        row("cluster", "newyork-2", "newyork-2");
        row("cluster", "new york", "");
        row("family", "profile", "profile");
        row("family", "a:b", "");
        row("columns", "a,b:c", "a,b:c");
        row("columns", "a, b", "");
        row("columns", "a,,b", "");
        row("columns", ":q", "");
        row("duration", "30s", "30s");
        row("duration", "30", "");
        row("duration", "-1s", "");
        row("bytes", "64MB", "64MB");
        row("bytes", "64QB", "");
        row("bytes", "99999999999GB", "");
        row("integer", "-42", "-42");
        row("integer", "4x", "");
        row("bool", "Yes", "true");
        row("bool", "0", "false");
        row("bool", "maybe", "");
        row("text", "any thing", "any thing");
    }
    void canonicalValues() {
        QFETCH(std::string, type);
        QFETCH(std::string, value);
        QFETCH(std::string, expected);
        Parameter parameter;
        parameter.name = "p";
        const auto parsed = parseParameterType(type);
        QVERIFY_OK(parsed);
        parameter.type = parsed.value();
        const auto canonical = canonicalValue(parameter, value, spoken().of("maprdb"));
        QCOMPARE(canonical.ok(), !expected.empty());
        if (canonical.ok()) QCOMPARE(canonical.value(), expected);
        if (!canonical.ok()) QCOMPARE(canonical.error().where, std::string("parameter p"));
    }
    void repairsTheSlashThatTheDocumentationForgot() {
        Parameter parameter;
        parameter.type = ParameterType::Dataset;
        const auto refused = canonicalValue(parameter, "mapr/sanfrancisco/customers", spoken().of("maprdb"));
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().fix.find("/mapr/sanfrancisco/customers") != std::string::npos);
        QVERIFY_OK(canonicalValue(parameter, "customers", spoken().of("tarantool")));
    }
    void rendersTexts_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << std::string(text) << std::string(expected);
        };
        row("run {{path}}", "run /mapr/sf/dir/t");
        row("run {{ path }}", "run /mapr/sf/dir/t");
        row("in {{path | cluster}}", "in sf");
        row("in {{path|name}}", "in t");
        row("in {{path | parent}}", "in /mapr/sf/dir");
        row("in {{word | upper}}", "in ABC");
        row("say {{spaced}}", "say 'two words'");
        row("say \"{{spaced}}!\"", "say \"two words!\"");
        row("say {{quote}}", "say 'it'\\''s; rm -rf /'");
        row("say {{empty}}", "say ''");
        row("say {{empty | option -x}}", "say ");
        row("say {{spaced | option -x}}", "say -x 'two words'");
    }
    void rendersTexts() {
        QFETCH(std::string, text);
        QFETCH(std::string, expected);
        const ParameterValues values{{"path", "/mapr/sf/dir/t"},
                                     {"spaced", "two words"},
                                     {"word", "aBc"},
                                     {"quote", "it's; rm -rf /"},
                                     {"empty", ""}};
        const auto rendered = renderText(text, values, RenderFor::Line);
        QVERIFY_OK(rendered);
        QCOMPARE(rendered.value(), expected);
    }
    void refusesValuesThatBreakOutOfQuotes() {
        const ParameterValues values{{"quote", "it\"s"}, {"path", "/volume/t"}};
        QVERIFY(!renderText("say \"{{quote}}\"", values, RenderFor::Line).ok());
        QVERIFY(!renderText("in {{path | cluster}}", values).ok());
        QCOMPARE(renderText("{{pth}}", values).error().fix, std::string("did you mean `path`?"));
    }
    void quotedWordsReadBack() {
        for (const char* word : {"plain", "", "two words", "it's", "\"", "a\\b", "$x", "{{keep}}", "a\nb", "'''"}) {
            const auto words = splitTemplateWords("x " + quoteTemplateWord(word) + " y");
            QVERIFY_OK(words);
            QCOMPARE(words.value().size(), std::size_t{3});
            QCOMPARE(words.value()[1], std::string(word));
        }
    }
    void spellsDurations() {
        for (const char* text : {"500ms", "30s", "90s", "5m", "12h", "0s"}) {
            QCOMPARE(millisText(parseMillis(text).value()), std::string(text));
        }
        QCOMPARE(parseMillis("1d").value(), std::int64_t{86'400'000});
        QVERIFY(!parseMillis("99999999999999999d").ok());
    }
    void resolvesGivenDefaultsAndMistakes() {
        const auto book = parseRunbook(
            "runbook: t\ntitle: T\nsystem: maprdb\nparameters:\n"
            "  source: {type: dataset, example: /mapr/a/t}\n"
            "  site: {type: cluster, default: \"{{source | cluster}}\"}\n"
            "  columns: {type: columns, default: \"\"}\n"
            "steps:\n  - id: a\n    title: A\n    verify: readable {{source}}\n",
            "t");
        QVERIFY_OK(book);
        const auto values = resolveParameters(book.value(), {{"source", "/mapr/sf/t"}});
        QVERIFY_OK(values);
        QCOMPARE(values.value().at("site"), std::string("sf"));
        QCOMPARE(values.value().at("columns"), std::string());
        QCOMPARE(resolveParameters(book.value(), {}).error().fix, std::string("--set source=/mapr/a/t"));
        QCOMPARE(resolveParameters(book.value(), {{"sorce", "x"}}).error().fix, std::string("did you mean `source`?"));
        const auto rendered = renderRunbook(book.value(), values.value());
        QVERIFY_OK(rendered);
        QCOMPARE(rendered.value().steps[0].verify[0].check.text(), std::string("readable /mapr/sf/t"));
        QCOMPARE(rendered.value().hash, book.value().hash);
    }
    void whatMayBeMissingMayBeGivenAsNothing_data() {
        QTest::addColumn<QString>("type");
        for (const char* type : {"dataset", "path", "cluster", "family", "columns", "duration", "bytes", "text",
                                 "integer", "bool", "secret", "enum, values: [a, b]"}) {
            QTest::newRow(type) << QString::fromUtf8(type);
        }
    }
    void whatMayBeMissingMayBeGivenAsNothing() {
        QFETCH(QString, type);
        const auto book =
            parseRunbook("runbook: t\ntitle: T\nsystem: maprdb\nparameters:\n  x: {type: " + type.toStdString() +
                             ", default: \"\"}\nsteps:\n  - id: a\n    title: A\n"
                             "    verify: readable /mapr/a/t\n",
                         "t");
        QVERIFY_OK(book);
        const auto values = resolveParameters(*book, {});
        QVERIFY_OK(values);
        // A run keeps what it was resolved to; resume and undo resolve that again.
        const auto again = resolveParameters(*book, *values);
        QVERIFY_OK(again);
        QVERIFY(*again == *values);
    }
    void everyMissingValueIsNamedAtOnce() {
        const auto book = parseRunbook(
            "runbook: t\ntitle: T\nsystem: maprdb\nparameters:\n"
            "  source: {type: dataset, example: /mapr/a/t}\n"
            "  site: {type: cluster, default: \"{{source | cluster}}\"}\n"
            "  note: {type: text, example: two words}\n"
            "steps:\n  - id: a\n    title: A\n    verify: readable {{source}}\n",
            "t");
        QVERIFY_OK(book);
        const auto refused = resolveParameters(*book, {});
        QCOMPARE(refused.error().text(), std::string("parameters source, note: values are missing"));
        QCOMPARE(refused.error().fix, std::string("--set source=/mapr/a/t --set 'note=two words'"));
    }
};
TRIBUTARY_TEST(TestParameters)
#include "tst_parameters.moc"
