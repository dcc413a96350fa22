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
/// Names of topics and of listed verbs: what `tributary help` takes.
[[nodiscard]] std::vector<std::string> helpTopicNames();

}  // namespace tributary::app
