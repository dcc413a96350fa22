// The import against bash itself: what it carries is what bash runs, in that order and with those words.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <set>

#include "core/base/text.h"
#include "importworld.h"
#include "runbooks/dialects/words.h"
#include "shellscripts.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

using Words = std::vector<std::string>;

bool writeFile(const QString& path, const std::string& text, bool executable) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(text)) < 0) return false;
    return !executable || file.setPermissions(file.permissions() | QFileDevice::ExeOwner);
}

/// Runs scripts in bash with a `maprcli` that writes down its words.
class Bash {
public:
    Bash() {
        const std::string stub =
            "#!/bin/sh\n{ printf '%s\\0' maprcli \"$@\"; printf '\\n\\0'; } >>\"" + log().toStdString() + "\"\n";
        ready_ = writeFile(folder_.path() + QStringLiteral("/maprcli"), stub, true);
    }
    [[nodiscard]] bool ready() const { return ready_; }

    /// The commands that ran; bash is given `-c` or a file's text.
    std::vector<Words> run(const std::string& script) {
        QFile::remove(log());
        const QString path = folder_.path() + QStringLiteral("/script.sh");
        writeFile(path, script, false);
        QProcess bash;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("PATH"), folder_.path() + QStringLiteral(":/usr/bin:/bin"));
        bash.setProcessEnvironment(environment);
        bash.setStandardOutputFile(QProcess::nullDevice());
        bash.setStandardErrorFile(QProcess::nullDevice());
        bash.setStandardInputFile(QProcess::nullDevice());
        bash.start(QStringLiteral("bash"), {path});
        bash.waitForFinished(60'000);
        QFile file(log());
        std::vector<Words> commands;
        if (!file.open(QIODevice::ReadOnly)) return commands;
        commands.emplace_back();
        for (const std::string& word : split(file.readAll().toStdString(), '\0')) {
            if (word == "\n") {
                commands.emplace_back();
            } else {
                commands.back().push_back(word);
            }
        }
        commands.pop_back();
        return commands;
    }

private:
    [[nodiscard]] QString log() const { return folder_.path() + QStringLiteral("/log"); }
    QTemporaryDir folder_;
    bool ready_ = false;
};

/// What bash ran, as the commands that the dialect understands.
std::vector<std::string> understood(const std::vector<Words>& commands) {
    std::vector<std::string> lines;
    for (const Words& words : commands) {
        const auto parsed = runbooks::parseWords(words);
        if (parsed.ok()) lines.push_back(runbooks::printLine(parsed->op));
    }
    return lines;
}

bool isSubsequence(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    std::size_t at = 0;
    for (const std::string& line : whole) {
        if (at < part.size() && part[at] == line) ++at;
    }
    return at == part.size();
}

std::vector<std::string> withoutMarks(std::vector<std::string> steps) {
    std::erase_if(steps, [](const std::string& line) { return line == "human" || line == "wait"; });
    return steps;
}

std::size_t lineOfStep(const runbooks::Step& step) {
    const std::size_t at = step.docs.rfind("line ");
    return at == std::string::npos ? 0 : std::stoul(step.docs.substr(at + 5));
}

/// Lines that hold a command which is in no step, not listed, and no comment, text or continuation.
std::string lostLines(const std::string& script, const std::vector<runbooks::ImportNote>& unread,
                      const runbooks::Runbook* book) {
    std::set<std::size_t> seen;
    for (const auto& note : unread) seen.insert(note.line);
    if (book != nullptr) {
        for (const runbooks::Step& step : book->steps) seen.insert(lineOfStep(step));
    }
    std::string lost;
    std::size_t number = 0;
    for (const std::string& line : split(script, '\n')) {
        ++number;
        const bool command = line.find("apr'cli ") != std::string::npos || line.find("maprcli ") != std::string::npos;
        const bool text = line.starts_with("#") || line.starts_with("echo");
        if (command && !text && !seen.contains(number)) lost += std::to_string(number) + ": " + line + "\n";
    }
    return lost;
}

}  // namespace

class ImportBashTest : public QObject {
    Q_OBJECT

private slots:
    void stepsAreWhatBashRuns() {
        Bash bash;
        QVERIFY(bash.ready());
        const int rounds = qEnvironmentVariableIntValue("TRIBUTARY_FUZZ_ROUNDS");
        const int count = rounds > 0 ? rounds : 150;
        int exact = 0;
        std::size_t carried = 0;
        for (int seed = 1; seed <= count; ++seed) {
            const std::string script = ShellScripts(static_cast<std::uint32_t>(seed)).script();
            const std::vector<std::string> ran = understood(bash.run(script));
            const auto result = runbooks::importScript(script, "imported", "script.sh");
            const std::string about = "seed " + std::to_string(seed) + "\n" + script + "\nbash:\n" + join(ran, "\n");
            if (!result.ok()) {
                QVERIFY2(result.error().code == ErrorCode::InvalidInput, (about + result.error().full()).c_str());
                continue;
            }
            std::vector<std::string> steps = commandsOf(*result);
            const bool asks = std::find(steps.begin(), steps.end(), "human") != steps.end();
            while (asks && !isSubsequence(withoutMarks(steps), ran)) {
                // A person would have stopped where bash did, so what stands behind that step does not count.
                while (!steps.empty() && steps.back() != "human") steps.pop_back();
                if (steps.empty()) break;
                steps.pop_back();
            }
            steps = withoutMarks(steps);
            const std::string all = about + "\nsteps:\n" + join(steps, "\n") + "\nunread:\n" + allNotes(result->unread);
            QVERIFY2(isSubsequence(steps, ran), all.c_str());
            QVERIFY2(!result->unread.empty() || asks || steps == ran, all.c_str());
            const runbooks::Runbook book = renderedBook(*result);
            const std::string lost = lostLines(script, result->unread, &book);
            QVERIFY2(lost.empty(), (all + "\nlost:\n" + lost).c_str());
            exact += steps == ran ? 1 : 0;
            carried += steps.size();
        }
        QVERIFY2(exact > count / 30, std::to_string(exact).c_str());
        QVERIFY2(carried > static_cast<std::size_t>(count / 2), std::to_string(carried).c_str());
    }

    void aPrintedLineIsReadBackByBash_data() {
        QTest::addColumn<QString>("value");
        for (const char* value :
             {"gw-1 gw-2", "it's", "a\"b", "$HOME", "`x`", "a\\b", "*", "~", "!x", "#x", "a=b", "{a,b}", "é"}) {
            QTest::addRow("%s", value) << QString::fromUtf8(value);
        }
    }
    void aPrintedLineIsReadBackByBash() {
        QFETCH(QString, value);
        Bash bash;
        const Words words{"maprcli", "alarm", "raise", "-alarm", "X", "-description", value.toStdString()};
        const auto parsed = runbooks::parseWords(words);
        QVERIFY_OK(parsed);
        const auto ran = bash.run(runbooks::printLine(parsed->op) + "\n");
        QCOMPARE(ran.size(), std::size_t(1));
        QVERIFY(runbooks::parseWords(ran[0]).value().op == parsed->op);
    }
};
TRIBUTARY_TEST(ImportBashTest)
#include "tst_importbash.moc"
