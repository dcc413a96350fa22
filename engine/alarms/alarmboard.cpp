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
        {kAlarmDiskFailure, "rows stay in memory because the volume's disk does not take them"},
        {kAlarmDataUnavailable, "the file of a table of the volume cannot be opened"},
        {kAlarmClockDrift,
         "a link is held because its peer's clock is too far ahead; clearing it by name lets in what is held"},
        {kAlarmCertificateRefused, "a TLS handshake at a door of the cluster was refused; until it is cleared"},
        {kAlarmPutBack,
         "a volume is an older copy, or a peer knows writes that this cluster does not; until it is cleared"}};
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
        if (isNew) tell(at->second, true);
    }
    take([&](const Alarm& alarm) { return !alarm.byHand && kept.count({alarm.name, alarm.entity}) == 0; });
}

void AlarmBoard::raise(const std::string& name, const std::string& entity, const std::string& description,
                       Millis nowMs) {
    const bool isNew = alarms_.count({name, entity}) == 0;
    Alarm& alarm = alarms_[{name, entity}];
    alarm = Alarm{name, entity, nowMs, description, true};
    if (isNew) tell(alarm, true);
}

std::size_t AlarmBoard::clear(const std::string& name, const std::string& entity) {
    return take([&](const Alarm& alarm) {
        return (name.empty() || alarm.name == name) && (entity.empty() || alarm.entity == entity);
    });
}

std::size_t AlarmBoard::take(const std::function<bool(const Alarm&)>& which) {
    std::vector<Alarm> gone;
    std::erase_if(alarms_, [&](const auto& item) {
        if (!which(item.second)) return false;
        gone.push_back(item.second);
        return true;
    });
    for (const Alarm& alarm : gone) tell(alarm, false);
    return gone.size();
}

std::vector<Alarm> AlarmBoard::list() const {
    std::vector<Alarm> out;
    out.reserve(alarms_.size());
    for (const auto& [key, alarm] : alarms_) out.push_back(alarm);
    return out;
}

}  // namespace tributary::engine
