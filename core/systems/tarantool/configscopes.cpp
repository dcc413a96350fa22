// Paths and words.
#include "core/systems/tarantool/configscopes.h"

#include <array>
#include <utility>

#include "core/base/text.h"

namespace tributary::tarantool {

const StrictNode* findPath(const StrictNode& scope, std::string_view path) {
    const StrictNode* node = &scope;
    for (const std::string& key : split(path, '.')) {
        node = node->isMap() ? node->find(key) : nullptr;
        if (node == nullptr) return nullptr;
    }
    return node;
}

const StrictNode* optionOf(const ConfigScopes& scopes, std::string_view path) {
    for (const StrictNode* scope : scopes) {
        const StrictNode* found = findPath(*scope, path);
        if (found != nullptr && !found->isNull()) return found;
    }
    return nullptr;
}

std::string filled(std::string text, const ConfigNames& names) {
    const std::array<std::pair<std::string_view, const std::string*>, 3> words{
        {{"group_name", &names.group}, {"replicaset_name", &names.replicaSet}, {"instance_name", &names.instance}}};
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 1)) {
        const std::size_t end = text.find("}}", at);
        if (end == std::string::npos) break;
        const std::string_view word = trim(std::string_view(text).substr(at + 2, end - at - 2));
        for (const auto& [name, value] : words) {
            if (word != name) continue;
            text.replace(at, end + 2 - at, *value);
            break;
        }
    }
    return text;
}

}  // namespace tributary::tarantool
