// Follows a script as a shell would, without running anything: which commands surely run, in which order, with which
// words.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runbooks/dialects/dialects.h"
#include "runbooks/import/importnote.h"
#include "runbooks/import/shellparser.h"
#include "runbooks/import/shellvalues.h"

namespace tributary::runbooks::shell {

/// Something that surely happens when the script runs, if nothing before it fails.
struct WalkedItem {
    enum class Kind {
        Command,  ///< of a dialect
        Wait,     ///< sleep
        Guard     ///< the script ends here unless a condition holds that only the shell can tell
    };
    Kind kind = Kind::Command;
    std::size_t line = 0;
    std::size_t lastLine = 0;
    std::vector<Field> words;               ///< Command: its program first
    std::optional<std::int64_t> timeoutMs;  ///< Command: `timeout` stands in front of it
    bool mayFail = false;                   ///< Command: the script goes on when it fails (`|| true`)
    std::int64_t waitMs = 0;                ///< Wait
    std::string text;                       ///< Guard: for the person who decides
    bool bySetE = false;                    ///< Guard: a command of no interest ends the script by `set -e`
};

struct WalkOptions {
    bool isScript = false;     ///< every command counts; else only those of dialects, the rest is a page's prose
    bool isSession = false;    ///< lines typed one by one: `exit` ends nothing that was typed later
    bool listsOthers = false;  ///< programs of no dialect that may change something are listed
    Dialects dialects{};       ///< whose commands become items
};

struct Walk {
    std::vector<WalkedItem> items;
    std::vector<ImportNote> notes;
    std::vector<ImportNote> unread;       ///< commands that may run or not, elsewhere, or with unknown words
    std::set<std::string> usedInside;     ///< variables whose values went into other values or parts of words
    std::map<std::string, int> assigned;  ///< how often each variable was or may have been assigned
    bool stopsAtFailure = false;          ///< `set -e` was in force at the end
    std::vector<bool> covered;            ///< by line, from 1: a command of this line was looked at
};

/// Fields refer to words of `script`, which must outlive the walk.
[[nodiscard]] Walk walkScript(const Script& script, const WalkOptions& options);

}  // namespace tributary::runbooks::shell
