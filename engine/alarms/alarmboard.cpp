// Raising and clearing.
#include "engine/alarms/alarmboard.h"

#include <set>

namespace tributary::engine {

const std::vector<std::pair<std::string_view, std::string_view>>& alarmNames() {
    static const std::vector<std::pair<std::string_view, std::string_view>> kNames{
        {kAlarmReplicationError, "replication of a table of the volume fails; see errors of table replica list"},
        {kAlarmReplicationLag, "a replica is further behind than the volume's threshold"},
        {kAlarmReplicationAsync, "a synchronous replica is asynchronous for the time being"},
        {kAlarmGatewayDown, "a gateway of the cluster is stopped"},
        {kAlarmDiskFull, "writes are refused because the volume's disk is full"},
        {kAlarmClockDrift, "a peer's clock is too far ahead"}};
    return kNames;
}

void AlarmBoard::setConditions(const std::vector<Alarm>& wanted, Millis nowMs) {
    std::set<std::pair<std::string, std::string>> kept;
    for (const Alarm& alarm : wanted) {
        const auto key = std::make_pair(alarm.name, alarm.entity);
        kept.insert(key);
        auto [at, isNew] = alarms_.try_emplace(key, alarm);
        if (isNew) at->second.raisedMs = nowMs;
        at->second.description = alarm.description;
        at->second.byHand = false;
    }
    std::erase_if(alarms_, [&](const auto& item) { return !item.second.byHand && kept.count(item.first) == 0; });
}

void AlarmBoard::raise(const std::string& name, const std::string& entity, const std::string& description,
                       Millis nowMs) {
    alarms_[{name, entity}] = Alarm{name, entity, nowMs, description, true};
}

std::size_t AlarmBoard::clear(const std::string& name, const std::string& entity) {
    return std::erase_if(alarms_, [&](const auto& item) {
        return (name.empty() || item.first.first == name) && (entity.empty() || item.first.second == entity);
    });
}

std::vector<Alarm> AlarmBoard::list() const {
    std::vector<Alarm> out;
    out.reserve(alarms_.size());
    for (const auto& [key, alarm] : alarms_) out.push_back(alarm);
    return out;
}

}  // namespace tributary::engine
