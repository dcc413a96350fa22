// Words that must not stand in code: wall clocks, sleeps, chance, global state, and habits that make Qt code fragile.
#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {
namespace {

/// Code at `where` (and not at `except`) must not match `what`; comments and literals do not count.
struct WordBan {
    QString id;
    QString where;
    QString except;
    QString what;
    QString why;
};

std::vector<WordBan> wordBans() {
    const QString engine = u"^engine/"_s;
    const QString real = u"^engine/(net|machine)/"_s;
    const QString all = u"^(core|engine|runbooks|app|tests)/"_s;
    const QString product = u"^(core|engine|runbooks|app)/"_s;
    return {
        {u"no-wall-clock"_s, u"^(core|engine|runbooks)/"_s, real,
         u"\\b(system_clock|steady_clock|high_resolution_clock|utc_clock)::now\\b|\\b(gettimeofday|clock_gettime)\\s*"
         u"\\(|"
         "(?<![\\w.>:])(std::)?time\\s*\\(\\s*(nullptr|NULL|0|&)"_s,
         u"time comes from the Clock seam, or a simulated run cannot be repeated"_s},
        {u"no-sleep"_s, u"^(core|engine|runbooks|tests)/"_s, real,
         u"\\b(sleep_for|sleep_until|usleep|nanosleep|msleep|qSleep)\\s*\\(|"
         "^[ \\t]*(::)?sleep\\s*\\(|[;{}] *(::)?sleep\\s*\\("_s,
         u"wait for the condition, by timer or event"_s},
        {u"no-chance"_s, engine, real,
         u"\\b(random_device|mt19937(_64)?|default_random_engine|QRandomGenerator)\\b|"
         "(?<![\\w.>:])(std::)?(rand|srand|random|drand48|getrandom)\\s*\\("_s,
         u"randomness comes from the Random seam, or a seed does not repeat a run"_s},
        {u"no-environment"_s, engine, real, u"\\b(secure_)?getenv\\b|\\bsetenv\\b"_s,
         u"options come in by constructor"_s},
        {u"no-threads"_s, engine, u"^engine/(net|host|machine)/"_s, u"\\bstd::(thread|jthread|async)\\b"_s,
         u"work runs on the Executor seam"_s},
        {u"no-unordered"_s,
         engine,
         {},
         u"\\bstd::unordered_\\w+"_s,
         u"its iteration order differs between runs; list an exception with its reason when no order reaches output"_s},
        {u"no-process-events"_s, all, {}, u"\\bprocessEvents\\b"_s, u"a nested event loop runs what nobody expects"_s},
        {u"no-singletons"_s, all, {}, u"::instance\\s*\\(\\s*\\)"_s, u"hand the object in by constructor"_s},
        {u"no-fixed-wait"_s, all, {}, u"\\bqWait\\s*\\("_s, u"use QTRY_* or a QSignalSpy"_s},
        {u"no-skipped-tests"_s,
         u"^tests/"_s,
         {},
         u"\\bQSKIP\\b|\\bQEXPECT_FAIL\\b"_s,
         u"a test that cannot fail is no test"_s},
        {u"no-direct-output"_s,
         u"^(core|engine|runbooks)/"_s,
         {},
         u"\\bstd::(cout|cerr|clog)\\b|(?<![\\w.>:])(std::)?printf\\s*\\("_s,
         u"only app talks to people"_s},
        {u"no-output-past-the-streams"_s, u"^app/(terminal|daemon|observe|rows|care)/"_s,
         u"^app/terminal/standardstreams\\.cpp$"_s,
         u"\\bstd::(cout|cerr|clog|cin)\\b|\\b(write|dprintf)\\s*\\(\\s*(1|STDOUT_FILENO)\\b"_s,
         u"print by fmt to stdout or stderr, read by InputStream: a closed or full end is noticed there only"_s},
        {u"no-using-in-headers"_s, product, u"\\.cpp$"_s, u"^\\s*using\\s+namespace\\b"_s,
         u"it reaches every file that includes the header"_s},
    };
}

QStringList bannedWords(const WordBan& ban, const Tree& tree) {
    const auto where = pattern(ban.where);
    const auto except = pattern(ban.except.isEmpty() ? u"(?!)"_s : ban.except);
    const auto what = pattern(ban.what);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() || !where.match(file.path).hasMatch() || except.match(file.path).hasMatch()) continue;
        for (auto it = what.globalMatch(file.code); it.hasNext();) {
            const auto match = it.next();
            const QString word = match.captured().trimmed();
            const qsizetype at = match.capturedStart() + match.captured().indexOf(word);
            found << u"%1: %2; %3"_s.arg(file.placeOf(at), word, ban.why);
        }
    }
    return found;
}

/// A line that declares a variable which lives for ever and can change. Functions and constants are fine.
bool declaresMutableStatic(QStringView line) {
    line = line.trimmed();
    if (line.startsWith(u"inline ")) line = line.mid(7);
    if (!line.startsWith(u"static ") && !line.startsWith(u"thread_local ")) return false;
    static const auto kEnd = pattern(u"[=;({]"_s);
    static const auto kConstant = pattern(u"\\bconst(expr|eval)?\\b"_s);
    const auto end = kEnd.match(line.toString());
    if (!end.hasMatch() || end.captured() == u"(") return false;
    return !kConstant.match(line.left(end.capturedStart()).toString()).hasMatch();
}

QStringList mutableStatics(const Tree& tree) {
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource() || file.path.startsWith(u"tests/")) continue;
        const auto lines = file.code.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (!declaresMutableStatic(lines[i])) continue;
            found << u"%1:%2: mutable static; global state outlives a simulated world"_s.arg(file.path).arg(i + 1);
        }
    }
    return found;
}

/// The arguments of the call whose '(' stands at `open`, split at its own commas.
QStringList callArguments(const QString& code, qsizetype open) {
    QStringList arguments;
    qsizetype depth = 0;
    qsizetype start = open + 1;
    for (qsizetype at = open; at < code.size(); ++at) {
        const QChar c = code[at];
        if (c == u'(' || c == u'{' || c == u'[') ++depth;
        if (c == u')' || c == u'}' || c == u']') --depth;
        if (depth == 0 || (depth == 1 && c == u',')) {
            arguments << code.mid(start, at - start).trimmed();
            start = at + 1;
        }
        if (depth == 0) break;
    }
    return arguments;
}

QStringList contextlessConnects(const Tree& tree) {
    static const auto kConnect = pattern(u"\\bconnect\\s*\\("_s);
    QStringList found;
    for (const SourceFile& file : tree) {
        if (!file.isSource()) continue;
        for (auto it = kConnect.globalMatch(file.code); it.hasNext();) {
            const auto match = it.next();
            const QStringList arguments = callArguments(file.code, match.capturedEnd() - 1);
            if (arguments.size() != 3 || !arguments[2].startsWith(u'[')) continue;
            found << u"%1: connect() to a lambda without a context object; it may run after its captures died"_s.arg(
                file.placeOf(match.capturedStart()));
        }
    }
    return found;
}

}  // namespace

std::vector<Rule> codeRules() {
    std::vector<Rule> rules;
    for (const WordBan& ban : wordBans()) {
        rules.push_back({ban.id, ban.why, [ban](const Tree& tree) { return bannedWords(ban, tree); }});
    }
    rules.push_back({u"no-mutable-static"_s, u"no global mutable state"_s, mutableStatics});
    rules.push_back({u"connect-with-context"_s, u"a lambda needs a context object"_s, contextlessConnects});
    return rules;
}

}  // namespace tributary::layers
