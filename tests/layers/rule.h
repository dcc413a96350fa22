// A rule about the source tree: what it forbids, why, and the check that names every offender.
#pragma once

#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

#include "sourcetree.h"

namespace tributary::layers {

/// `check` returns one "path:line: what" per offence, in the order of the tree; empty when the tree obeys.
struct Rule {
    QString id;
    QString why;
    std::function<QStringList(const Tree&)> check;
};

/// Who may include what, who may link what (architecture, section 2).
[[nodiscard]] std::vector<Rule> layerRules();
/// The folders of engine, lowest first: each may include those before it.
[[nodiscard]] QStringList engineOrder();
/// An include from one folder of engine to another.
struct FolderInclude {
    QString from;
    QString to;
    QString place;
};
[[nodiscard]] std::vector<FolderInclude> engineIncludes(const Tree& tree);
/// Their order, and what the general ones may not name.
[[nodiscard]] std::vector<Rule> engineRules();
/// What the general folders of runbooks may not name.
[[nodiscard]] std::vector<Rule> runbookRules();
/// Words that must not stand in code (architecture, section 5).
[[nodiscard]] std::vector<Rule> codeRules();
/// Sizes, first lines, markers, READMEs, unlisted files.
[[nodiscard]] std::vector<Rule> shapeRules();
/// All of the above.
[[nodiscard]] std::vector<Rule> allRules();

/// A file that may break one rule, and why. A rule reports an exception that is not needed any more.
struct Exception {
    QString rule;
    QString path;
    QString why;
};
[[nodiscard]] std::vector<Exception> exceptions();

/// Offences of `rule` in `tree` with the listed exceptions applied; an exception without an offence is an offence.
[[nodiscard]] QStringList offences(const Rule& rule, const Tree& tree, const std::vector<Exception>& allowed);

/// A pattern that is compiled once; a mistake in it ends the test at once.
[[nodiscard]] QRegularExpression pattern(const QString& text);

}  // namespace tributary::layers
