// Every example in every help text works: drawings, runbooks, settings, events and command lines.
#include <QDir>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "app/terminal/dbshell.h"
#include "app/terminal/terminal.h"
#include "core/workspace/drawingkeys.h"
#include "core/workspace/settings.h"
#include "core/workspace/topologyfile.h"
#include "helpblocks.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/load.h"
#include "runbooks/model/runbookkeys.h"
#include "runbooks/runner/eventfields.h"
#include "spokenrunbooks.h"
#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using namespace tributary;
using namespace tributary::app;
using nlohmann::ordered_json;

namespace {

const std::string kBookHead =
    "runbook: example\ntitle: T\nsystem: maprdb\nparameters:\n  source: {type: dataset}\n  replica: {type: path}\n"
    "steps:\n";

QString written(const QTemporaryDir& folder, const QString& name, const std::string& text) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)) return {};
    file.write(QByteArray::fromStdString(text));
    return file.fileName();
}

/// The `tributary ...` part of a line as people paste it: without what a shell does around it.
std::string ownPart(std::string line) {
    if (const std::size_t inner = line.find("<(tributary"); inner != std::string::npos) {
        line = line.substr(inner + 2, line.find(')') - inner - 2);
    }
    for (const char* shell : {" | ", " > ", " >", " < ", " && ", "  #"}) line = line.substr(0, line.find(shell));
    return line;
}

/// Whether the program's own parser takes the words; the work is not done.
QString parseProblem(const std::string& line) {
    auto words = runbooks::splitTemplateWords(line);
    if (!words.ok()) return QString::fromStdString(words.error().text());
    const app::Verb* verb = words->size() < 2 ? nullptr : findVerb((*words)[1]);
    if (verb == nullptr) return QStringLiteral("no such verb");
    std::vector<std::string> rest(words->begin() + 2, words->end());
    if (verb->rawArguments) {
        if (rest.empty() || rest.front() == "--help") return {};
        if (rest.front() == "dbshell") {
            // No command of a runbook: the shell takes its lines apart itself.
            for (std::size_t i = 2; i < rest.size(); i += 2) {
                const auto shell = app::dbshellWords(rest[i]);
                if (rest[i - 1] != "-c" || !shell || shell->size() < 2) return QStringLiteral("no line of dbshell");
            }
            return {};
        }
        const auto parsed = runbooks::parseLine(line.substr(line.find(' ') + 1), {false, true});
        return parsed ? QString() : QString::fromStdString(parsed.error().text());
    }
    app::VerbContext context;
    CLI::App app(verb->summary, "tributary " + verb->name);
    app.set_help_flag("-h,--help", "Show this help");
    app.fallthrough();
    addGlobalOptions(app, context);
    const auto work = verb->describe(app);
    std::reverse(rest.begin(), rest.end());
    try {
        app.parse(std::move(rest));
    } catch (const CLI::CallForHelp&) {
        return {};
    } catch (const CLI::ParseError& problem) {
        return QString::fromStdString(problem.what());
    }
    return {};
}

std::vector<std::string> blocksThatBegin(const std::string& start) {
    std::vector<std::string> found;
    for (const auto& [name, text] : test::helpTexts(80)) {
        for (const std::string& block : test::helpBlocks(text)) {
            std::string body = block;
            while (body.starts_with("#")) body = body.substr(body.find('\n') + 1);
            if (body.starts_with(start)) found.push_back(block);
        }
    }
    return found;
}

}  // namespace

class HelpExamplesTest : public QObject {
    Q_OBJECT

private slots:
    void drawingsLoadAndPassTheCheck() {
        const std::vector<std::string> drawings = blocksThatBegin("tributary: 1");
        QVERIFY(drawings.size() >= 2);
        for (const std::string& text : drawings) {
            QTemporaryDir folder;
            QVERIFY(!written(folder, QStringLiteral("topology.yaml"), text).isEmpty());
            const test::Spawned checked = test::spawn({QStringLiteral("check"), QStringLiteral("-w"), folder.path()});
            QVERIFY2(checked.code == 0, qPrintable(QString::fromStdString(text) + checked.out + checked.err));
            const bool clean = checked.out.isEmpty() || checked.out.contains(QStringLiteral(": no findings")) ||
                               checked.out.contains(QStringLiteral("0 warnings"));
            QVERIFY2(clean, qPrintable(checked.out));
        }
    }

    void theWholeDrawingHoldsEveryKindOfElementAndEveryKey() {
        const std::string whole = blocksThatBegin("tributary: 1").back();
        const auto drawn = parseTopology(whole, "topology.yaml");
        QVERIFY_OK(drawn);
        QVERIFY(!drawn->clusters.empty() && !drawn->replicas.empty() && !drawn->upstreams.empty());
        QVERIFY(!drawn->wan.empty() && !drawn->clusters[0].groups.empty());
        for (const DatasetKind kind : {DatasetKind::BinaryTable, DatasetKind::JsonTable, DatasetKind::Stream}) {
            QVERIFY(std::any_of(drawn->datasets.begin(), drawn->datasets.end(),
                                [&](const Dataset& dataset) { return dataset.kind == kind; }));
        }
        for (const DrawingElement& element : drawingElements()) {
            for (const DrawingKey& key : element.keys) {
                const std::string word = std::string(key.key) + ":";
                QVERIFY2(whole.find(word) != std::string::npos, word.c_str());
            }
        }
    }

    void runbooksAreValid() {
        std::vector<std::string> books = blocksThatBegin("runbook: ");
        QVERIFY(!books.empty());
        const std::vector<std::string> steps = blocksThatBegin("- id: ");
        QVERIFY(steps.size() >= 4);
        for (const std::string& step : steps) books.push_back(kBookHead + step);
        for (const std::string& text : books) {
            QTemporaryDir folder;
            const QString file = written(folder, QStringLiteral("example.yaml"), text);
            const test::Spawned valid = test::spawn({QStringLiteral("runbook"), QStringLiteral("validate"), file});
            QVERIFY2(valid.code == 0, qPrintable(QString::fromStdString(text) + valid.err));
        }
    }

    void examplesShowEveryKeyOfRunbooks() {
        std::string all;
        for (const std::string& block : blocksThatBegin("runbook: ")) all += block;
        for (const std::string& block : blocksThatBegin("- id: ")) all += block;
        for (const runbooks::RunbookPart& part : runbooks::runbookParts()) {
            for (const runbooks::RunbookKey& key : part.keys) {
                const std::string word = std::string(key.key) + ":";
                const bool prose = key.key == "docs" || key.key == "required";
                QVERIFY2(prose || all.find(word) != std::string::npos, word.c_str());
            }
        }
    }

    void checksReadAsTheExampleSays() {
        for (const HelpTopic& topic : helpTopics()) {
            if (topic.name != "checks") continue;
            const std::string text = topic.text(80);
            const runbooks::Dialects all = runbooks::spoken();
            for (const runbooks::Dialect* dialect : all.all()) {
                const std::string system(dialect->words().system);
                std::string head = kBookHead;
                head.replace(head.find("maprdb"), 6, system);
                const std::size_t from = text.find("system: " + system + "\n");
                for (const runbooks::CheckSpec& spec : dialect->words().checks) {
                    const std::size_t at = text.find("\n    " + std::string(spec.name) + " ", from);
                    QVERIFY2(at != std::string::npos, std::string(spec.name).c_str());
                    const std::string line = text.substr(at + 5, text.find('\n', at + 1) - at - 5);
                    const auto parsed =
                        runbooks::parseRunbook(head + "  - id: a\n    title: A\n    verify: " + line + "\n", "example");
                    QVERIFY_OK(parsed);
                }
            }
        }
    }

    void settingsAreRead() {
        const std::vector<std::string> settings = blocksThatBegin("tributary-settings: 1");
        QCOMPARE(settings.size(), std::size_t{2});  // all of them; certificates that others made
        for (const std::string& each : settings) QVERIFY_OK(parseSettings(each, "settings.yaml"));
    }

    void eventsHaveTheMembersOfTheirKind() {
        std::size_t seen = 0;
        for (std::string block : blocksThatBegin("{\"schema\"")) {
            std::string line;
            for (const std::string& piece : split(block, '\n')) line += std::string(trim(piece));
            const ordered_json event = ordered_json::parse(line);
            const runbooks::EventKind& kind = runbooks::eventKinds().at(seen++);
            QCOMPARE(event["event"].get<std::string>(), std::string(runbooks::eventTypeName(kind.type)));
            QCOMPARE(event.size(), runbooks::commonEventKeys().size() + kind.always.size());
            for (const std::string_view key : kind.always) QVERIFY2(event.contains(key), std::string(key).c_str());
        }
        QCOMPARE(seen, runbooks::eventKinds().size());
    }

    void commandLinesParse() {
        int lines = 0;
        for (const int columns : {80, 100}) {
            for (const auto& [name, text] : test::helpTexts(columns)) {
                const bool whole = name.starts_with("verb ");
                const std::vector<std::string> blocks = whole ? std::vector<std::string>{text} : test::helpBlocks(text);
                for (const std::string& block : blocks) {
                    for (const std::string& line : split(block, '\n')) {
                        const std::string own = ownPart(std::string(trim(line)));
                        if (!own.starts_with("tributary ")) continue;
                        const QString problem = parseProblem(own);
                        QVERIFY2(problem.isEmpty(), qPrintable(QString::fromStdString(name + ": " + own) + problem));
                        ++lines;
                    }
                }
            }
        }
        QVERIFY(lines > 60);
    }

    void theWholeRunbookRunsAndWritesTheEventsThatHelpDescribes() {
        QTemporaryDir folder;
        const QString workspace = folder.filePath(QStringLiteral("demo"));
        const auto run = [&](const QStringList& words) {
            test::SpawnOptions options;
            options.user = QStringLiteral("ana");
            return test::spawn(QStringList{QStringLiteral("-w"), workspace} + words, options);
        };
        const auto words = [](const char* text) {
            return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        };
        QCOMPARE(
            test::spawn({QStringLiteral("new"), workspace, QStringLiteral("--example"), QStringLiteral("multi-master")})
                .code,
            0);
        QCOMPARE(run(words("up")).code, 0);
        // Of a row from before the link, "caught up" says nothing: the example must bring it, and look.
        QCOMPARE(run(words("put /mapr/sanfrancisco/customers before profile:name=x")).code, 0);
        const QString book = written(folder, QStringLiteral("follow.yaml"), blocksThatBegin("runbook: ").front());
        const QString events = folder.filePath(QStringLiteral("events.jsonl"));
        const test::Spawned ran =
            run(QStringList{QStringLiteral("run"), book} +
                words("--set source=/mapr/sanfrancisco/customers --set replica=/mapr/newyork/followed --yes") +
                QStringList{QStringLiteral("--events"), events});
        const QByteArray forward = test::fileText(events);
        const test::Spawned undone =
            run(words("run --undo --yes --approve create=/mapr/newyork/followed --events") + QStringList{events});
        const QByteArray back = test::fileText(events);
        (void)run(words("down"));
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        QVERIFY2(undone.code == 0, qPrintable(undone.out + undone.err));
        // Every step, and the run with them.
        QCOMPARE(back.count("\"result\":\"undone\""), back.count("\"event\":\"undo-finished\"") + 1);
        QVERIFY(back.count("\"event\":\"undo-finished\"") >= 4);
        std::vector<std::string> kinds;
        for (const QByteArray& line : QByteArray(forward + back).split('\n')) {
            if (line.isEmpty()) continue;
            const std::string problem = eventProblem(line.toStdString(), kinds);
            QVERIFY2(problem.empty(), (problem + ": " + line.toStdString()).c_str());
        }
        for (const char* kind :
             {"run-started", "step-started", "check", "approval", "command-started", "command-finished", "lag",
              "step-finished", "undo-planned", "undo-started", "undo-finished", "run-finished"}) {
            QVERIFY2(std::find(kinds.begin(), kinds.end(), kind) != kinds.end(), kind);
        }
    }

    void eventsOfEveryRunObeyTheTable() {
        std::vector<std::string> kinds;
        const QByteArray golden =
            test::fileText(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/runbooks/events.jsonl"));
        QVERIFY(!golden.isEmpty());
        for (const QByteArray& line : golden.split('\n')) {
            if (line.isEmpty()) continue;
            const std::string problem = eventProblem(line.toStdString(), kinds);
            QVERIFY2(problem.empty(), (problem + ": " + line.toStdString()).c_str());
        }
        QVERIFY(std::find(kinds.begin(), kinds.end(), "retrying") != kinds.end());
    }

private:
    /// What help does not say of this line; its kind goes into `kinds`.
    static std::string eventProblem(const std::string& line, std::vector<std::string>& kinds) {
        const ordered_json event = ordered_json::parse(line);
        const std::string name = event.value("event", "");
        kinds.push_back(name);
        for (const runbooks::EventKind& kind : runbooks::eventKinds()) {
            if (runbooks::eventTypeName(kind.type) != name) continue;
            std::vector<std::string_view> allowed = runbooks::commonEventKeys();
            for (const std::string_view key : allowed) {
                if (!event.contains(key)) return "lacks " + std::string(key);
            }
            for (const std::string_view key : kind.always) {
                if (!event.contains(key)) return "lacks " + std::string(key);
            }
            allowed.insert(allowed.end(), kind.always.begin(), kind.always.end());
            allowed.insert(allowed.end(), kind.perhaps.begin(), kind.perhaps.end());
            for (const auto& [key, value] : event.items()) {
                if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) return "has " + key;
                if (!typed(key, value, runbooks::eventFields())) return "the type of " + key;
            }
            return linksProblem(event);
        }
        return "an unknown kind";
    }

    static std::string linksProblem(const ordered_json& event) {
        if (!event.contains("links")) return {};
        for (const ordered_json& link : event["links"]) {
            for (const auto& [key, value] : link.items()) {
                if (!typed(key, value, runbooks::eventLinkFields())) return "the type of links." + key;
            }
        }
        return {};
    }

    static bool typed(const std::string& key, const ordered_json& value,
                      const std::vector<runbooks::EventField>& fields) {
        for (const runbooks::EventField& field : fields) {
            if (field.key != key) continue;
            if (field.type == "integer") return value.is_number_integer();
            if (field.type == "integer or null") return value.is_number_integer() || value.is_null();
            if (field.type == "list") return value.is_array();
            return value.is_string();
        }
        return false;
    }
};

TRIBUTARY_TEST(HelpExamplesTest)
#include "tst_helpexamples.moc"
