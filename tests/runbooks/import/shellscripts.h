// Random scripts of the accepted subset of shell, for comparisons with a real one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tributary::test {

/// Writes one script per seed. Each command of the dialect stands on a line of its own.
class ShellScripts {
public:
    explicit ShellScripts(std::uint32_t seed) : random_(seed) {}

    std::string script() {
        std::string out = "#!/bin/bash\n";
        for (int i = 0; i < 3; ++i) out += assignment();
        const int count = 4 + pick(8);
        for (int i = 0; i < count; ++i) out += statement(2);
        return out;
    }

    int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }

private:
    std::string one(const std::vector<std::string>& of) {
        return of[static_cast<std::size_t>(pick(static_cast<int>(of.size())))];
    }
    std::string name() { return one({"A", "B", "C", "D"}); }
    std::string letters() { return one({"sf", "ny", "x", "data.1", "t_2", "a-b"}); }

    std::string use() {
        const std::string variable = name();
        return one({"$" + variable, "${" + variable + "}", "\"$" + variable + "\"", "\"${" + variable + "}\"",
                    "${" + variable + ":-" + letters() + "}", "${" + variable + "%x}", "\"${" + variable + "##*/}\"",
                    "${" + variable + "-no}", "${" + variable + ":+" + letters() + "}", "\"pre ${" + variable + "}\"",
                    "${#" + variable + "}"});
    }

    std::string spelled(const std::string& text) {
        switch (pick(7)) {
            case 0: return "'" + text + "'";
            case 1: return "\"" + text + "\"";
            case 2: return "\\" + text;
            case 3: return text.substr(0, 1) + "''" + text.substr(1);
            case 4: return "$'" + text + "'";
            case 5: return text.substr(0, 1) + "\"" + text.substr(1) + "\"";
            default: return text;
        }
    }

    std::string path() {
        std::string out = pick(5) == 0 ? use() : spelled("/mapr/") + (pick(2) == 0 ? use() : spelled(letters()));
        if (pick(3) != 0) out += "/" + (pick(3) == 0 ? use() : spelled(letters()));
        if (pick(12) == 0) out += one({"*", "$1", "$NOWHERE", "$(echo t)", "{a,b}", "~"});
        return out;
    }

    std::string command() {
        std::string out =
            one({"maprcli", "maprcli", "maprcli", "\"maprcli\"", "m'ap'rcli", "command maprcli", "nohup maprcli",
                 "timeout 9 maprcli", "nice -n 1 maprcli", "A=1 maprcli", "env B=2 maprcli", "time maprcli"});
        out += pick(4) == 0 ? " \\\n  " : " ";
        if (pick(4) == 0) return out + "table replica list -path " + path();
        if (pick(5) == 0) return out + "table create -path " + path() + " -copymetafrom " + path();
        return out + one({"table info ", "'table' info ", "table cf list "}) + "-path " + path();
    }

    std::string assignment() {
        const std::string variable = name();
        const std::string value =
            pick(3) == 0 ? use() : spelled(one({"/mapr/sf/t", "sf", "ny", "a b", "x", "/mapr/ny/x"}));
        switch (pick(9)) {
            case 0: return "export " + variable + "=" + value + "\n";
            case 1: return variable + "+=" + spelled("x") + "\n";
            case 2: return "unset " + variable + "\n";
            case 3: return variable + "=" + letters() + " " + name() + "=" + use() + "\n";
            case 4: return variable + "=$(echo " + letters() + ")\n";
            case 5: return "declare " + variable + "=" + value + "\n";
            default: return variable + "=" + value + "\n";
        }
    }

    std::string body(int depth) {
        std::string out;
        for (int i = 0; i <= pick(2); ++i) out += statement(depth - 1);
        return out;
    }

    std::string statement(int depth) {
        const int kind = pick(depth > 0 ? 30 : 12);
        if (kind < 8) return command() + one({"", "", "", " >/dev/null", " 2>&1", " # maprcli"}) + "\n";
        if (kind < 12) return assignment();
        switch (kind) {
            case 12:
                return "if " + one({"[ -e / ]", "[ -e /nowhere ]", "true", "test -n \"$A\""}) + "; then\n" +
                       body(depth) + "fi\n";
            case 13:
                return "for " + name() + " in " + one({"sf ny", "$A x", "\"$B\"", "'a b' c"}) + "; do\n" + body(depth) +
                       "done\n";
            case 14: return "( " + name() + "=sub\n" + body(depth) + ")\n";
            case 15: return "{\n" + body(depth) + "}\n";
            case 16:
                return "f() {\n" + one({"", "local A=in\n", "[ -e /nowhere ] && return\n"}) + body(depth) + "}\n" +
                       one({"", "f\n", "f /mapr/sf/t sf\n", "f; f\n"});
            case 17: return command() + " && " + command() + "\n";
            case 18: return command() + " || exit 3\n";
            case 19: return command() + " || true\n";
            case 20:
                return one({"true", "false", "[ -e / ]", "[ -e /nowhere ]"}) + one({" && ", " || "}) + command() + "\n";
            case 21: return "cat >/dev/null <<EOF\n" + command() + "\nEOF\n";
            case 22: return "cat >/dev/null <<'E O'\n'\"$(\n" + command() + "\nE O\n";
            case 23: return "while " + one({"false", "[ -e /nowhere ]"}) + "; do\n" + body(depth) + "done\n";
            case 24: return "case $A in sf|ny)\n" + body(depth) + ";;\n*)\n" + body(depth) + ";;\nesac\n";
            case 25: return command() + " | cat\n";
            case 26: return "eval " + name() + "=e\n";
            case 27:
                return "set -- sf " + letters() + "\n" + one({"", "shift\n"}) +
                       "maprcli table info -path /mapr/\"$1\"/t\n";
            case 28: return "L=(sf ny)\nfor D in \"${L[@]}\"; do\n" + body(depth) + "done\n";
            default:
                return one({"[ -e / ] || exit 1\n", "if [ -e /nowhere ]; then exit 1; fi\n", "# '\n", "set -e\n",
                            "if [ -e /nowhere ]; then exit 0; fi\n", "echo \"maprcli table info\"\n"});
        }
    }

    std::mt19937 random_;
};

}  // namespace tributary::test
