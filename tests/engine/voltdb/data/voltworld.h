// A host of VoltDB in a simulated world, and calls to it.
#pragma once

#include <fmt/format.h>

#include <QtGlobal>
#include <optional>

#include "engine/sim/simworld.h"
#include "engine/systems/voltdb/data/voltcontrol.h"
#include "engine/systems/voltdb/voltdbkinds.h"

namespace tributary::test {

namespace vt = engine::voltdb;

/// A value in one word: numbers, 'texts', decimals, null.
inline std::string shown(const vt::ColumnValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}f", *real);
    if (const auto* decimal = std::get_if<vt::DecimalBytes>(&value)) return vt::decimalText(*decimal);
    if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
    return "null";
}

/// "A,B:1,'x';2,null" of each table, or the failure.
inline std::string shown(const vt::VoltAnswer& answer) {
    if (!answer.ok()) return fmt::format("{}: {}", static_cast<int>(answer.status), answer.text);
    std::string out;
    for (const vt::ResultTable& table : answer.tables) {
        if (!out.empty()) out += " | ";
        std::string line;
        for (const auto& column : table.columns) line += (line.empty() ? "" : ",") + column.name;
        out += line + ":";
        bool isFirst = true;
        for (const auto& row : table.rows) {
            line.clear();
            for (const auto& value : row) line += (line.empty() ? "" : ",") + shown(value);
            out += (isFirst ? "" : ";") + line;
            isFirst = false;
        }
    }
    return out;
}

class VoltWorld {
public:
    using Told = std::function<void(vt::VoltSettings&, engine::NodeConfig&)>;
    explicit VoltWorld(const Told& tell = {}, std::uint64_t seed = 5) : world_(seed) {
        settings_->clusterId = 3;
        settings_->sitesPerHost = 4;
        engine::NodeConfig config;
        config.cluster = "east";
        config.volumeDir = "/volume";
        config.key = "key of the host";
        config.pid = 4711;
        config.snapshotEveryMs = 1'000;
        if (tell) tell(*settings_, config);
        vt::tellHost(config, settings_);
        world_.add(std::move(config), 64U << 20U);
        start();
    }
    void start() {
        const Status started = world_.host(0).start();
        if (!started) qFatal("%s", started.error().full().c_str());
        std::optional<Status> begun;
        control().begin([&](const Status& status) { begun = status; });
        if (!run([&] { return begun.has_value(); }) || !begun->ok()) qFatal("the host does not begin");
    }
    void powerCut() {
        world_.host(0).powerCut(world_.splitSeed());
        start();
    }
    void kill() {
        world_.host(0).kill();
        start();
    }
    void stop() {
        node().prepareStop();
        const Status stopped = node().stopCleanly();
        if (!stopped) qFatal("%s", stopped.error().full().c_str());
        kill();
    }
    engine::sim::SimNode& host() { return world_.host(0); }
    engine::Node& node() { return world_.host(0).node(); }
    vt::VoltControl& control() { return vt::hostOf(node()); }
    engine::FaultPoints& faults() { return host().faults(); }
    vt::VoltSettings& settings() { return *settings_; }
    bool run(const std::function<bool()>& done, Millis ms = 60'000) {
        return world_.runUntil(world_.events().nowUs() + ms * 1000, done);
    }
    void pass(Millis ms) {
        (void)run([] { return false; }, ms);
    }
    vt::VoltAnswer call(const std::string& procedure, vt::RowImage parameters = {}) {
        std::optional<vt::VoltAnswer> answer;
        control().call({procedure, std::move(parameters)}, [&](vt::VoltAnswer given) { answer = std::move(given); });
        if (!run([&] { return answer.has_value(); })) qFatal("no answer to %s", procedure.c_str());
        return *answer;
    }
    std::string sql(const std::string& text, const vt::RowImage& parameters = {}) {
        vt::RowImage all{text};
        all.insert(all.end(), parameters.begin(), parameters.end());
        return shown(call("@AdHoc", std::move(all)));
    }
    /// Statements that must succeed.
    void must(const std::string& text) {
        const std::string answer = sql(text);
        if (answer.starts_with("-")) qFatal("%s: %s", text.c_str(), answer.c_str());
    }

private:
    engine::sim::SimWorld world_;
    std::shared_ptr<vt::VoltSettings> settings_ = std::make_shared<vt::VoltSettings>();
};

}  // namespace tributary::test
