// The schema's own soundness, and validation of whole operations.
#include "core/operations/schema.h"

#include <set>

#include "core/base/text.h"
#include "testmain.h"

using namespace tributary;

using Raw = std::map<std::string, std::string>;

class TestSchema : public QObject {
    Q_OBJECT
private slots:
    void everyVerbHasItsOwnSpecAndName() {
        QCOMPARE(allVerbSpecs().size(), kVerbCount);
        std::set<std::string> names;
        for (std::size_t i = 0; i < kVerbCount; ++i) {
            const auto verb = static_cast<Verb>(i);
            QVERIFY(specOf(verb).verb == verb);
            names.insert(std::string(verbName(verb)));
            const Result<Verb> back = verbFromName(verbName(verb));
            QVERIFY_OK(back);
            QVERIFY(back.value() == verb);
        }
        QCOMPARE(names.size(), kVerbCount);
    }
    void paramsAreLowerCaseUniqueAndExplained() {
        for (const VerbSpec& spec : allVerbSpecs()) {
            std::set<std::string> names;
            for (const ParamSpec& param : spec.params) {
                QVERIFY2(names.insert(param.name).second, (spec.name + " -" + param.name).c_str());
                QCOMPARE(toLower(param.name), param.name);
                QVERIFY2(!param.help.empty(), (spec.name + " -" + param.name).c_str());
                QCOMPARE(param.type == ParamType::Enum || param.type == ParamType::EnumSet, !param.values.empty());
            }
        }
    }
    void documentedDefaultsPassTheirOwnValidation() {
        int checked = 0;
        for (const VerbSpec& spec : allVerbSpecs()) {
            for (const ParamSpec& param : spec.params) {
                if (param.fallback.empty() || !param.notCarried.empty() || param.type == ParamType::Ace) continue;
                Raw raw{{param.name, param.fallback}};
                for (const ParamSpec& other : spec.params) {
                    if (other.required) raw[other.name] = other.type == ParamType::Int ? "1" : sample(other);
                }
                const Result<Operation> made = makeOperation(spec.verb, raw);
                QVERIFY_OK(made);
                QCOMPARE(made.value().text(param.name), param.fallback);
                ++checked;
            }
        }
        QVERIFY(checked > 40);
    }
    void unknownVerbIsNotFoundWithSuggestion() {
        const Result<Verb> verb = verbFromName("table replica ad");
        QVERIFY(!verb.ok());
        QVERIFY(verb.error().code == ErrorCode::NotFound);
        QCOMPARE(verb.error().fix, std::string("did you mean 'table replica add'?"));
    }
    void optionNamesFoldCase() {
        const auto made = makeOperation(Verb::TableCreate, {{"PATH", "/a"}, {"copyMetaFrom", "/b"}});
        QVERIFY_OK(made);
        QCOMPARE(made.value().text("copymetafrom"), std::string("/b"));
        QVERIFY(made.value().has("path"));
    }
    void globalsSetTheirMembers() {
        const auto made = makeOperation(Verb::GatewayList, {{"cluster", "ny"}, {"JSON", "true"}});
        QVERIFY_OK(made);
        QCOMPARE(made.value().cluster, std::string("ny"));
        QVERIFY(made.value().json);
        QVERIFY(made.value().params.empty());
    }
    void defaultsAreKnownButNotFilledIn() {
        const auto made = makeOperation(Verb::ReplicaAdd, {{"path", "/a"}, {"replica", "/b"}});
        QVERIFY_OK(made);
        QVERIFY(!made.value().has("networkcompression"));
        QCOMPARE(effectiveText(made.value(), "networkcompression"), std::string("lz4"));
        QCOMPARE(made.value().flag("paused", true), true);
        QCOMPARE(made.value().integer("paused", 7), std::int64_t{7});
    }
    void refuses_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<QString>("raw");  // name=value;...
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* title, Verb verb, const char* raw, ErrorCode code, const char* where,
                            const char* text) {
            QTest::newRow(title) << static_cast<int>(verb) << QString::fromUtf8(raw) << static_cast<int>(code)
                                 << QString::fromUtf8(where) << QString::fromUtf8(text);
        };
        row("missing one", Verb::ReplicaAdd, "path=/a", ErrorCode::InvalidInput, "-replica", "needs -replica");
        row("missing two", Verb::ReplicaAdd, "", ErrorCode::InvalidInput, "-path", "needs -path and -replica");
        row("unknown option", Verb::TableInfo, "path=/a;pathh=/b", ErrorCode::InvalidInput, "-pathh", "no option");
        row("twice by case", Verb::TableInfo, "path=/a;PATH=/b", ErrorCode::InvalidInput, "-path", "given twice");
        row("globals not of tools", Verb::CopyTable, "src=/a;dst=/b;cluster=c", ErrorCode::InvalidInput, "-cluster",
            "no option -cluster");
        row("reuse needs directcopy", Verb::ReplicaAutosetup,
            "path=/a;replica=/b;useexistingreplica=true;directcopy=false", ErrorCode::InvalidInput,
            "-useexistingreplica", "only with -directcopy true");
        row("reuse forbids multimaster", Verb::ReplicaAutosetup,
            "path=/a;replica=/b;useexistingreplica=true;multimaster=true", ErrorCode::InvalidInput, "-multimaster",
            "exists already");
        row("json permission", Verb::TableCreate, "path=/a;defaulttraverseperm=p", ErrorCode::InvalidInput,
            "-defaulttraverseperm", "binary table has no");
        row("binary permission", Verb::TableCreate, "path=/a;tabletype=json;defaultappendperm=p",
            ErrorCode::InvalidInput, "-defaultappendperm", "JSON table has no");
        row("insertion order", Verb::TableCreate, "path=/a;tabletype=json;insertionorder=true", ErrorCode::Unsupported,
            "-insertionorder", "before 6.0");
        row("data mask", Verb::CfCreate, "path=/a;cfname=f;jsonpath=b;securitypolicy=p", ErrorCode::Unsupported,
            "-securitypolicy", "data masks");
        row("empty time range", Verb::CopyTable, "src=/a;dst=/b;starttime=5;endtime=5", ErrorCode::InvalidInput,
            "-starttime", "not before");
    }
    void refuses() {
        QFETCH(int, verb);
        QFETCH(QString, raw);
        Raw given;
        for (const QString& pair : raw.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
            given[pair.section(QLatin1Char('='), 0, 0).toStdString()] = pair.section(QLatin1Char('='), 1).toStdString();
        }
        const auto made = makeOperation(static_cast<Verb>(verb), given);
        QVERIFY(!made.ok());
        QTEST(static_cast<int>(made.error().code), "code");
        QTEST(QString::fromStdString(made.error().where), "where");
        QFETCH(QString, text);
        QVERIFY2(made.error().what.find(text.toStdString()) != std::string::npos, made.error().full().c_str());
        QVERIFY(!made.error().fix.empty());
    }
    void placeholdersPassOnlyWhenAsked() {
        const Raw raw{{"path", "<path to the source table>"}, {"replica", "{{replica}}"}, {"paused", "<yes or no>"}};
        QVERIFY(!makeOperation(Verb::ReplicaAdd, raw).ok());
        const auto made = makeOperation(Verb::ReplicaAdd, raw, {.placeholders = true});
        QVERIFY_OK(made);
        QCOMPARE(made.value().text("path"), std::string("<path to the source table>"));
        QVERIFY(isPlaceholder("{{a}}"));
        QVERIFY(!isPlaceholder("<>"));
        QVERIFY(!isPlaceholder("/mapr/<c>/t"));
        QVERIFY(!isPlaceholder("<a> <b>"));
    }

private:
    static std::string sample(const ParamSpec& param) {
        switch (param.type) {
            case ParamType::Path: return "/vol/" + param.name;
            case ParamType::Enum: return param.values.front();
            default: return "x";
        }
    }
};
TRIBUTARY_TEST(TestSchema)
#include "tst_schema.moc"
