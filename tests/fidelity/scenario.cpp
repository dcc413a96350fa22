// Lines of scenarios.
#include "scenario.h"

#include <QDeadlineTimer>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

constexpr int kWaitMs = 30'000;
constexpr int kBetweenLooksMs = 20;
constexpr qsizetype kLogLinesTold = 12;
const QStringList& names() {
    static const QStringList kNames{u"i1"_s, u"i2"_s, u"i3"_s};
    return kNames;
}

class Run {
public:
    Run(Instances& instances, const QString& script) : instances_(instances) {
        for (const QString& name : names()) {
            if (script.contains(name)) everybody_ << name;
        }
    }

    QString line(const QString& text) {
        transcript_ += text + u'\n';
        if (text.isEmpty() || text.startsWith(u'#')) return {};
        static const QRegularExpression kAsked(u"^(i\\d)> (.*)$"_s);
        if (const auto asked = kAsked.match(text); asked.hasMatch()) return ask(asked.captured(1), asked.captured(2));
        const QString verb = text.section(u' ', 0, 0);
        const QString rest = text.section(u' ', 1);
        const QString name = rest.section(u' ', 0, 0);
        if (verb == u"start") return instances_.start(plans(rest));
        if (verb == u"launch") return instances_.launch(plans(rest));
        if (verb == u"stop") return instances_.stop(name);
        if (verb == u"kill") return instances_.kill(name);
        if (verb == u"freeze") return instances_.freeze(name, true);
        if (verb == u"thaw") return instances_.freeze(name, false);
        if (verb == u"wipe") return instances_.wipe(name, rest.section(u' ', 1).split(u' '));
        if (verb == u"wait") return wait(name, rest.section(u' ', 1));
        if (verb == u"log") return log(name, rest.section(u' ', 1));
        if (verb == u"exits") return exits(name);
        return u"no such line"_s;
    }

    [[nodiscard]] QString transcript() const { return transcript_; }

private:
    std::vector<InstancePlan> plans(const QString& text) const {
        std::vector<InstancePlan> plans;
        QStringList settings = text.section(u';', 1).split(u' ', Qt::SkipEmptyParts);
        QStringList peers = everybody_;
        for (const QString& setting : settings) {
            if (setting.startsWith(u"peers=")) peers = setting.mid(6).split(u'+');
        }
        settings.removeIf([](const QString& setting) { return setting.startsWith(u"peers="); });
        for (const QString& name : text.section(u';', 0, 0).split(u' ', Qt::SkipEmptyParts)) {
            plans.push_back({name, peers, settings});
        }
        return plans;
    }

    QString ported(QString text) {
        for (const QString& name : everybody_) text.replace(u'@' + name, QString::number(instances_.portOf(name)));
        return text;
    }

    QString ask(const QString& name, const QString& statement) {
        QString answer;
        const QString problem = instances_.ask(name, ported(statement), answer);
        transcript_ += problem.isEmpty() ? masked(instances_, answer) : u"(not answered: %1)\n"_s.arg(problem);
        return problem;
    }

    QString wait(const QString& name, const QString& expression) {
        const QDeadlineTimer deadline(kWaitMs);
        QString answer;
        QString problem;
        do {
            problem = instances_.ask(name, u"(%1) and true or false"_s.arg(ported(expression)), answer);
            if (problem.isEmpty() && answer.contains(u"- true\n")) return {};
            instances_.pause(kBetweenLooksMs);
        } while (!deadline.hasExpired());
        QString seen;
        instances_.ask(name, u"box.info"_s, seen);
        return u"it did not come true: %1 %2\n%3"_s.arg(problem, answer, seen);
    }

    QString log(const QString& name, const QString& text) {
        const QDeadlineTimer deadline(kWaitMs);
        do {
            const QStringList lines = instances_.logLines(name, text);
            if (!lines.isEmpty()) {
                // Behind date, process and fiber.
                transcript_ += masked(instances_, lines.last().section(u' ', 4)) + u'\n';
                return {};
            }
            instances_.pause(kBetweenLooksMs);
        } while (!deadline.hasExpired());
        // Its end: what is printed of a failure is cut off behind some lines.
        const QStringList all = instances_.logLines(name, {});
        return u"no such line in its log, which ends:\n"_s +
               all.mid(qMax<qsizetype>(0, all.size() - kLogLinesTold)).join(u'\n');
    }

    QString exits(const QString& name) {
        int code = 0;
        const QString problem = instances_.exitOf(name, code);
        transcript_ += u"exit code %1\n"_s.arg(code);
        return problem;
    }

    Instances& instances_;
    QStringList everybody_;
    QString transcript_;
};

}  // namespace

QString masked(Instances& instances, QString answer) {
    const auto replace = [&answer](const char* what, const char* by) {
        answer.replace(QRegularExpression(QString::fromLatin1(what)), QString::fromLatin1(by));
    };
    for (const QString& name : names()) {
        const QString port = QString::number(instances.portOf(name));
        answer.replace(QRegularExpression(u"\\b%1\\b"_s.arg(port)), u"<port of %1>"_s.arg(name));
    }
    // Where a message is folded depends on the figures in it.
    const QRegularExpression folded(u"(unexpected EOF[^\\n]*)\\n +(?![a-z_]+: |- )(\\S)"_s);
    while (folded.match(answer).hasMatch()) answer.replace(folded, u"\\1 \\2"_s);
    replace("127\\.0\\.0\\.1:\\d+", "127.0.0.1:<port>");
    replace("idle: [0-9.e+-]+", "idle: <seconds>");
    replace("lag: (-?[0-9.e+-]+)", "lag: <seconds>");
    replace("uptime: \\d+", "uptime: <seconds>");
    replace("pid: \\d+", "pid: <pid>");
    replace("fd \\d+", "fd <n>");
    replace("function: 0x[0-9a-f]+", "function: <address>");
    return answer;
}

QString runScenario(Instances& instances, const QString& script, QString& problem) {
    Run run(instances, script);
    int number = 0;
    for (const QString& line : script.split(u'\n')) {
        ++number;
        const QString failed = run.line(line);
        if (failed.isEmpty()) continue;
        problem = u"line %1, %2: %3"_s.arg(number).arg(line, failed);
        break;
    }
    return run.transcript();
}

}  // namespace tributary::test
