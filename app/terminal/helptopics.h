// Help on subjects that are not verbs.
#pragma once

#include <string>
#include <vector>

namespace tributary::app {

struct HelpTopic {
    std::string name;
    std::string summary;  ///< one line
    std::string (*text)(int columns);
};

[[nodiscard]] const std::vector<HelpTopic>& helpTopics();
/// Paragraphs wrapped to the width; lines that begin with a blank stay as they are, "- " lines hang.
[[nodiscard]] std::string flowing(const std::string& text, int columns);
/// Names of topics and of listed verbs: what `tributary help` takes.
[[nodiscard]] std::vector<std::string> helpTopicNames();

}  // namespace tributary::app
