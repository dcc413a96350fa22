// What a line of a text shows of itself: code, or a shell's structure.
#include "runbooks/import/codesigns.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "runbooks/import/commandwords.h"
#include "runbooks/import/shelllexer.h"

namespace tributary::runbooks::detail {
namespace {

template <std::size_t N>
bool isListed(std::string_view word, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), word) != names.end();
}

/// The word that ends the here-document which `line` begins, empty without one; `tabs`: it may be indented by tabs.
std::string hereDocumentEnd(std::string_view line, bool& tabs) {
    for (std::size_t at = line.find("<<"); at != std::string_view::npos; at = line.find("<<", at + 2)) {
        if (line.substr(at).starts_with("<<<")) {
            ++at;
            continue;
        }
        std::string_view rest = line.substr(at + 2);
        tabs = rest.starts_with("-");
        if (tabs) rest.remove_prefix(1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.empty()) continue;
        if (rest[0] == '"' || rest[0] == '\'') {
            return std::string(rest.substr(1, rest.find(rest[0], 1) == rest.npos ? 0 : rest.find(rest[0], 1) - 1));
        }
        const std::string_view word = rest.substr(0, rest.find_first_of(" \t;|&><()"));
        return std::string(word.starts_with("\\") ? word.substr(1) : word);
    }
    return {};
}

bool endsHereDocument(std::string_view line, const std::string& end, bool tabs) {
    if (tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    return line == end;
}

}  // namespace

std::string_view wordAt(std::string_view line, std::size_t place) {
    for (std::size_t i = 0;; ++i) {
        const std::size_t from = line.find_first_not_of(" \t");
        if (from == std::string_view::npos) return {};
        line.remove_prefix(from);
        const std::size_t end = std::min(line.find_first_of(" \t;"), line.size());
        if (i == place) return line.substr(0, end);
        line.remove_prefix(std::min(end + (end < line.size() && line[end] == ';' ? 1 : 0), line.size()));
    }
}

bool isAssignmentWord(std::string_view word) {
    std::size_t at = 0;
    while (at < word.size() && shell::isNameChar(word[at])) ++at;
    if (at == 0 || !shell::isNameStart(word[0])) return false;
    if (at < word.size() && word[at] == '+') ++at;
    return at < word.size() && word[at] == '=' && (at + 1 >= word.size() || word[at + 1] != '=');
}

bool isOptionWord(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && word[1] >= 'A';
}

/// Whether an unmarked line can only be code: prose does not begin like this.
bool beginsCode(std::string_view line, std::string_view next, const Dialects& dialects) {
    const std::string_view first = wordAt(line, 0);
    const std::string_view second = wordAt(line, 1);
    if (first.empty()) return false;
    static constexpr std::array<std::string_view, 21> kWrappers{
        "sudo",  "ssh",  "env",  "time",   "nohup",  "timeout", "nice",    "exec", "command", "su",  "xargs",
        "watch", "eval", "doas", "ionice", "stdbuf", "setsid",  "runuser", "pdsh", "clush",   "trap"};
    if (shell::isDialectProgram(first, dialects) || isAssignmentWord(first)) return true;
    if (isListed(first, kWrappers) || first == "!" || first == "[" || first == "[[" || first == "test") {
        return shell::dialectMention(line, dialects) != std::string_view::npos;
    }
    static constexpr std::array<std::string_view, 5> kDeclare{"export", "readonly", "local", "declare", "typeset"};
    if (isListed(first, kDeclare)) return isAssignmentWord(second) || (!second.empty() && second[0] == '-');
    const bool alone = second.empty();
    if (first == "exit" || first == "return") {
        return alone || second.find_first_not_of("0123456789$?") == std::string_view::npos;
    }
    if (first == "set") return !second.empty() && (second[0] == '-' || second[0] == '+');
    if (first == "unset" || first == "read" || first == "shift" || first == "alias") {
        const bool plain = !second.empty() && std::all_of(second.begin(), second.end(), shell::isNameChar);
        return first == "alias" ? second.find('=') != std::string_view::npos
                                : (plain && wordAt(line, 2).empty()) || second.starts_with("-");
    }
    if (first == "source" || first == ".") {
        return wordAt(line, 2).empty() && second.find_first_of("/.") != std::string_view::npos;
    }
    if (first == "sleep") return !second.empty() && shell::shellMillis(second).has_value();
    if (first == "{" || first == "(") return true;
    const std::string_view after = wordAt(next, 0);
    const bool opens = line.find("; then") != std::string_view::npos || line.find(";then") != std::string_view::npos ||
                       line.find("; do") != std::string_view::npos || line.find(";do") != std::string_view::npos ||
                       after == "then" || after == "do";
    if (first == "if" || first == "while" || first == "until" || first == "for" || first == "select") return opens;
    if (first == "case") return wordAt(line, 2) == "in";
    if (first == "function")
        return next.find('{') != std::string_view::npos || line.find('{') != std::string_view::npos;
    const std::size_t parentheses = line.find("()");
    if (parentheses != std::string_view::npos && parentheses > 0) {
        const std::string_view name = trim(line.substr(0, parentheses));
        if (!name.empty() && name.find_first_of(" \t") == std::string_view::npos) return true;
    }
    return first.starts_with("$") && first.size() > 1 && (shell::isNameStart(first[1]) || first[1] == '{') &&
           isOptionWord(wordAt(line, 3));
}

std::string_view lastWordOf(std::string_view line) {
    const std::size_t blank = line.find_last_of(" \t");
    return blank == std::string_view::npos ? line : line.substr(blank + 1);
}

bool beginsWithProgram(std::string_view line) {
    static constexpr std::array<std::string_view, 83> kNames{
        ":",        "true",   "false",   "echo",      "printf",   "cd",        "pushd",  "popd",    "cat",
        "tac",      "grep",   "egrep",   "fgrep",     "awk",      "gawk",      "sed",    "ls",      "cp",
        "mv",       "rm",     "mkdir",   "rmdir",     "chmod",    "chown",     "ln",     "tee",     "tar",
        "gzip",     "gunzip", "scp",     "rsync",     "curl",     "wget",      "mount",  "umount",  "ps",
        "kill",     "pkill",  "killall", "systemctl", "service",  "jq",        "wc",     "tr",      "basename",
        "dirname",  "mktemp", "whoami",  "uname",     "du",       "df",        "python", "python3", "perl",
        "mysql",    "psql",   "java",    "yum",       "apt-get",  "rpm",       "docker", "kubectl", "crontab",
        "logger",   "clear",  "trap",    "umask",     "ulimit",   "getopts",   "expr",   "diff",    "readlink",
        "nslookup", "telnet", "klist",   "kinit",     "kdestroy", "maprlogin", "hadoop", "hdfs",    "mailx",
        "bash",     "jobs"};
    // Words of sentences too: code when what follows is no plain word.
    static constexpr std::array<std::string_view, 27> kDoubtful{
        "find", "make", "test",   "cut",  "sort",  "join", "split", "head",  "tail",
        "date", "type", "source", "wait", "touch", "sh",   "host",  "ping",  "mail",
        "stat", "file", "id",     "nc",   "sync",  "seq",  "sleep", "shift", "unset"};
    const std::string_view first = wordAt(line, 0);
    if (first.starts_with("./") || first.starts_with("../")) return true;
    if (isListed(first, kNames)) return true;
    static constexpr std::array<std::string_view, 4> kBefore{"exec", "sudo", "nohup", "command"};
    if (isListed(first, kBefore)) {
        const std::string_view rest = line.substr(line.find(first) + first.size());
        return beginsWithProgram(rest) || wordAt(rest, 0).starts_with("/");
    }
    if (!isListed(first, kDoubtful)) return false;
    const std::string_view second = wordAt(line, 1);
    return second.empty() || !std::all_of(second.begin(), second.end(), shell::isNameChar) || wordAt(line, 2).empty();
}

std::string_view functionNamed(std::string_view line) {
    const std::string_view start = trim(line);
    const bool keyword = wordAt(start, 0) == "function";
    std::string_view name = keyword ? wordAt(start, 1) : start.substr(0, std::min(start.find('('), start.size()));
    if (keyword && name.ends_with("()")) name.remove_suffix(2);
    if (!keyword && start.find("()") != trim(name).size() && !start.substr(name.size()).starts_with("()")) return {};
    name = trim(name);
    const bool plain = !name.empty() && name.find_first_of(" \t\"'$`;|&<>") == std::string_view::npos;
    return plain ? name : std::string_view();
}

StructureSign structureSign(std::string_view line, std::span<const std::string> behind) {
    bool tabs = false;
    const std::string end = hereDocumentEnd(line, tabs);
    const bool here = !end.empty() && std::any_of(behind.begin(), behind.end(), [&](const std::string& each) {
        return endsHereDocument(each, end, tabs);
    });
    if (here) return StructureSign::ReadsOn;
    line = trim(line);
    static constexpr std::array<std::string_view, 5> kEnds{"\\", "&&", "||", "|", "{"};
    if (std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view mark) { return line.ends_with(mark); })) {
        return StructureSign::ReadsOn;
    }
    static constexpr std::array<std::string_view, 4> kOpen{"do", "then", "else", "("};
    if (isListed(lastWordOf(line), kOpen)) return StructureSign::ReadsOn;
    // A quote that is still open says nothing behind a word of a sentence: don't.
    if (beginsWithProgram(line)) return StructureSign::ReadsOn;
    const bool decides = line.find(" || ") != std::string_view::npos || line.find(" && ") != std::string_view::npos;
    return decides ? StructureSign::Decides : StructureSign::None;
}

}  // namespace tributary::runbooks::detail
