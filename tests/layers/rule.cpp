// The list of rules, and the exceptions with their reasons.
#include "rule.h"

using namespace Qt::StringLiterals;

namespace tributary::layers {

std::vector<Rule> allRules() {
    std::vector<Rule> all = layerRules();
    for (auto& rule : engineRules()) all.push_back(std::move(rule));
    for (auto& rule : runbookRules()) all.push_back(std::move(rule));
    for (auto& rule : codeRules()) all.push_back(std::move(rule));
    for (auto& rule : shapeRules()) all.push_back(std::move(rule));
    return all;
}

std::vector<Exception> exceptions() {
    const QString clock = u"runbooks/runner/runnerclock.cpp"_s;
    return {
        {u"no-wall-clock"_s, clock, u"the machine's clock behind the runner's own seam"_s},
        {u"no-sleep"_s, clock, u"the machine's clock behind the runner's own seam: its job is to wait"_s},
        {u"no-sleep"_s, u"tests/engine/machine/tst_realworkers.cpp"_s,
         u"destruction must have begun on another thread, which nothing but time can tell"_s},
        {u"no-process-events"_s, u"tests/engine/net/qtworld.h"_s, u"the test's own loop drives real sockets"_s},
        {u"no-process-events"_s, u"tests/engine/net/tst_qtexecutor.cpp"_s, u"the event loop is the subject"_s},
        {u"no-skipped-tests"_s, u"tests/engine/machine/tst_realfileops.cpp"_s,
         u"permission errors cannot be made as root"_s},
        {u"no-skipped-tests"_s, u"tests/e2e/tst_seconduser.cpp"_s, u"only root can be a second user, too"_s},
        {u"no-skipped-tests"_s, u"tests/engine/node/tst_peers.cpp"_s, u"only root can be a second user, too"_s},
        {u"no-skipped-tests"_s, u"tests/fidelity/absence.h"_s,
         u"Debian alone has the real Tarantool; it says so loudly"_s},
        {u"no-skipped-tests"_s, u"tests/engine/machine/tst_realworkers.cpp"_s,
         u"thread priorities cannot be lowered everywhere"_s},
        {u"function-length"_s, u"tests/engine/tarantool/tst_consoleyaml.cpp"_s,
         u"one table of rows; data, not logic"_s},
        {u"function-length"_s, u"tests/engine/tarantool/tst_treeunit.cpp"_s, u"one table of rows; data, not logic"_s},
        {u"function-length"_s, u"tests/runbooks/runner/tst_runs.cpp"_s, u"one table of recipes; data, not logic"_s},
    };
}

QStringList offences(const Rule& rule, const Tree& tree, const std::vector<Exception>& allowed) {
    QStringList found = rule.check(tree);
    for (const Exception& one : allowed) {
        if (one.rule != rule.id) continue;
        const auto before = found.size();
        found.removeIf([&](const QString& offence) { return offence.startsWith(one.path + u':'); });
        if (found.size() == before) {
            found << u"%1: the exception from %2 is not needed any more; take it out of rule.cpp"_s.arg(one.path,
                                                                                                        rule.id);
        }
    }
    return found;
}

QRegularExpression pattern(const QString& text) {
    QRegularExpression expression(text, QRegularExpression::MultilineOption);
    if (!expression.isValid()) qFatal("bad pattern %s: %s", qPrintable(text), qPrintable(expression.errorString()));
    expression.optimize();
    return expression;
}

}  // namespace tributary::layers
