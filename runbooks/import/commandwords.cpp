// Tables of names, and the words in front of a program.
#include "runbooks/import/commandwords.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runbooks/import/decodetext.h"

namespace tributary::runbooks::shell {
namespace {

template <std::size_t N>
bool isOneOf(std::string_view word, const std::array<std::string_view, N>& names) {
    return std::find(names.begin(), names.end(), word) != names.end();
}

std::string_view baseName(std::string_view path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool isWordEdge(char c) {
    return std::string_view(" \t\n\r;|&()`\"'{}/=>*~").find(c) != std::string_view::npos;
}

std::string userOf(const std::vector<std::string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string& word = words[i];
        if ((word == "-u" || word == "--user") && i + 1 < words.size()) return words[i + 1];
        if (word.starts_with("--user=")) return word.substr(7);
        if (word.starts_with("-u") && word.size() > 2) return word.substr(2);
        if (words[0].ends_with("su") && word[0] != '-' && !word.empty()) return word;
    }
    return "root";
}

/// Takes options of the form -x or -x VALUE; false when one is not known.
bool skipOptions(const std::vector<std::string>& words, std::size_t& at, std::string_view plain,
                 std::string_view valued) {
    while (at < words.size() && words[at].size() > 1 && words[at][0] == '-') {
        const std::string& word = words[at];
        if (word == "--") {
            ++at;
            return true;
        }
        const char letter = word[1];
        if (word.size() == 2 && plain.find(letter) != std::string_view::npos) {
            ++at;
        } else if (valued.find(letter) != std::string_view::npos) {
            at += word.size() == 2 ? 2 : 1;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace

bool isDialectProgram(std::string_view word, const Dialects& dialects) {
    const bool placed = word.find('/') == std::string_view::npos || word.front() == '/';
    return placed && dialects.ofProgram(word) != nullptr;
}

std::size_t dialectMention(std::string_view text, const Dialects& dialects) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at > 0 && !isWordEdge(text[at - 1]) && static_cast<unsigned char>(text[at - 1]) < 0x80) continue;
        for (const Dialect* dialect : dialects.all()) {
            const std::string_view program = dialect->words().program;
            if (text.substr(at).starts_with(program) && dialect->isMention(text.substr(at + program.size()))) return at;
        }
    }
    return std::string_view::npos;
}

bool isPrinter(std::string_view program) {
    return program == "echo" || program == "printf" || program == "logger";
}

bool alwaysSucceeds(std::string_view program) {
    static constexpr std::array<std::string_view, 12> kNames{"echo", "printf", "true",  ":",    "logger", "tee",
                                                             "cat",  "date",   "sleep", "wait", "clear",  "tput"};
    return isOneOf(program, kNames);
}

bool onlyLooks(std::string_view program) {
    static constexpr std::array<std::string_view, 40> kNames{
        "false", "test", "[",    "ls",   "grep",     "egrep",   "fgrep",    "awk",  "head",     "tail",
        "cut",   "sort", "uniq", "wc",   "hostname", "whoami",  "id",       "pwd",  "which",    "type",
        "jobs",  "less", "more", "file", "stat",     "du",      "df",       "ps",   "basename", "dirname",
        "expr",  "seq",  "tr",   "jq",   "column",   "history", "readlink", "diff", "cd",       "hash"};
    return isOneOf(program, kNames) || alwaysSucceeds(program);
}

bool runsItsInput(std::string_view program) {
    static constexpr std::array<std::string_view, 12> kNames{"bash",     "sh",  "dash", "ksh", "zsh",   "xargs",
                                                             "parallel", "ssh", "sudo", "su",  "batch", "at"};
    return isOneOf(baseName(program), kNames);
}

std::string whyNotThrough(const std::string& program, const std::vector<std::string>& words) {
    static constexpr std::array<std::string_view, 5> kUsers{"sudo", "su", "runuser", "doas", "sudoedit"};
    static constexpr std::array<std::string_view, 14> kPlaces{"ssh",     "pdsh",    "clush",  "rsh",     "salt",
                                                              "ansible", "docker",  "podman", "kubectl", "oc",
                                                              "chroot",  "nsenter", "pssh",   "mosh"};
    static constexpr std::array<std::string_view, 6> kRepeats{"watch", "xargs", "parallel", "find", "yes", "while"};
    static constexpr std::array<std::string_view, 4> kLater{"at", "batch", "crontab", "trap"};
    static constexpr std::array<std::string_view, 7> kShells{"bash", "sh", "dash", "ksh", "zsh", "eval", "source"};
    const std::string_view name = baseName(program);
    const std::string shown = shownText(name, 30);
    if (isOneOf(name, kUsers)) {
        const std::string user = shownText(userOf(words), 30);
        return fmt::format(
            "runs as the user {} (`{}`), and a step has no user of its own; write it without `{}` and "
            "run the runbook with --as {}",
            user, shown, shown, user);
    }
    if (isOneOf(name, kPlaces)) return fmt::format("runs elsewhere (`{}`)", shown);
    if (isOneOf(name, kRepeats)) return fmt::format("runs as often as `{}` makes it, with what that gives it", shown);
    if (isOneOf(name, kLater)) return fmt::format("runs later or never, when `{}` lets it", shown);
    if (isOneOf(name, kShells)) return fmt::format("is text that another shell reads (`{}`)", shown);
    return fmt::format("is handed to `{}`, which is not read", shown);
}

Prefix prefixOf(const std::vector<std::string>& words, const Dialects& dialects) {
    Prefix prefix;
    std::size_t at = 0;
    bool known = true;
    while (known && at < words.size() && !isDialectProgram(words[at], dialects)) {
        const std::string_view name = baseName(words[at]);
        const std::size_t start = at++;
        if (name == "time" || name == "command") {
            prefix.onlyAsks = name == "command" && at < words.size() && (words[at] == "-v" || words[at] == "-V");
            known = skipOptions(words, at, name == "command" ? "pvV" : "p", "");
        } else if (name == "nohup" || name == "setsid" || name == "unbuffer") {
            known = skipOptions(words, at, "", "");
        } else if (name == "exec") {
            prefix.replacesShell = true;
            known = skipOptions(words, at, "", "");
        } else if (name == "nice") {
            known = skipOptions(words, at, "0123456789", "n123456789");
        } else if (name == "ionice") {
            known = skipOptions(words, at, "t", "cn");
        } else if (name == "stdbuf") {
            known = skipOptions(words, at, "", "ioe");
        } else if (name == "env" && at < words.size() && words[at].find('=') == std::string::npos) {
            known = skipOptions(words, at, "", "");
        } else if (name == "timeout" && at < words.size() && shellMillis(words[at])) {
            prefix.timeoutMs = shellMillis(words[at++]);
        } else {
            at = start;
            break;
        }
    }
    prefix.length = at;
    if (at < words.size() && baseName(words[at]) == "env" && at + 1 < words.size()) {
        prefix.refusal =
            fmt::format("runs with `{}` in its environment, which a step cannot set", shownText(words[at + 1], 40));
    } else if (!known) {
        prefix.refusal = fmt::format("has `{}` in front of it, which is not read", shownText(words[at], 30));
    }
    return prefix;
}

std::optional<std::int64_t> shellMillis(std::string_view text) {
    if (text.empty() || text.size() > 12) return {};
    double factor = 1000;
    switch (text.back()) {
        case 's': break;
        case 'm': factor = 60e3; break;
        case 'h': factor = 3600e3; break;
        case 'd': factor = 86400e3; break;
        default: factor = 0; break;
    }
    if (factor > 0) {
        text.remove_suffix(1);
    } else {
        factor = 1000;
    }
    std::int64_t whole = 0;
    double scale = 1;
    bool dot = false;
    bool digits = false;
    for (const char c : text) {
        if (c == '.' && !dot) {
            dot = true;
        } else if (c >= '0' && c <= '9') {
            whole = whole * 10 + (c - '0');
            scale *= dot ? 10 : 1;
            digits = true;
        } else {
            return {};
        }
    }
    if (!digits) return {};
    return static_cast<std::int64_t>(std::llround(static_cast<double>(whole) / scale * factor));
}

}  // namespace tributary::runbooks::shell
