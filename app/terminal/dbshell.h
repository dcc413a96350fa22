// mapr dbshell: documents of JSON tables, read and written by hand.
//
// Source: vendor pages "dbshell insert", "dbshell find or findbyid", "dbshell update", "dbshell replace", "dbshell
// delete", "Database Shell (JSON Tables)". What it answers to writes is told by its users, not by those pages.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/adapters/documents.h"
#include "app/terminal/verb.h"

namespace tributary::app {

/// A line of the shell, taken apart: `'...'` and `"..."` around a whole word hold blanks together and are taken off (a
/// quote inside is no end), anything else is as it stands. InvalidInput for a quote that is not closed.
[[nodiscard]] Result<std::vector<std::string>> dbshellWords(const std::string& line);

/// One session. Calls block; one thread at a time.
class DbShell {
public:
    enum class Goes { On, Ends };  ///< Ends: exit
    using Print = std::function<void(std::string_view)>;

    DbShell(DocumentData& documents, std::string user, Print print)
        : documents_(documents), user_(std::move(user)), print_(std::move(print)) {}

    /// Carries one line out; what it says is printed as it comes, documents one by one. Errors: those of DocumentData,
    /// InvalidInput with the right form, Unsupported by name.
    Result<Goes> run(const std::string& line);
    /// Whether the line would write.
    [[nodiscard]] static bool isWrite(const std::string& line);
    [[nodiscard]] std::string prompt() const { return "maprdb " + user_ + ":> "; }

private:
    struct Command;

    Status find(const Command& command);
    Status write(const Command& command);

    DocumentData& documents_;
    std::string user_;
    Print print_;
};

/// What `mapr dbshell --help` prints.
[[nodiscard]] std::string dbshellHelp();

/// `mapr dbshell [-c LINE]...`: those lines, or lines of stdin. `words` begin behind "dbshell". The exit code.
int runDbShell(const std::vector<std::string>& words, const VerbContext& context);

}  // namespace tributary::app
