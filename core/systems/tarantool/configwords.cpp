// Passwords and memory of one instance.
#include <fmt/format.h>

#include <cstdlib>

#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/systems/tarantool/config.h"
#include "core/systems/tarantool/configscopes.h"

namespace tributary::tarantool {
namespace {

constexpr std::int64_t kMemoryBytesMax = std::int64_t{1} << 46U;

class WordsReader {
public:
    WordsReader(const StrictNode& root, std::string_view file, const ContextSources& sources)
        : root_(root), in_(file), sources_(sources) {}

    Result<InstanceWords> read(std::string_view instance) {
        const ConfigScopes scopes = scopesOf(instance);
        if (scopes.empty()) {
            return Error{ErrorCode::NotFound, fmt::format("config.yaml names no instance {}", instance), in_.file(),
                         "add it under instances of a replica set"};
        }
        InstanceWords out;
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
            const StrictNode* users = findPath(**scope, "credentials.users");
            if (users == nullptr || !users->isMap()) continue;
            for (const StrictNode& user : users->children) {
                const StrictNode* password = user.isMap() ? user.find("password") : nullptr;
                if (password != nullptr && !password->isNull()) out.passwords[user.key] = secret(*password);
            }
        }
        if (const StrictNode* memory = optionOf(scopes, "memtx.memory")) {
            out.memtxMemory =
                static_cast<std::uint64_t>(in_.integer(*memory, "memtx.memory", kMemoryBytesMin, kMemoryBytesMax));
        }
        out.timeoutS = seconds(scopes, "replication.timeout");
        out.connectTimeoutS = seconds(scopes, "replication.connect_timeout");
        out.syncLagS = seconds(scopes, "replication.sync_lag");
        if (const StrictNode* skip = optionOf(scopes, "replication.skip_conflict")) {
            out.skipConflict = in_.boolean(*skip, "replication.skip_conflict");
        }
        if (const StrictNode* uuid = optionOf(scopes, "database.replicaset_uuid"); uuid != nullptr && !uuid->isNull()) {
            out.replicasetUuid = in_.text(*uuid, "database.replicaset_uuid");
            if (!Uuid::parse(out.replicasetUuid)) {
                in_.fail(uuid->pos(), fmt::format("database.replicaset_uuid is no uuid: {}", out.replicasetUuid),
                         "leave it out: it is made of the replica set's name then");
            }
        }
        if (const StrictNode* list = optionOf(scopes, "replication.peers"); list != nullptr && !list->isNull()) {
            out.hasPeers = in_.sequence(*list, "replication.peers");
            if (out.hasPeers) {
                out.peers.reserve(list->children.size());
                for (const StrictNode& peer : list->children) out.peers.push_back(secret(peer));
            }
        }
        if (!in_.ok()) return in_.error();
        return out;
    }

private:
    static constexpr double kSecondsMax = 1e9;

    std::optional<double> seconds(const ConfigScopes& scopes, const std::string& option) {
        const StrictNode* node = optionOf(scopes, option);
        if (node == nullptr || !in_.ok()) return std::nullopt;
        const std::string text = in_.anyText(*node, option);
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0' || !(value > 0 && value <= kSecondsMax)) {
            in_.fail(node->pos(), fmt::format("{} is no number of seconds: {}", option, text), option + ": 1");
            return std::nullopt;
        }
        return value;
    }
    static constexpr std::int64_t kMemoryBytesMin = 1 << 20;

    [[nodiscard]] ConfigScopes scopesOf(std::string_view instance) const {
        const StrictNode* groups = findPath(root_, "groups");
        if (groups == nullptr || !groups->isMap()) return {};
        for (const StrictNode& group : groups->children) {
            const StrictNode* sets = findPath(group, "replicasets");
            if (sets == nullptr || !sets->isMap()) continue;
            for (const StrictNode& set : sets->children) {
                const StrictNode* found = findPath(set, "instances");
                found = found != nullptr && found->isMap() ? found->find(instance) : nullptr;
                if (found != nullptr) return {found, &set, &group, &root_};
            }
        }
        return {};
    }

    std::string secret(const StrictNode& node) {
        std::string text = in_.anyText(node, "a password");
        constexpr std::string_view kContext = "context.";
        for (std::size_t at = text.find("{{"); at != std::string::npos && in_.ok(); at = text.find("{{", at)) {
            const std::size_t end = text.find("}}", at);
            if (end == std::string::npos) break;
            const std::string_view word = trim(std::string_view(text).substr(at + 2, end - at - 2));
            if (!word.starts_with(kContext)) {
                at += 2;
                continue;
            }
            const std::string value = contextValue(std::string(word.substr(kContext.size())), node);
            text.replace(at, end + 2 - at, value);
            at += value.size();
        }
        return text;
    }

    std::string contextValue(const std::string& name, const StrictNode& at) {
        const StrictNode* source = findPath(root_, "config.context." + name);
        if (source == nullptr || !source->isMap()) {
            in_.fail(at.pos(), fmt::format("config.context has no {}", name), "add it: from: env, or from: file");
            return {};
        }
        const StrictNode* from = in_.require(*source, "from", "a value of config.context");
        const std::string kind = from == nullptr ? std::string() : in_.text(*from, "from");
        if (kind != "env" && kind != "file") {
            if (from != nullptr) in_.fail(from->pos(), fmt::format("from cannot be '{}'", kind), "one of: env, file");
            return {};
        }
        const StrictNode* where = in_.require(*source, kind, "a value of config.context");
        if (where == nullptr) return {};
        std::string value = kind == "env" ? variable(*where) : fileText(*where);
        const StrictNode* strips = source->find("rstrip");
        if (strips != nullptr && in_.boolean(*strips, "rstrip")) {
            value.erase(value.find_last_not_of(" \t\r\n") + 1);
        }
        return value;
    }

    std::string variable(const StrictNode& node) {
        const std::string name = in_.text(node, "env");
        const auto value = in_.ok() ? sources_.environment(name) : std::nullopt;
        if (in_.ok() && !value) {
            in_.fail(node.pos(), fmt::format("the environment has no variable {}", name), "export " + name + "=...");
        }
        return value.value_or(std::string());
    }

    std::string fileText(const StrictNode& node) {
        const std::string path = in_.text(node, "file");
        if (!in_.ok()) return {};
        const auto text = sources_.file(path);
        if (!text) in_.fail(node.pos(), text.error().text(), text.error().fix);
        return text ? text.value() : std::string();
    }

    const StrictNode& root_;
    StrictReader in_;
    const ContextSources& sources_;
};

}  // namespace

Result<InstanceWords> instanceWords(std::string_view config, std::string_view file, std::string_view instance,
                                    const ContextSources& sources) {
    const Result<StrictNode> root = parseStrictYaml(config, file);
    if (!root) return root.error();
    return WordsReader(*root, file, sources).read(instance);
}

}  // namespace tributary::tarantool
