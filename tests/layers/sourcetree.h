// The repository's files as the layer and style rules see them: raw lines, and the code without comments and literals.
#pragma once

#include <QString>
#include <QStringList>
#include <QStringView>
#include <optional>
#include <vector>

namespace tributary::layers {

/// One text file. `code` has the same lines as `raw`, but comments and the insides of string and character literals
/// are blanks, so that a rule about code never trips over prose. Only C++ files are blanked.
struct SourceFile {
    QString path;  ///< from the repository root, with '/'
    QString raw;
    QString code;

    [[nodiscard]] bool isHeader() const { return path.endsWith(u".h"); }
    [[nodiscard]] bool isCpp() const { return path.endsWith(u".cpp"); }
    [[nodiscard]] bool isSource() const { return isHeader() || isCpp(); }
    [[nodiscard]] bool isCMake() const { return path.endsWith(u"CMakeLists.txt"); }
    /// The folder, without the last '/'; empty at the root.
    [[nodiscard]] QString folder() const { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }
    [[nodiscard]] QString name() const { return path.section(u'/', -1); }
    /// "path:line" of an offset into raw or code; lines count from 1.
    [[nodiscard]] QString placeOf(qsizetype offset) const;
    [[nodiscard]] QStringList rawLines() const { return raw.split(u'\n'); }
};

using Tree = std::vector<SourceFile>;

/// Builds a file from its text, with comments and literals blanked when it is C++.
[[nodiscard]] SourceFile makeSource(const QString& path, const QString& text);

/// Blanks comments and the insides of literals (raw strings too); newlines stay, lengths stay.
[[nodiscard]] QString blankCommentsAndLiterals(const QString& text);

/// Reads every text file of the product below `root`: the C++ and CMake files, and everything of packaging/ and .ci/,
/// sorted by path. Build trees, test data and hidden folders stay out. nullopt when root is not the repository.
[[nodiscard]] std::optional<Tree> readTree(const QString& root);

}  // namespace tributary::layers
