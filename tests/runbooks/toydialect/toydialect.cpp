// Two commands, two checks, their words in bash.
#include "toydialect.h"

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks {
namespace {

constexpr std::string_view kScript = R"(#@ cluster-of
cluster_of() { printf '%s' "${1%%:*}"; }
#@ asking
# --- Asking the toy ---
toy_has() { toy look "$1" >/dev/null 2>&1; }
)";

constexpr std::string_view kChecks = R"(#@ toy-there
toy_there() {
    toy_has "$1"
}
#@ toy-gone
toy_gone() {
    if toy_has "$1"; then return 1; fi
}
)";

DialectWords aboutToy() {
    DialectWords words{"toy", "toybox", "toy", "toy look a:b",
                       "  toy <verb> <name>\n      looks at toys, and drops them\n"};
    words.datasets = {"a toy", "CLUSTER:NAME", "C of C:NAME", {}};
    words.checks = {{"toy-there", {"P"}, "toy P is there", "{0} is there"},
                    {"toy-gone", {"P"}, "toy P is not there", "{0} is gone"}};
    words.exports.lookups = {{"toy-there", "toy look {0}", "the toy"}, {"toy-gone", "toy look {0}", "nothing"}};
    words.exports.script = kScript;
    words.exports.checks = kChecks;
    return words;
}

Error badLine(std::string what, std::string fix) {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

class Toy : public Dialect {
public:
    [[nodiscard]] const DialectWords& words() const override { return words_; }

    [[nodiscard]] Result<ParsedLine> parse(std::vector<Word> words, ParseOptions) const override {
        if (words.size() != 3) return badLine("a toy line has three words", "toy look NAME");
        ParsedLine line;
        if (words[1].text == "look") {
            line.op.verb = Verb::TableInfo;
        } else if (words[1].text == "drop") {
            line.op.verb = Verb::TableDelete;
        } else {
            return badLine("toy knows no '" + words[1].text + "'", "toy look NAME");
        }
        line.op.params["toy"] = words[2].text;
        return line;
    }
    [[nodiscard]] bool speaks(const Operation& op) const override { return op.has("toy"); }
    [[nodiscard]] std::string print(const Operation& op) const override {
        return std::string("toy ") + (op.verb == Verb::TableInfo ? "look " : "drop ") + quoteWord(op.text("toy"));
    }
    [[nodiscard]] bool opens(const std::string& word) const override { return word == "look" || word == "drop"; }
    [[nodiscard]] bool isWhole(const std::vector<std::string>& words) const override { return words.size() == 2; }
    [[nodiscard]] bool isMention(std::string_view rest) const override { return !wordBehindBlank(rest).empty(); }
    [[nodiscard]] std::string commandName(const std::vector<std::string>& words) const override {
        return words.size() > 1 ? words[1] : "toy";
    }
    [[nodiscard]] std::string help(const std::vector<std::string>&) const override { return "toy look|drop NAME\n"; }
    [[nodiscard]] std::vector<std::string> complete(const std::vector<std::string>& words,
                                                    std::string_view current) const override {
        return words.size() == 1 ? startingWith(current, {"look", "drop"}) : std::vector<std::string>{};
    }
    [[nodiscard]] std::string render(const Operation& op, const Outcome&, Millis, int) const override {
        return op.text("toy") + " is well\n";
    }
    [[nodiscard]] RenderedError renderError(const Operation&, const Error& error, Millis, int) const override {
        return {{}, "toy: " + error.what + "\n", 4};
    }
    [[nodiscard]] RenderedError renderError(const std::vector<std::string>&, const Error& error, Millis,
                                            int) const override {
        return {{}, "toy: " + error.what + "\n", 5};
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const std::string name = op.text("toy");
        if (op.verb == Verb::TableInfo) return shapeOfLook("look", "Look at " + name, "toy-there " + name);
        StepShape shape = shapeOfLook("drop", "Drop " + name, "toy-gone " + name);
        shape.undo.clear();
        shape.irreversible = "a toy that was dropped is broken";
        shape.repeatable = false;
        return shape;
    }

private:
    DialectWords words_ = aboutToy();
};

}  // namespace

const Dialect& toy() {
    static const Toy kToy;
    return kToy;
}

}  // namespace tributary::runbooks
