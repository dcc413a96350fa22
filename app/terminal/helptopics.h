// Help on subjects that are not verbs.
#pragma once

#include <string>
#include <string_view>
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
/// With a capital at its begin.
[[nodiscard]] std::string sentence(std::string_view text);
/// How texts are quoted in the files that people write; part of the topics on their formats.
[[nodiscard]] std::string yamlQuotingText(int columns);
/// Names of topics and of listed verbs: what `tributary help` takes.
[[nodiscard]] std::vector<std::string> helpTopicNames();
/// The topic that a word means which is none: "drawings" is drawing, "permissions" is drawing. Others stay as they are.
[[nodiscard]] std::string topicMeant(const std::string& word);

}  // namespace tributary::app
