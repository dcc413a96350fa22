// The alarms of a cluster: raised per volume as the vendor does (maprdb.md section 1.9), by condition or by hand.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.h"

namespace tributary::engine {

inline constexpr std::string_view kAlarmReplicationError = "VOLUME_ALARM_TABLE_REPL_ERROR";
inline constexpr std::string_view kAlarmReplicationLag = "VOLUME_ALARM_TABLE_REPL_LAG_HIGH";
inline constexpr std::string_view kAlarmReplicationAsync = "VOLUME_ALARM_TABLE_REPL_ASYNC";
inline constexpr std::string_view kAlarmGatewayDown = "NODE_ALARM_SERVICE_GATEWAY_DOWN";
inline constexpr std::string_view kAlarmDiskFull = "NODE_ALARM_DISK_FULL";
inline constexpr std::string_view kAlarmDiskFailure = "NODE_ALARM_DISK_FAILURE";
inline constexpr std::string_view kAlarmDataUnavailable = "VOLUME_ALARM_DATA_UNAVAILABLE";
inline constexpr std::string_view kAlarmClockDrift = "NODE_ALARM_TIME_SKEW";
inline constexpr std::string_view kAlarmCertificateRefused = "NODE_ALARM_CERTIFICATE_REFUSED";
inline constexpr std::string_view kAlarmPutBack = "NODE_ALARM_VOLUME_PUT_BACK";

/// All names that raise() accepts, with what they mean.
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& alarmNames();

struct Alarm {
    std::string name;
    std::string entity;  ///< volume, or node
    Millis raisedMs = 0;
    std::string description;
    bool byHand = false;
};

/// Executor's thread only. Conditions are re-evaluated as a whole: what is no longer wanted is cleared.
class AlarmBoard {
public:
    /// Called inside the call that raised or cleared an alarm, after it; must not block. Empty = nobody listens.
    using OnChange = std::function<void(const Alarm& alarm, bool raised)>;
    void setOnChange(OnChange onChange) { onChange_ = std::move(onChange); }

    /// Conditions that hold now: raises the new ones (keeping the time of old ones), clears the rest of `byCondition`.
    void setConditions(const std::vector<Alarm>& wanted, Millis nowMs);
    void raise(const std::string& name, const std::string& entity, const std::string& description, Millis nowMs);
    /// Clears by name and entity (empty = any). A condition that still holds comes back at the next evaluation.
    std::size_t clear(const std::string& name, const std::string& entity);
    [[nodiscard]] std::vector<Alarm> list() const;

private:
    void tell(const Alarm& alarm, bool raised) const {
        if (onChange_) onChange_(alarm, raised);
    }
    /// Takes out what `which` picks and tells of each. Returns how many.
    std::size_t take(const std::function<bool(const Alarm&)>& which);

    OnChange onChange_;
    std::map<std::pair<std::string, std::string>, Alarm> alarms_;
};

}  // namespace tributary::engine
