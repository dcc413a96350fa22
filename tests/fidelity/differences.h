// What may differ between this program and a real Tarantool 2.6.0 in the scenarios: by name, with the reason.
#pragma once

#include <QString>
#include <QStringList>

namespace tributary::test {

/// One name; a scenario where it was found is not the same, and explained.
struct Difference {
    const char* name;
    const char* reason;
};

inline constexpr Difference kLogFrame{
    "log-frame", "a line of the real log names a place in its source, ours the applier and when it is tried again"};
inline constexpr Difference kOtherFiles{
    "other-files",
    "files of our log are cut elsewhere, and a log with a hole or without its end is not opened: rows "
    "would be missing, and nobody would be told; what this program says instead is in ours/"};

/// Both transcripts with what may differ line by line taken out; the names of what was, once each.
struct Compared {
    QString real;
    QString ours;
    QStringList differences;
};
/// Lines behind `log` begin with the text that was looked for, in both, and end before what is tried again.
[[nodiscard]] Compared compared(const QString& real, const QString& ours);

}  // namespace tributary::test
