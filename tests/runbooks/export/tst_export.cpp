// Exports against golden files (TRIBUTARY_UPDATE_GOLDEN=1 writes them), shellcheck, loss tables, what they carry.
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "runbooks/export/carried.h"
#include "runbooks/export/exporter.h"
#include "runbooks/export/lookups.h"
#include "runbooks/library/library.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/load.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

constexpr std::string_view kVersion = "0.0.0";

/// A shipped runbook with the examples of its own parameters.
ParameterValues exampleValues(const Runbook& book) {
    ParameterValues given;
    for (const Parameter& parameter : book.parameters) {
        if (parameter.required) given[parameter.name] = parameter.example;
    }
    if (book.findParameter("offline") != nullptr) given["standby"] = "/mapr/newyork/customers";
    return resolveParameters(book, given).value();
}

std::string exported(const Runbook& book, ExportTarget target) {
    return exportRunbook(book, exampleValues(book), target, kVersion).value();
}

/// All kinds of steps and clauses that no shipped runbook has.
Runbook allKinds() {
    const auto book = parseRunbook(
        "runbook: all-kinds\ntitle: \"All kinds in {{folder}}\"\nsystem: maprdb\nparameters:\n"
        "  folder: {type: path, example: \"/it's here\"}\n  token: {type: secret, example: file:/etc/token}\n"
        "  mode: {type: enum, values: [a, b], default: a}\n"
        "requires:\n  - dataset-absent {{folder}}/z\ninvariants:\n  - no-alarm sf X\nsteps:\n"
        "  - id: two-lines\n    title: Two lines\n    when: [\"not dataset-exists {{folder}}/x\", \"{{mode}} != b\"]\n"
        "    do:\n      - {run: \"maprcli table create -path {{folder}}/x\", done-when: \"dataset-exists "
        "{{folder}}/x\"}\n"
        "      - maprcli table cf create -path {{folder}}/x -cfname f\n"
        "    retry: {attempts: 3, on: [transient, timeout], delay: 1500ms}\n"
        "    verify:\n      - {becomes: \"family-exists {{folder}}/x f\", within: 3s}\n"
        "      - {stays: \"not-in-bulkload {{folder}}/x\", for: 2s}\n"
        "    undo:\n      - maprcli table cf delete -path {{folder}}/x -cfname f\n      - maprcli table delete -path "
        "{{folder}}/x\n"
        "    on-failure: compensate\n"
        "  - id: human\n    title: By hand\n    human: \"Log in with {{token | file}} and say `ok` for $1.\"\n"
        "  - id: pause\n    title: Wait\n    wait: 1500ms\n"
        "  - id: off\n    title: Off\n    human: nothing\n    enabled: false\n    disabled-because: not here\n"
        "  - id: drop\n    title: Drop it\n    approval: {text: \"Deletes \\\"it\\\".\", type-the-name: "
        "\"{{folder}}/x\"}\n"
        "    do: maprcli table delete -path {{folder}}/x\n    verify: dataset-absent {{folder}}/x\n"
        "    irreversible: its rows are gone\n    safe-to-stop: false\n    on-failure: pause\n",
        "all-kinds.yaml");
    if (!book.ok()) qFatal("%s", book.error().full().c_str());
    return *book;
}

/// The part of a script that differs between runbooks.
std::string stepsOf(const std::string& script) {
    return script.substr(script.find("# --- The steps ---"));
}

QString shellcheck(const std::string& script) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("shellcheck"), {QStringLiteral("-")});
    if (!process.waitForStarted(10'000)) return QStringLiteral("shellcheck is not installed");
    process.write(script.data(), static_cast<qint64>(script.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(120'000)) return QStringLiteral("shellcheck did not end");
    return QString::fromUtf8(process.readAllStandardOutput());
}

/// Empty when the text is that of the golden file.
QString differenceFromGolden(const QString& name, const std::string& text) {
    QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/export/") + name);
    if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
        const bool written =
            file.open(QIODevice::WriteOnly) && file.write(text.data(), static_cast<qint64>(text.size()));
        return written ? QString() : QStringLiteral("cannot write ") + name;
    }
    if (!file.open(QIODevice::ReadOnly)) return name + QStringLiteral(" is missing");
    const QStringList expected = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
    const QStringList actual = QString::fromStdString(text).split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < qMax(expected.size(), actual.size()); ++i) {
        if (expected.value(i) == actual.value(i) && (i < expected.size()) == (i < actual.size())) continue;
        return QStringLiteral("%1:%2 is\n%3\nnot\n%4").arg(name).arg(i + 1).arg(actual.value(i), expected.value(i));
    }
    return {};
}

}  // namespace

class ExportTest : public QObject {
    Q_OBJECT

private slots:
    void shippedRunbooks_data() {
        QTest::addColumn<QString>("name");
        for (const LibraryEntry& entry : listLibrary())
            QTest::newRow(entry.name.c_str()) << QString::fromStdString(entry.name);
    }
    void shippedRunbooks() {
        QFETCH(QString, name);
        const Runbook book = findRunbook(name.toStdString(), {}).value();
        const std::string script = exported(book, ExportTarget::Bash);
        QCOMPARE(exported(book, ExportTarget::Bash), script);
        const QString complaint = shellcheck(script);
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
        QString difference = differenceFromGolden(name + QStringLiteral(".steps.sh"), stepsOf(script));
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
        difference = differenceFromGolden(name + QStringLiteral(".md"), exported(book, ExportTarget::Markdown));
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }

    void everyKindOfStep() {
        const Runbook book = allKinds();
        const std::string script = exported(book, ExportTarget::Bash);
        const QString complaint = shellcheck(script);
        QVERIFY2(complaint.isEmpty(), qPrintable(complaint));
        QString difference = differenceFromGolden(QStringLiteral("all-kinds.sh"), script);
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
        difference = differenceFromGolden(QStringLiteral("all-kinds.md"), exported(book, ExportTarget::Markdown));
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }

    void aDryRunShowsEveryStepAndAsksNothing() {
        const Runbook book = findRunbook("multi-master-setup", {}).value();
        const std::string script = exported(book, ExportTarget::Bash);
        const QTemporaryDir empty;
        QProcess bash;
        bash.setWorkingDirectory(empty.path());
        bash.setProcessChannelMode(QProcess::MergedChannels);
        bash.start(QStringLiteral("bash"), {QStringLiteral("-s"), QStringLiteral("--"), QStringLiteral("--dry-run")});
        QVERIFY(bash.waitForStarted());
        bash.write(script.data(), static_cast<qint64>(script.size()));
        bash.closeWriteChannel();
        QVERIFY(bash.waitForFinished(30'000));
        const QString out = QString::fromUtf8(bash.readAllStandardOutput());
        QVERIFY2(bash.exitCode() == 0, qPrintable(out));
        for (const Step& step : book.steps) QVERIFY2(out.contains(QString::fromStdString(step.id)), step.id.c_str());
        QVERIFY2(out.contains(QStringLiteral("$ maprcli table replica resume -path /mapr/sanfrancisco/customers")),
                 qPrintable(out));
        QVERIFY(QDir(empty.path()).isEmpty());
    }

    void exportsCarryTheirRunbook_data() {
        QTest::addColumn<bool>("page");
        QTest::newRow("bash") << false;
        QTest::newRow("markdown") << true;
    }
    void exportsCarryTheirRunbook() {
        QFETCH(bool, page);
        const ExportTarget target = page ? ExportTarget::Markdown : ExportTarget::Bash;
        const Runbook book = allKinds();
        const std::string text = exported(book, target);
        QVERIFY(carriesRunbook(text));
        const auto carried = carriedRunbook(text);
        QVERIFY2(carried.ok(), carried.ok() ? "" : carried.error().text().c_str());
        QCOMPARE(carried->text, book.text);
        QVERIFY(carried->values == exampleValues(book));
        QVERIFY(carried->target == target);
        QCOMPARE(carried->version, std::string(kVersion));
        std::string damaged = text;
        damaged.replace(damaged.find("#| runbook: all-kinds"), 21, "#| runbook: all-kindz");
        QVERIFY(!carriedRunbook(damaged).ok());
    }

    void lossTableNamesWhatTheChecksLose() {
        const auto told = [](const Runbook& book, ExportTarget target, const std::string& what) {
            for (const Loss& loss : lossesOf(book, target)) {
                if (loss.what.find(what) != std::string::npos) return true;
            }
            return false;
        };
        const Runbook setup = findRunbook("multi-master-setup", {}).value();
        const Runbook teardown = findRunbook("replication-teardown", {}).value();
        QVERIFY(told(setup, ExportTarget::Bash, "gateways-reachable"));
        QVERIFY(!told(teardown, ExportTarget::Bash, "gateways-reachable"));
        QVERIFY(told(teardown, ExportTarget::Bash, "approval"));
        QVERIFY(told(allKinds(), ExportTarget::Bash, "stays"));
        QVERIFY(told(allKinds(), ExportTarget::Markdown, "secrets"));
        QVERIFY(!lossesOf(teardown, ExportTarget::Markdown).empty());
    }

    void everyCheckCanBeAskedByHandAndByScript() {
        const auto asked = [](const Dialects& dialects, const CheckSpec& spec) {
            Check check{std::string(spec.name), {}, {}};
            for (const std::string_view argument : spec.arguments) {
                const std::vector<std::string> values = dialects.allowedValues(argument);
                const bool path = argument.size() == 1 && argument != "F";
                check.arguments.push_back(!values.empty() ? values.front() : path ? "/x" : "x");
            }
            QVERIFY2(!lookupOf(check, dialects).command.empty(), check.name.c_str());
            Runbook book = allKinds();
            book.dialects = dialects;
            book.requirements = {check};
            std::string name = check.name;
            std::replace(name.begin(), name.end(), '-', '_');
            const std::string script =
                exportRunbook(book, exampleValues(allKinds()), ExportTarget::Bash, kVersion).value();
            QVERIFY2(script.find("\n" + name + "() {") != std::string::npos, name.c_str());
        };
        for (const std::string& system : spoken().systems()) {
            const Dialects dialects = spoken().of(system);
            for (const CheckSpec* spec : dialects.checks()) asked(dialects, *spec);
        }
    }

    /// Whatever its system is: a condition on values alone is asked by a function of the script.
    void everyScriptHasWhatItsConditionsCall() {
        int asked = 0;
        for (const LibraryEntry& entry : listLibrary()) {
            const auto book = findRunbook(entry.name, {});
            QVERIFY_OK(book);
            const auto script = exportRunbook(*book, exampleValues(*book), ExportTarget::Bash, kVersion);
            QVERIFY_OK(script);
            for (const char* name : {"equal", "is_true"}) {
                const std::string call = name;
                const bool isCalled = script->find("holds " + call + " ") != std::string::npos ||
                                      script->find("holds not " + call + " ") != std::string::npos;
                asked += isCalled ? 1 : 0;
                QVERIFY2(!isCalled || script->find("\n" + call + "() {") != std::string::npos, entry.name.c_str());
            }
        }
        QVERIFY(asked > 4);
    }

    /// A cluster that is silent may write still: whoever promotes then makes a second master.
    void aScriptTakesSilenceForUnknown_data() {
        QTest::addColumn<QString>("said");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("answer");
        QTest::newRow("it answers") << "0,CLUSTERSTATE,Running" << 0 << 1;
        QTest::newRow("refused") << "Unable to connect: Connection refused" << 3 << 0;
        QTest::newRow("no process") << "ERROR: host east/east1 is not running" << 3 << 0;
        QTest::newRow("a process is silent")
            << "ERROR: host east/east1 does not answer, and process 7 runs it" << 3 << 2;
        QTest::newRow("no route") << "Unable to connect: No route to host" << 3 << 2;
        QTest::newRow("in time") << "" << 124 << 2;
        QTest::newRow("no such tool") << "sqlcmd: command not found" << 127 << 2;
    }
    void aScriptTakesSilenceForUnknown() {
        QFETCH(QString, said);
        QFETCH(int, code);
        const std::string script = exported(findRunbook("disaster-decision", {}).value(), ExportTarget::Bash);
        const std::size_t from = script.find("\ndatabase_down() {");
        QVERIFY(from != std::string::npos);
        const std::string function = script.substr(from, script.find("\n}\n", from) + 3 - from);
        const QTemporaryDir tools;
        QFile tool(tools.filePath(QStringLiteral("sqlcmd")));
        QVERIFY(tool.open(QIODevice::WriteOnly));
        tool.write(QStringLiteral("#!/bin/sh\necho '%1' >&2\nexit %2\n").arg(said).arg(code).toUtf8());
        tool.close();
        QVERIFY(tool.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QProcess bash;
        bash.setWorkingDirectory(tools.path());
        bash.start(QStringLiteral("bash"), {QStringLiteral("-s")});
        QVERIFY(bash.waitForStarted());
        bash.write(("PATH=$PWD:$PATH\njournal=$PWD/journal\n" + function + "\ndatabase_down east\n").c_str());
        bash.closeWriteChannel();
        QVERIFY(bash.waitForFinished(30'000));
        QTEST(bash.exitCode(), "answer");
    }

    void aSecretIsNeverTakenAsItIs() {
        const Runbook book = allKinds();
        const auto values = resolveParameters(book, {{"folder", "/x"}, {"token", "hunter2"}});
        QVERIFY(!values.ok());
        QVERIFY(values.error().full().find("hunter2") == std::string::npos);
    }
};
TRIBUTARY_TEST(ExportTest)
#include "tst_export.moc"
