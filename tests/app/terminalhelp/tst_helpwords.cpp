// What help texts name exists: verbs, topics, options, files; and lists stay readable at every width.
#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>

#include "app/terminal/terminal.h"
#include "helpblocks.h"
#include "runbooks/runner/runnerclock.h"
#include "runbooks/runner/runstore.h"
#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using namespace tributary;
using namespace tributary::app;

namespace {

/// Every --option of every verb and of its sub-commands.
QStringList allOptions() {
    QStringList names{QStringLiteral("--help"), QStringLiteral("--version")};
    app::VerbContext context;
    const std::function<void(const CLI::App*)> collect = [&](const CLI::App* app) {
        for (const CLI::Option* option : app->get_options()) {
            for (const std::string& name : option->get_lnames())
                names << QStringLiteral("--") + QString::fromStdString(name);
        }
        for (const CLI::App* sub : app->get_subcommands({})) collect(sub);
    };
    for (const app::Verb& verb : verbTable()) {
        CLI::App app(verb.summary, verb.name);
        addGlobalOptions(app, context);
        (void)verb.describe(app);
        collect(&app);
    }
    return names;
}

/// Help of a verb and of its sub-commands as the program prints it.
std::vector<std::pair<std::string, std::string>> printedTexts() {
    auto texts = test::helpTexts(100);
    for (const app::Verb& verb : verbTable()) {
        if (verb.rawArguments || verb.group == kHiddenGroup) continue;
        CLI::App app(verb.summary, "tributary " + verb.name);
        app::VerbContext context;
        addGlobalOptions(app, context);
        (void)verb.describe(app);
        const std::function<void(const CLI::App*, std::string)> print = [&](const CLI::App* at, std::string command) {
            texts.emplace_back(command, verbHelp(verb, *at, command, 100));
            for (const CLI::App* sub : at->get_subcommands({})) print(sub, command + " " + sub->get_name());
        };
        print(&app, "tributary " + verb.name);
    }
    return texts;
}

}  // namespace

class HelpWordsTest : public QObject {
    Q_OBJECT

private slots:
    void verbsAndTopicsThatAreNamedExist() {
        static const QRegularExpression kVerb(
            QStringLiteral("(?<![\\w/.-])tributary +([a-z_][\\w-]*)(?: +([a-z][\\w-]*))?"));
        static const QRegularExpression kHelp(QStringLiteral("`help ([a-z-]+)`"));
        const QStringList prose{QStringLiteral("draws"), QStringLiteral("can"), QStringLiteral("and")};
        int seen = 0;
        for (const auto& [name, text] : printedTexts()) {
            const QString flat =
                QString::fromStdString(text).replace(QRegularExpression(QStringLiteral("\\n *")), QStringLiteral(" "));
            for (auto each = kVerb.globalMatch(flat); each.hasNext();) {
                const QRegularExpressionMatch match = each.next();
                const QString verb = match.captured(1);
                if (prose.contains(verb)) continue;
                const QString where = QString::fromStdString(name) + QStringLiteral(": ") + match.captured();
                QVERIFY2(findVerb(verb.toStdString()) != nullptr, qPrintable(where));
                if (verb == QLatin1String("help") && !match.captured(2).isEmpty()) {
                    QVERIFY2(isTopic(match.captured(2)), qPrintable(where));
                }
                ++seen;
            }
            for (auto each = kHelp.globalMatch(flat); each.hasNext();) {
                const QString topic = each.next().captured(1);
                QVERIFY2(isTopic(topic), qPrintable(topic));
            }
        }
        QVERIFY(seen > 100);
    }

    void optionsThatAreNamedExist() {
        static const QRegularExpression kOption(QStringLiteral("(?<![\\w-])--[a-z][a-z-]*"));
        // Of other programs: curl in an example, the alarm hook's own words, VoltDB's programs.
        const QStringList foreign{
            QStringLiteral("--unix-socket"), QStringLiteral("--team"),  QStringLiteral("--background"),
            QStringLiteral("--config"),      QStringLiteral("--dir"),   QStringLiteral("--dr"),
            QStringLiteral("--host"),        QStringLiteral("--query"), QStringLiteral("--servers")};
        const QStringList known = allOptions() + foreign;
        for (const auto& [name, text] : printedTexts()) {
            for (auto each = kOption.globalMatch(QString::fromStdString(text)); each.hasNext();) {
                const QString option = each.next().captured();
                QVERIFY2(known.contains(option),
                         qPrintable(QString::fromStdString(name) + QStringLiteral(": ") + option));
            }
        }
    }

    void filesThatAreNamedAreThere() {
        static const QRegularExpression kFile(QStringLiteral("\\.tributary/([a-z]+(?:\\.[a-z]+)?)"));
        static const QRegularExpression kLog(QStringLiteral("\\b([a-z]+\\.log)\\b"));
        QTemporaryDir folder;
        const QString workspace = folder.filePath(QStringLiteral("demo"));
        QCOMPARE(
            test::spawn({QStringLiteral("new"), workspace, QStringLiteral("--example"), QStringLiteral("multi-master")})
                .code,
            0);
        const QStringList in{QStringLiteral("-w"), workspace};
        QCOMPARE(test::spawn(in + QStringList{QStringLiteral("up")}).code, 0);
        (void)test::spawn(in + QStringList{QStringLiteral("put"), QStringLiteral("/mapr/sanfrancisco/customers"),
                                           QStringLiteral("1"), QStringLiteral("profile:name=x")});
        // Made when a hook runs, and for the users of instances.
        const QStringList later{QStringLiteral("hooks"), QStringLiteral("passwords")};
        QStringList missing;
        int seen = 0;
        for (const auto& [name, text] : printedTexts()) {
            const bool topic = name.find(' ') == std::string::npos;  // verbs name files of the user too
            for (const QRegularExpression* pattern : {&kFile, &kLog}) {
                if (pattern == &kLog && !topic) continue;
                for (auto each = pattern->globalMatch(QString::fromStdString(text)); each.hasNext();) {
                    const QString file = each.next().captured(1);
                    ++seen;
                    const bool there = QFileInfo::exists(workspace + QStringLiteral("/.tributary/") + file);
                    if (!there && !later.contains(file)) missing << file;
                }
            }
        }
        (void)test::spawn(in + QStringList{QStringLiteral("down")});
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char(' '))));
        QVERIFY(seen >= 3);
    }

    void topicsAreListedUnbroken_data() {
        QTest::addColumn<int>("columns");
        for (const int columns : {40, 80, 160}) QTest::addRow("%d columns", columns) << columns;
    }
    void topicsAreListedUnbroken() {
        QFETCH(int, columns);
        for (const HelpTopic& list : helpTopics()) {
            if (list.name != "topics") continue;
            const QStringList lines = QString::fromStdString(list.text(columns)).split(QLatin1Char('\n'));
            for (const HelpTopic& topic : helpTopics()) {
                const QString start = QStringLiteral("  ") + QString::fromStdString(topic.name) + QStringLiteral("  ");
                const auto starts = [&](const QString& line) { return line.startsWith(start); };
                QVERIFY2(std::count_if(lines.begin(), lines.end(), starts) == 1, topic.name.c_str());
            }
            for (const QString& line : lines) {
                const bool command = line.contains(QStringLiteral("tributary "));
                QVERIFY2(command || line.size() <= columns, qPrintable(line));
            }
        }
    }

    void everyTopicAndVerbAnswersAtEveryWidth() {
        for (const int columns : {40, 80, 160}) {
            for (const HelpTopic& topic : helpTopics()) {
                const std::string text = topic.text(columns);
                QVERIFY2(text.size() > 100 && text.back() == '\n', topic.name.c_str());
                for (const std::string& line : split(text, '\n')) {
                    // Examples and commands stay as they are.
                    const bool prose = !line.starts_with(" ");
                    const bool longWord = line.find(' ') == std::string::npos;
                    const int hang = 2;
                    QVERIFY2(!prose || longWord || static_cast<int>(line.size()) <= std::max(columns, 80) + hang,
                             line.c_str());
                }
            }
        }
    }

    void nothingSendsTheReaderToPapersThatHeDoesNotHave() {
        static const QRegularExpression kPaper(QStringLiteral("\\b[a-z]+\\.md \\d|\\bseed \\d{3}|\\barchitecture \\d"));
        for (const auto& [name, text] : printedTexts()) {
            const auto match = kPaper.match(QString::fromStdString(text));
            QVERIFY2(!match.hasMatch(), qPrintable(QString::fromStdString(name) + u' ' + match.captured()));
        }
    }

    void otherNamesLeadToATopic() {
        for (const char* word : {"drawings", "topology", "runbooks", "permissions"}) {
            QVERIFY2(isTopic(QString::fromStdString(topicMeant(word))), word);
            QVERIFY(topicMeant(word) != word);
            const test::Spawned other = test::spawn({QStringLiteral("help"), QString::fromLatin1(word)});
            QCOMPARE(other.code, 0);
            QCOMPARE(other.out, test::spawn({QStringLiteral("help"), QString::fromStdString(topicMeant(word))}).out);
        }
    }

    void runsInExamplesHaveIdsOfTheRealShape() {
        QTemporaryDir folder;
        const runbooks::RunStore store(folder.filePath(QStringLiteral("runs")).toStdString());
        runbooks::SystemRunnerClock clock;
        const auto journal = store.create("mine", clock);
        QVERIFY_OK(journal);
        static const QRegularExpression kDigit(QStringLiteral("\\d"));
        static const QRegularExpression kRun(QStringLiteral("\\b\\d{8}[T-]?\\d{6}-[a-z][a-z-]*"));
        const QString real = QString::fromStdString((*journal)->state().runId)
                                 .remove(QStringLiteral("mine"))
                                 .replace(kDigit, QStringLiteral("0"));
        int seen = 0;
        for (const auto& [name, text] : printedTexts()) {
            for (auto each = kRun.globalMatch(QString::fromStdString(text)); each.hasNext(); ++seen) {
                const QString shown = each.next().captured().replace(kDigit, QStringLiteral("0"));
                QVERIFY2(shown.startsWith(real), qPrintable(QString::fromStdString(name) + u' ' + shown));
            }
        }
        QVERIFY(seen > 5);
    }

private:
    static bool isTopic(const QString& word) {
        const std::vector<std::string> names = helpTopicNames();
        return std::find(names.begin(), names.end(), word.toStdString()) != names.end();
    }
};

TRIBUTARY_TEST(HelpWordsTest)
#include "tst_helpwords.moc"
