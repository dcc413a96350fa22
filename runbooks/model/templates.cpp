// {{placeholders}}: replaced in single texts and in whole runbooks.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/model/parameters.h"
#include "runbooks/model/runbookkeys.h"

namespace tributary::runbooks {
namespace {

struct Placeholder {
    std::string name;
    std::string filter;    ///< empty when none
    std::string argument;  ///< of `option`
};

Error badTemplate(std::string what, std::string fix) {
    return Error{ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

std::vector<std::string> filterNames() {
    std::vector<std::string> names;
    for (const FilterSpec& filter : filterTable()) names.emplace_back(filter.name);
    return names;
}

Result<Placeholder> parsePlaceholder(std::string_view inside) {
    const std::vector<std::string> parts = split(inside, '|');
    Placeholder placeholder{std::string(trim(parts[0])), {}, {}};
    if (placeholder.name.empty() || parts.size() > 2) {
        return badTemplate("`{{" + std::string(inside) + "}}` is no placeholder",
                           "write {{name}} or {{name | filter}}");
    }
    if (parts.size() == 1) return placeholder;
    const std::string filter(trim(parts[1]));
    const std::size_t blank = filter.find(' ');
    placeholder.filter = filter.substr(0, blank);
    if (blank != std::string::npos) placeholder.argument = std::string(trim(filter.substr(blank)));
    const std::vector<std::string> known = filterNames();
    if (std::find(known.begin(), known.end(), placeholder.filter) == known.end()) {
        const std::string near = nearest(placeholder.filter, known);
        return badTemplate("unknown filter `" + placeholder.filter + "`",
                           near.empty() ? "one of: " + join(known, ", ") : "did you mean `" + near + "`?");
    }
    if ((placeholder.filter == "option") == placeholder.argument.empty()) {
        return badTemplate("filter `" + placeholder.filter + "` is used wrongly",
                           "write {{columns | option -columns}}");
    }
    return placeholder;
}

Error unknownName(const std::string& name, const std::vector<std::string>& names) {
    const std::string near = nearest(name, names);
    const std::string list = names.empty() ? "the runbook declares no parameters" : "parameters: " + join(names, ", ");
    return badTemplate("unknown parameter `" + name + "`", near.empty() ? list : "did you mean `" + near + "`?");
}

Result<std::string> filtered(const Placeholder& placeholder, const std::string& value) {
    if (placeholder.filter == "lower") return toLower(value);
    if (placeholder.filter == "upper") {
        std::string out = value;
        std::transform(out.begin(), out.end(), out.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return out;
    }
    if (placeholder.filter == "file") return value.starts_with("file:") ? value.substr(5) : value;
    const std::size_t slash = value.rfind('/');
    if (placeholder.filter == "name") return slash == std::string::npos ? value : value.substr(slash + 1);
    if (placeholder.filter == "parent") return slash == std::string::npos ? std::string() : value.substr(0, slash);
    if (placeholder.filter == "cluster") {
        if (const std::string cluster = clusterOf(value); !cluster.empty()) return cluster;
        return badTemplate("`" + value + "` does not name its cluster", fmt::format("write it as {}", clusterForm()));
    }
    return value;
}

/// Tells whether a position of a line lies inside quotes, fed left to right.
class QuoteTracker {
public:
    void feed(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (quote_ == 0 && text[i] == '\\') {
                ++i;
            } else if (quote_ == 0 && (text[i] == '\'' || text[i] == '"')) {
                quote_ = text[i];
            } else if (quote_ == text[i]) {
                quote_ = 0;
            }
        }
    }
    [[nodiscard]] bool inside() const { return quote_ != 0; }

private:
    char quote_ = 0;
};

Result<std::string> renderedValue(const Placeholder& placeholder, const std::string& value, RenderFor purpose,
                                  bool insideQuotes) {
    Result<std::string> text = filtered(placeholder, value);
    if (!text.ok()) return text;
    const bool line = purpose == RenderFor::Line;
    if (placeholder.filter == "option") {
        if (text->empty()) return std::string();
        return placeholder.argument + " " + (line ? quoteTemplateWord(*text) : *text);
    }
    if (!line) return text;
    if (!insideQuotes) return quoteTemplateWord(*text);
    if (text->find_first_of("'\"\\") != std::string::npos) {
        return badTemplate("`" + *text + "` would end the quotes around {{" + placeholder.name + "}}",
                           "leave out the quotes in the line: values are quoted where needed");
    }
    return text;
}

using Visitor = std::function<Result<std::string>(const Placeholder&, bool insideQuotes)>;

Result<std::string> replaceEach(std::string_view text, const Visitor& visit) {
    std::string out;
    QuoteTracker quotes;
    std::size_t at = 0;
    while (true) {
        const std::size_t open = text.find("{{", at);
        const std::string_view plain = text.substr(at, open == std::string_view::npos ? open : open - at);
        quotes.feed(plain);
        out += plain;
        if (open == std::string_view::npos) return out;
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) {
            return badTemplate("`{{` is never closed in `" + std::string(text) + "`", "close it with }}");
        }
        Result<Placeholder> placeholder = parsePlaceholder(text.substr(open + 2, close - open - 2));
        if (!placeholder.ok()) return placeholder.error();
        Result<std::string> value = visit(*placeholder, quotes.inside());
        if (!value.ok()) return value;
        out += *value;
        at = close + 2;
        // What is left out leaves no hole: one of the blanks around it goes, too.
        const bool hole = value->empty() && !quotes.inside() && at < text.size() && text[at] == ' ';
        if (hole && (out.empty() || out.back() == ' ')) ++at;
    }
}

/// Renders many texts and keeps the first error.
class Renderer {
public:
    Renderer(const Dialects& dialects, const ParameterValues& values) : dialects_(dialects), values_(values) {}

    void text(std::string& target, RenderFor purpose = RenderFor::Plain) {
        if (error_) return;
        Result<std::string> rendered = renderText(target, values_, purpose);
        if (rendered.ok()) {
            target = std::move(rendered).value();
        } else {
            error_ = rendered.error();
        }
    }
    void check(Check& check) {
        for (std::string& argument : check.arguments) text(argument);
        // A parameter may have brought a word that the check does not know: it would never hold.
        const CheckSpec* spec = error_ ? nullptr : dialects_.findCheck(check.name);
        for (std::size_t i = 0; spec != nullptr && i < check.arguments.size() && i < spec->arguments.size(); ++i) {
            const std::vector<std::string>& allowed = dialects_.allowedValues(spec->arguments[i]);
            const std::string& value = check.arguments[i];
            if (allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) continue;
            error_ = badTemplate(
                "`" + value + "` is no " + std::string(spec->arguments[i]) + " of check `" + check.name + "`",
                "one of: " + join(allowed, ", "));
            return;
        }
    }
    void line(CommandLine& line) {
        text(line.text, RenderFor::Line);
        line.text = std::string(trim(line.text));
        if (line.doneWhen) check(*line.doneWhen);
    }
    void step(Step& step) {
        text(step.title);
        text(step.why);
        for (std::string& target : step.targets) text(target);
        for (Condition& condition : step.when) {
            remember(condition);
            text(condition.left);
            text(condition.right);
            check(condition.check);
        }
        for (Check& doneWhen : step.doneWhen) check(doneWhen);
        for (Check& requirement : step.requirements) check(requirement);
        for (CommandLine& command : step.commands) line(command);
        for (CommandLine& command : step.undo) line(command);
        for (VerifyClause& clause : step.verify) check(clause.check);
        for (std::string* member : {&step.instruction, &step.irreversible, &step.approval.text,
                                    &step.approval.typeTheName, &step.expect, &step.docs, &step.disabledBecause}) {
            text(*member);
        }
        if (error_ && error_->where.empty()) error_->where = "step " + step.id;
    }
    /// What the condition asks, in the words of who wrote it: rendered, `{{mode}} == careful` reads quick == careful.
    void remember(Condition& condition) {
        condition.asked.clear();
        condition.given.clear();
        if (!condition.isStatic()) return;
        std::vector<std::string> told;
        const auto side = [&](const std::string& written) {
            const Result<std::vector<TemplatePiece>> pieces = templatePieces(written);
            if (!pieces.ok()) return written;
            std::string shown;
            for (const TemplatePiece& piece : *pieces) {
                shown += piece.text;
                const auto value = piece.placeholder ? values_.find(piece.text) : values_.end();
                if (value == values_.end()) continue;
                const std::string text = piece.text + " is " + (value->second.empty() ? "empty" : value->second);
                if (std::find(told.begin(), told.end(), text) == told.end()) told.push_back(text);
            }
            return shown.empty() ? std::string("''") : shown;
        };
        condition.asked = (condition.negated ? "not " : "") + side(condition.left);
        const bool compares = condition.kind != Condition::Kind::Constant;
        if (compares) {
            condition.asked += condition.kind == Condition::Kind::Equal ? " == " : " != ";
            condition.asked += side(condition.right);
        }
        condition.given = join(told, ", ");
    }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    const Dialects& dialects_;
    const ParameterValues& values_;
    std::optional<Error> error_;
};

}  // namespace

Result<std::string> renderText(std::string_view text, const ParameterValues& values, RenderFor purpose) {
    return replaceEach(text, [&](const Placeholder& placeholder, bool insideQuotes) -> Result<std::string> {
        const auto at = values.find(placeholder.name);
        if (at == values.end()) {
            std::vector<std::string> names;
            for (const auto& [name, value] : values) names.push_back(name);
            return unknownName(placeholder.name, names);
        }
        return renderedValue(placeholder, at->second, purpose, insideQuotes);
    });
}

Result<std::vector<TemplatePiece>> templatePieces(std::string_view text) {
    std::vector<TemplatePiece> pieces;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find("{{", at);
        if (open > at) pieces.push_back({false, std::string(text.substr(at, open - at)), {}, {}});
        if (open == std::string_view::npos) break;
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) {
            return badTemplate("`{{` is never closed in `" + std::string(text) + "`", "close it with }}");
        }
        Result<Placeholder> placeholder = parsePlaceholder(text.substr(open + 2, close - open - 2));
        if (!placeholder.ok()) return placeholder.error();
        pieces.push_back({true, placeholder->name, placeholder->filter, placeholder->argument});
        at = close + 2;
    }
    return pieces;
}

Status checkPlaceholders(std::string_view text, const std::vector<std::string>& names) {
    const Result<std::string> visited =
        replaceEach(text, [&](const Placeholder& placeholder, bool) -> Result<std::string> {
            if (std::find(names.begin(), names.end(), placeholder.name) == names.end()) {
                return unknownName(placeholder.name, names);
            }
            return std::string();
        });
    return visited.ok() ? okStatus() : Status(visited.error());
}

Result<Runbook> renderRunbook(const Runbook& runbook, const ParameterValues& values) {
    Runbook rendered = runbook;
    Renderer renderer(runbook.dialects, values);
    renderer.text(rendered.title);
    renderer.text(rendered.why);
    renderer.text(rendered.docs);
    for (Check& check : rendered.requirements) renderer.check(check);
    for (Check& check : rendered.invariants) renderer.check(check);
    for (Step& step : rendered.steps) renderer.step(step);
    if (renderer.error()) return *renderer.error();
    return rendered;
}

}  // namespace tributary::runbooks
