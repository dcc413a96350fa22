// Man pages, from the same table as help.
#pragma once

#include <string>
#include <vector>

namespace tributary::app {

struct ManPage {
    std::string name;     ///< "tributary-run"
    std::string section;  ///< "1" for verbs, "7" for topics
    std::string text;     ///< roff
    [[nodiscard]] std::string fileName() const { return name + "." + section; }
};

/// tributary(1), one page per visible verb with all its sub-commands, one per help topic.
[[nodiscard]] std::vector<ManPage> manPages();

}  // namespace tributary::app
