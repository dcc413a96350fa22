// Help texts as roff: sections where help has headings, the rest as it stands.
#include "app/terminal/manpages.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "app/systems/dialects.h"
#include "app/terminal/helptopics.h"
#include "app/terminal/terminal.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"
#include "runbooks/runner/exitcodes.h"

namespace tributary::app {
namespace {

constexpr int kPageColumns = 76;

std::string upperCase(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

/// A line that roff prints as it stands.
std::string roffLine(const std::string& line) {
    std::string out = line.starts_with(".") || line.starts_with("'") ? "\\&" : "";
    for (const char c : line) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    return out;
}

/// "Options:" and the like become headings of `macro`.
std::string roffBody(const std::string& help, const char* macro) {
    std::string out = ".nf\n";
    for (const std::string& line : split(help, '\n')) {
        const bool heading =
            line.size() > 1 && line.ends_with(":") && line.front() != ' ' && line.find(' ') == std::string::npos;
        if (heading) {
            out += fmt::format(".fi\n.{} {}\n.nf\n", macro, upperCase(line.substr(0, line.size() - 1)));
        } else {
            out += roffLine(line) + "\n";
        }
    }
    return out + ".fi\n";
}

std::string pageHead(const std::string& name, const std::string& section, const std::string& summary) {
    return fmt::format(".TH {} {} \"\" \"tributary {}\" \"Tributary\"\n.SH NAME\n{} \\- {}\n", upperCase(name), section,
                       TRIBUTARY_VERSION, roffLine(name), roffLine(summary));
}

void addSubCommands(const Verb& verb, const CLI::App& app, const std::string& command, std::string& text) {
    for (const CLI::App* sub : app.get_subcommands({})) {
        const std::string name = command + " " + sub->get_name();
        text += ".SH " + upperCase(name) + "\n" + roffBody(verbHelp(verb, *sub, name, kPageColumns), "SS");
        addSubCommands(verb, *sub, name, text);
    }
}

ManPage verbPage(const Verb& verb) {
    ManPage page{"tributary-" + verb.name, "1", {}};
    page.text = pageHead(page.name, page.section, verb.summary) + ".SH DESCRIPTION\n";
    if (verb.rawArguments) {
        page.text += roffBody(dialects().helpFor({verb.name}), "SH");
    } else {
        CLI::App app(verb.summary);
        app.set_help_flag("-h,--help", "Show this help");
        VerbContext context;
        addGlobalOptions(app, context);
        (void)verb.describe(app);
        const std::string command = "tributary " + verb.name;
        page.text += roffBody(verbHelp(verb, app, command, kPageColumns), "SH");
        addSubCommands(verb, app, command, page.text);
    }
    page.text += ".SH SEE ALSO\n.BR tributary (1)\n";
    return page;
}

ManPage mainPage() {
    ManPage page{"tributary", "1", {}};
    page.text = pageHead(page.name, page.section, "draw, prove, rehearse and run replication between clusters");
    page.text += ".SH SYNOPSIS\n.B tributary\n[OPTIONS] VERB ...\n.SH DESCRIPTION\n" +
                 roffBody(overviewHelp(kPageColumns), "SS");
    page.text += ".SH EXIT STATUS\n" + roffBody(runbooks::exitCodesHelp(), "SS") + ".SH SEE ALSO\n";
    for (const Verb& verb : verbTable()) {
        if (verb.group != kHiddenGroup) page.text += fmt::format(".BR tributary\\-{} (1),\n", verb.name);
    }
    for (const HelpTopic& topic : helpTopics())
        page.text += fmt::format(".BR tributary\\-{} (7),\n", roffLine(topic.name));
    page.text.erase(page.text.size() - 2, 1);
    return page;
}

}  // namespace

std::vector<ManPage> manPages() {
    std::vector<ManPage> pages{mainPage()};
    for (const Verb& verb : verbTable()) {
        if (verb.group != kHiddenGroup) pages.push_back(verbPage(verb));
    }
    for (const HelpTopic& topic : helpTopics()) {
        ManPage page{"tributary-" + std::string(topic.name), "7", {}};
        page.text = pageHead(page.name, page.section, std::string(topic.summary)) + ".SH DESCRIPTION\n" +
                    roffBody(topic.text(kPageColumns), "SS") + ".SH SEE ALSO\n.BR tributary (1)\n";
        pages.push_back(std::move(page));
    }
    return pages;
}

}  // namespace tributary::app
