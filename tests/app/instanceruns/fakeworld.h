// An environment in a folder of its own, whose instances say what a test tells them to.
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "app/instanceruns/instanceworld.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::test {

inline constexpr const char* kConfig = R"(replication:
  failover: off
groups:
  group001:
    replicasets:
      replicaset001:
        instances:
          instance001:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3301'
          instance002:
            database:
              mode: rw   # both
            iproto:
              listen:
              - uri: '127.0.0.1:3302'
)";
inline constexpr const char* kUuid1 = "9bb111c2-3ff5-36a7-00f4-2b9a573ea660";
inline constexpr const char* kUuid2 = "4cfa6e3c-625e-b027-00a7-29b2f2182f23";

/// What one instance has: its info, and rows by space.
struct FakeInstance {
    bool isRunning = true;
    nlohmann::json info;
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> spaces;  ///< key and row
};

class FakeWorld : public app::InstanceWorld {
public:
    FakeWorld() {
        std::filesystem::create_directories(folder());
        write("config.yaml", kConfig);
        write("instances.yml", "instance001:\ninstance002:\n");
        // As on the page of the tutorial: instance002 is member 1.
        for (const char* name : {"instance001", "instance002"}) {
            const bool isFirst = std::string(name) == "instance001";
            nlohmann::json info{{"status", "running"},
                                {"ro", false},
                                {"uuid", isFirst ? kUuid1 : kUuid2},
                                {"name", name},
                                {"vclock", {{"1", 9}, {"2", 5}}}};
            const nlohmann::json up{{"status", "follow"}, {"idle", 0.2}, {"peer", "replicator@x"}, {"lag", 0.0003}};
            const nlohmann::json down{{"status", "follow"}, {"idle", 0.2}, {"lag", 0}};
            info["replication"]["1"] = {{"id", 1}, {"uuid", kUuid2}, {"lsn", 9}, {"name", "instance002"}};
            info["replication"]["2"] = {{"id", 2}, {"uuid", kUuid1}, {"lsn", 5}, {"name", "instance001"}};
            info["replication"][isFirst ? "1" : "2"]["upstream"] = up;
            info["replication"][isFirst ? "1" : "2"]["downstream"] = down;
            instances_[name] = {true, info, {{"bands", {{"1", "Roxette"}, {"2", "Scorpions"}}}}};
        }
    }

    [[nodiscard]] std::string folder() const { return dir_.path().toStdString() + "/instances.enabled/master_master"; }
    [[nodiscard]] std::string environment() const { return dir_.path().toStdString(); }
    FakeInstance& at(const std::string& name) { return instances_[name]; }
    [[nodiscard]] nlohmann::json& member(const std::string& at, const char* id) {
        return instances_[at].info["replication"][id];
    }
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(folder() + "/" + name).parent_path());
        std::ofstream(folder() + "/" + name) << text;
    }

    Result<std::vector<app::InstancePlace>> instances(const std::string& word) override {
        return app::findInstances(environment(), word);
    }
    Result<app::InstanceSeen> seen(const app::InstancePlace& place) override {
        if (isUnclear) return Error{ErrorCode::PermissionDenied, "the lock cannot be read", {}, {}};
        const bool runs = instances_[place.name].isRunning;
        return app::InstanceSeen{runs ? app::InstanceLife::Running : app::InstanceLife::NotRunning, runs ? 42 : 0};
    }
    /// What the test wrote, as it comes over the wire.
    Result<app::BoxInfo> info(const app::InstancePlace& place) override {
        if (!instances_[place.name].isRunning) return silent(place);
        return app::readBoxInfo(answerOf(instances_[place.name].info));
    }
    /// Rows are texts here; their keys are told as the one number that they are.
    Result<std::vector<app::SpaceComparison>> compare(const app::InstancePlace& a, const app::InstancePlace& b,
                                                      const app::DifferenceVisit& visit) override {
        std::map<std::string, app::SpaceComparison> out;
        std::map<std::string, std::map<int, std::pair<std::string, std::string>>> rows;
        for (const bool isA : {true, false}) {
            const app::InstancePlace& place = isA ? a : b;
            if (!instances_[place.name].isRunning) return silent(place);
            for (const auto& [name, held] : instances_[place.name].spaces) {
                app::SpaceComparison& space = out[name];
                space.a.space = space.b.space = name;
                (isA ? space.a : space.b).rows = held.size();
                for (const auto& [key, row] : held) {
                    auto& pair = rows[name][std::stoi(key)];
                    (isA ? pair.first : pair.second) = row;
                }
            }
        }
        std::vector<app::SpaceComparison> spaces;
        for (auto& [name, space] : out) {
            const bool isAtA = instances_[a.name].spaces.contains(name);
            const bool isAtB = instances_[b.name].spaces.contains(name);
            if (!isAtA || !isAtB) {
                space.shape = std::string("the ") + (isAtA ? "second" : "first") + " has no such space";
            }
            for (const auto& [key, pair] : rows[name]) {
                if (pair.first == pair.second || !isAtA) continue;
                const std::string encoded{static_cast<char>(0x91), static_cast<char>(key)};
                if (space.shape.empty()) ++space.rowsDifferent;
                visit({name, encoded, pair.first, pair.second});
            }
            spaces.push_back(space);
        }
        return spaces;
    }
    Result<app::ToolAnswer> tool(const std::vector<std::string>& words, const std::string& input, Millis) override {
        said.push_back(words);
        inputs.push_back(input);
        return answer;
    }

    bool isUnclear = false;
    Result<app::ToolAnswer> answer = app::ToolAnswer{};
    std::vector<std::vector<std::string>> said;
    std::vector<std::string> inputs;

private:
    static Bytes answerOf(const nlohmann::json& info) {
        Bytes out;
        engine::tarantool::MsgpackWriter writer(out);
        writer.array(1);
        write(writer, info);
        return out;
    }
    /// Keys that are numbers are told as numbers.
    static void write(engine::tarantool::MsgpackWriter& writer, const nlohmann::json& value) {
        if (!value.is_object()) {
            const std::vector<std::uint8_t> packed = nlohmann::json::to_msgpack(value);
            writer.raw(Bytes(packed.begin(), packed.end()));
            return;
        }
        writer.map(value.size());
        for (const auto& [key, each] : value.items()) {
            if (key.find_first_not_of("0123456789") == std::string::npos) {
                writer.unsignedInteger(std::stoull(key));
            } else {
                writer.string(key);
            }
            write(writer, each);
        }
    }
    static Error silent(const app::InstancePlace& place) {
        return {ErrorCode::Unavailable, "instance " + place.title() + " is not running", {}, {}};
    }
    QTemporaryDir dir_{QStringLiteral("/tmp/an environment XXXXXX")};
    std::map<std::string, FakeInstance> instances_;
};

}  // namespace tributary::test
