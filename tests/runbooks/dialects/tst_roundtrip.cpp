// parse(print(op)) == op, for every verb, with generated parameters.
#include <random>

#include "core/operations/operationjson.h"
#include "core/operations/schema.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    Result<Operation> operation(Verb verb) {
        const VerbSpec& spec = specOf(verb);
        std::map<std::string, std::string> raw;
        for (const ParamSpec& param : spec.params) {
            if (!param.notCarried.empty() || (!param.required && below(2) == 0)) continue;
            raw[param.name] = value(verb, param);
        }
        // Pairs that the schema forbids together.
        if (raw.contains("useexistingreplica")) {
            raw.erase("directcopy");
            raw.erase("multimaster");
        }
        if (raw.contains("starttime")) raw.erase("endtime");
        if (verb == Verb::TableCreate && !raw.contains("copymetafrom")) {
            const bool json = raw.contains("tabletype") && raw["tabletype"] == "json";
            if (!json) raw.erase("defaulttraverseperm");
            if (json) raw.erase("defaultversionperm");
            if (json) raw.erase("defaultappendperm");
        }
        if (verb == Verb::VoltDrReset && raw.contains("all")) {
            raw.erase("force");
            raw.erase("remote");
        }
        if (spec.takesGlobals && below(3) == 0) raw["cluster"] = pick({"newyork", "san francisco", "a-b.c"});
        if (spec.takesGlobals && below(3) == 0) raw["json"] = "true";
        return makeOperation(verb, raw);
    }

private:
    std::string value(Verb verb, const ParamSpec& param) {
        if (param.name == "statement") {
            return pick({"box.info", "require('config'):reload()", "box.space.a:insert{1, '$x', \"y\"}"});
        }
        if (param.name == "query")
            return pick({"select 1", "exec @Statistics DRROLE 0", "insert into t values ('$x;')"});
        // Some lines are about one instance, never a whole application.
        const bool isOne = verb >= Verb::BoxRun && verb <= Verb::InstanceSaveRows;
        switch (param.type) {
            case ParamType::Instance: return isOne ? pick({"a:b", "a-1:b_2.c"}) : pick({"a:b", "a", "a_b-c"});
            case ParamType::Path: return "/mapr/" + pick({"sf", "n y", "<c>"}) + "/" + anyText();
            case ParamType::Bool: return pick({"true", "false"});
            case ParamType::Int: return std::to_string(param.min + static_cast<std::int64_t>(below(100)));
            case ParamType::Text: return anyText();
            case ParamType::Enum:
            case ParamType::EnumSet: {
                const std::string word = param.values[below(param.values.size())];
                return word.substr(0, word.find('='));
            }
            case ParamType::Columns: return pick({"cf", "cf,cf2:q", "b:'x',a", "a:$q:r,z"});
            case ParamType::Ace: return pick({"", "p", "u:a|g:b", "!(u:a & r:x)"});
            case ParamType::Names: return pick({"gw1", "gw1 gw2", "a:7660 b"});
        }
        return {};
    }
    // Never empty, never with '/': it may become the last part of a path.
    std::string anyText() {
        constexpr std::string_view kAlphabet = "ab -'\"\\$`!|&;<>(){}#*~?,:=\xe2\x82\xac";
        std::string text = "x";
        for (std::size_t left = below(8); left > 0; --left) {
            const char c = kAlphabet[below(kAlphabet.size() - 3)];
            text += c;
            if (below(6) == 0) text += "\xe2\x82\xac";
        }
        return pick({text, text, "<the one>", "{{x}}", "-" + text, "-path", "-json"});
    }
    std::string pick(std::initializer_list<std::string> all) {
        return *(all.begin() + static_cast<std::ptrdiff_t>(below(all.size())));
    }
    std::size_t below(std::size_t bound) { return random_() % bound; }

    std::mt19937 random_;
};

}  // namespace

class TestRoundTrip : public QObject {
    Q_OBJECT
private slots:
    void everyVerbHasExactlyOnePrintedSpelling() {
        std::map<Verb, int> printed;
        for (const SpokenRow& row : commandRows()) printed[row.verb] += row.canonical ? 1 : 0;
        for (const auto& [dialect, row] : wordRows()) printed[row.verb] += 1;
        QCOMPARE(printed.size(), kVerbCount);
        for (const auto& [verb, count] : printed) QCOMPARE(count, 1);
    }
    void examplesOfHelpParse() {
        for (const SpokenRow& row : commandRows()) {
            const std::string line = row.program + " " + [&row] {
                std::string words;
                for (const std::string& word : row.words) words += word + " ";
                return words;
            }() + row.table->rowOf(row.verb)->example;
            const auto parsed = parseLine(line);
            QVERIFY_OK(parsed);
            QVERIFY(parsed.value().op.verb == row.verb);
        }
        for (const auto& [dialect, row] : wordRows()) {
            const auto parsed = parseLine(std::string(dialect->words().program) + " " + row.example);
            QVERIFY_OK(parsed);
            QVERIFY(parsed.value().op.verb == row.verb);
        }
    }
    void linesAndJsonGiveBackTheOperation_data() {
        QTest::addColumn<int>("verb");
        for (const VerbSpec& spec : allVerbSpecs()) {
            QTest::newRow(spec.name.c_str()) << static_cast<int>(spec.verb);
        }
    }
    void linesAndJsonGiveBackTheOperation() {
        QFETCH(int, verb);
        Generator generator(static_cast<unsigned>(verb) + 1);
        for (int round = 0; round < 200; ++round) {
            const auto made = generator.operation(static_cast<Verb>(verb));
            QVERIFY_OK(made);
            const std::string line = printLine(made.value());
            const auto parsed = parseLine(line);
            QVERIFY2(parsed.ok(), (line + "\n" + (parsed.ok() ? "" : parsed.error().full())).c_str());
            QVERIFY2(parsed.value().op == made.value(), line.c_str());
            QVERIFY2(parsed.value().warnings.empty(), line.c_str());
            QCOMPARE(printLine(parsed.value().op), line);
            const auto wire = operationFromJson(nlohmann::ordered_json::parse(operationToJson(made.value()).dump()));
            QVERIFY_OK(wire);
            QVERIFY(wire.value() == made.value());
        }
    }
};
TRIBUTARY_TEST(TestRoundTrip)
#include "tst_roundtrip.moc"
