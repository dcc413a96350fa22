// Two or three instances that replicate as far as runbooks see it: joins, clocks by rows, appliers that stop at a clash
// and stay stopped until their list of peers is another one.
#pragma once

#include "core/base/text.h"
#include "core/systems/tarantool/configedit.h"
#include "core/workspace/strictyaml.h"
#include "fakeworld.h"

namespace tributary::test {

class ReplicaSetWorld final : public FakeWorld {
public:
    ReplicaSetWorld() {
        for (const char* name : {"instance001", "instance002"}) {
            write(std::string("var/lib/") + name + "/1.snap", "x");
            appliedConfig_[name] = peers();
        }
    }
    /// Both insert another row with key 5: both appliers stop.
    void clash() {
        at("instance001").spaces["bands"].emplace_back("5", "Pink Floyd");
        at("instance002").spaces["bands"].emplace_back("5", "incorrect data");
        member("instance001", "1")["upstream"] = stopped();
        member("instance002", "2")["upstream"] = stopped();
        at("instance002").info["vclock"]["1"] = 10;
        at("instance001").info["vclock"]["2"] = 6;
    }

    Result<app::ToolAnswer> tool(const std::vector<std::string>& words, const std::string& input,
                                 Millis timeoutMs) override {
        (void)FakeWorld::tool(words, input, timeoutMs);
        const auto tt = std::find(words.begin(), words.end(), "tt");
        const std::string verb = tt[1];
        const bool isConsole = verb == "connect";
        const std::string which = isConsole ? tt[2] : words.back();
        const std::string name = which.substr(which.find(':') + 1);
        if (verb == "stop") at(name).isRunning = false;
        if (verb == "start") start(name);
        if (isConsole && !at(name).isRunning) return app::ToolAnswer{1, {}, "not running"};
        if (isConsole && input.starts_with("require('config')")) reload(name);
        if (isConsole && input.starts_with("box.space._cluster:delete(")) expel(input.substr(26, 1));
        return app::ToolAnswer{0, isConsole ? R"({"answers":[{"answer":"---\n...\n"}]})" : "", ""};
    }

    bool joins = true;  ///< false: a start brings nothing

private:
    static nlohmann::json stopped() {
        return {{"status", "stopped"}, {"lag", 143.5}, {"message", "Duplicate key exists"}};
    }
    [[nodiscard]] std::string config() const { return readTextFile(folder() + "/config.yaml").valueOr(""); }
    [[nodiscard]] std::string valueOf(const std::string& name, const std::string& key) const {
        return tarantool::configValue(config(), "config.yaml", name, key).valueOr("");
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> out;
        const auto list = parseStrictYaml(readTextFile(folder() + "/instances.yml").valueOr(""), "instances.yml");
        for (const StrictNode& each : list->children) out.push_back(each.key);
        return out;
    }
    [[nodiscard]] std::string peers() const {
        std::string out;
        for (const std::string& name : names()) out += name + "=" + valueOf(name, "iproto.listen") + " ";
        return out;
    }
    void start(const std::string& name) {
        if (!joins) return;
        at(name).isRunning = true;
        const std::string lib = folder() + "/var/lib/" + name;
        if (!std::filesystem::exists(lib + "/1.snap")) {
            const FakeInstance keeper = at("instance001");
            FakeInstance& fresh = at(name);
            const std::string pinned = valueOf(name, "database.instance_uuid");
            fresh.info = keeper.info;
            fresh.spaces = keeper.spaces;
            fresh.info["name"] = name;
            fresh.info["uuid"] = pinned.empty() ? "uuid of " + name : pinned;
            std::string id = "3";
            for (const auto& [number, each] : keeper.info["replication"].items()) {
                if (each["name"] == name) id = number;
            }
            for (const std::string& each : names()) {
                at(each).info["replication"][id]["id"] = std::stoi(id);
                at(each).info["replication"][id]["name"] = name;
                at(each).info["replication"][id]["uuid"] = fresh.info["uuid"];
            }
            // Its own entry has no halves; what it lists of the others follows.
            fresh.info["replication"][id].erase("upstream");
            fresh.info["replication"][id].erase("downstream");
            write("var/lib/" + name + "/1.snap", "x");
        }
        appliedConfig_[name].clear();
        reload(name);
    }
    void reload(const std::string& name) {
        FakeInstance& one = at(name);
        one.info["ro"] = valueOf(name, "database.mode") == "ro";
        if (appliedConfig_[name] == peers()) return;  // an equal list restarts nothing
        appliedConfig_[name] = peers();
        for (auto& member : one.info["replication"]) {
            const std::string peer = member["name"];
            if (peer == name) continue;
            const bool listens = !valueOf(peer, "iproto.listen").empty();
            member.erase("upstream");
            if (!listens) continue;
            const bool clashes = at(peer).spaces != one.spaces && valueOf(name, "replication.skip_conflict") != "true";
            member["upstream"] = clashes ? stopped() : nlohmann::json{{"status", "follow"}, {"lag", 0.0003}};
            for (auto& back : at(peer).info["replication"]) {
                if (back["name"] == name) back["downstream"] = {{"status", clashes ? "stopped" : "follow"}};
            }
            if (!clashes) one.info["vclock"].update(maxOf(one.info["vclock"], at(peer).info["vclock"]));
        }
    }
    static nlohmann::json maxOf(const nlohmann::json& a, const nlohmann::json& b) {
        nlohmann::json out = a;
        for (const auto& [id, number] : b.items()) {
            if (!out.contains(id) || out[id] < number) out[id] = number;
        }
        return out;
    }
    void expel(const std::string& id) {
        for (const char* name : {"instance001", "instance002"}) at(name).info["replication"].erase(id);
    }

    std::map<std::string, std::string> appliedConfig_;
};

}  // namespace tributary::test
