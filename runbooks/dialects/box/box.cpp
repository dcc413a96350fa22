// One row; what a statement may be is in statements.cpp.
#include "runbooks/dialects/box/box.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/text.h"
#include "runbooks/dialects/box/statements.h"
#include "runbooks/dialects/positional/worddialect.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/tt/instances.h"

namespace tributary::runbooks {
namespace {

DialectWords aboutBox() {
    DialectWords words{"box", "tarantool", "box", "box master_master:instance001 box.info.ro",
                       "  box APP:INSTANCE STATEMENT\n      one statement on the console of an instance\n"};
    words.datasets = kInstanceDatasets;
    words.starts = "tt";
    return words;
}

WordTable boxTable() {
    return {{{Verb::BoxRun,
              {},
              {"instance", "statement"},
              {},
              "master_master:instance001 \"require('config'):reload()\""}}};
}

class Box : public WordDialect {
public:
    Box() : WordDialect(aboutBox(), boxTable()) {}

    [[nodiscard]] std::string help(const std::vector<std::string>& words) const override {
        std::string text = WordDialect::help(words) + "\nStatements:\n";
        for (const StatementForm& form : statementForms())
            text += fmt::format("  {}\n      {}\n", form.form, form.summary);
        return text;
    }
    [[nodiscard]] StepShape shapeOf(const Operation& op) const override {
        const auto form = statementForm(op.text("statement"));
        const std::string instance = quoteTemplateWord(op.text("instance"));
        const bool isReload = op.text("statement").ends_with(":reload()");
        if (isReload)
            return shapeOfLook("reload", "Reload the configuration of " + instance, "instance-ready " + instance);
        if (form && !form->mutates) return shapeOfLook("look", "Look at " + instance, "instance-ready " + instance);
        return shapeByHand(op);
    }

    [[nodiscard]] std::optional<std::string> typedAtConsole(std::string_view line) const override {
        const std::string_view text = trim(line);
        const std::size_t end = text.find("> ");
        if (end == std::string_view::npos) return {};
        const std::string_view name = text.substr(0, end);
        const std::size_t colon = name.find(':');
        const bool isName = colon != name.npos && colon > 0 && colon + 1 < name.size() &&
                            std::all_of(name.begin(), name.end(), [](unsigned char c) {
                                return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == ':';
                            });
        const std::string_view statement = trim(text.substr(end + 2));
        if (!isName || statement.empty()) return {};
        Operation op;
        op.verb = Verb::BoxRun;
        op.params["instance"] = name;
        op.params["statement"] = statement;
        return print(op);
    }

protected:
    [[nodiscard]] Status examine(const Operation& op) const override {
        if (Status named = requireInstance(op, "instance"); !named) return named;
        const std::string statement = op.text("statement");
        if (isPlaceholder(statement)) return okStatus();
        const auto form = statementForm(statement);
        return form ? okStatus() : Status(form.error());
    }
};

}  // namespace

const Dialect& box() {
    static const Box kBox;
    return kBox;
}

}  // namespace tributary::runbooks
