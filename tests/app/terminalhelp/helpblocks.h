// The examples that stand in help texts: runs of indented lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/terminal/helptopics.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"

namespace tributary::test {

/// Every help text that can be asked for at this width: "drawing", "verb run", ...
inline std::vector<std::pair<std::string, std::string>> helpTexts(int columns) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const app::HelpTopic& topic : app::helpTopics()) texts.emplace_back(topic.name, topic.text(columns));
    for (const app::Verb& verb : app::verbTable()) texts.emplace_back("verb " + verb.name, verb.examples);
    return texts;
}

/// Blocks of lines that begin with two blanks and follow an empty line, or a line that ends with a colon; the two
/// blanks are taken away.
inline std::vector<std::string> helpBlocks(const std::string& text) {
    std::vector<std::string> blocks;
    bool inside = false;
    std::string before;
    for (const std::string& line : split(text, '\n')) {
        const bool indented = line.starts_with("  ");
        const bool opens = before.empty() || (before.ends_with(":") && !before.starts_with("- "));
        if (indented && !inside && opens) {
            blocks.emplace_back();
            inside = true;
        }
        if (!indented) inside = false;
        if (inside) blocks.back() += line.substr(2) + "\n";
        before = line;
    }
    return blocks;
}

}  // namespace tributary::test
