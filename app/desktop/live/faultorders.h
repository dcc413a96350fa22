// Faults as a person orders them, and the requests that they become: the same as `tributary fault` sends.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "app/daemon/session.h"
#include "app/observe/faultcalls.h"

namespace tributary::desktop {

enum class FaultKind {
    Cut,
    Delay,
    Bandwidth,
    Heal,
    GatewayStop,
    GatewayStart,
    Kill,
    Freeze,
    Thaw,
    Start,
    DiskFull,
    DiskSlow,
    DiskOk
};

struct FaultOrder {
    FaultKind kind = FaultKind::Cut;
    std::string a;        ///< cluster, or the gateway's name
    std::string b;        ///< the other cluster of a network fault
    std::string amount;   ///< of Delay ("35ms"), Bandwidth ("1MB/s") and DiskSlow ("50ms", may be empty)
    bool oneWay = false;  ///< only what `a` sends to `b`
};

/// "cut sanfrancisco -> newyork", for the log.
[[nodiscard]] QString faultOrderText(const FaultOrder& order);
/// Carries it out. Blocks. Errors: InvalidInput (unknown cluster, bad amount), those of the host.
Status carryOutFault(app::Session& session, const FaultOrder& order);

/// The proof after a clear: what is left, and what could not be asked.
struct ClearedFaults {
    std::vector<std::string> problems;  ///< of clearing, one line each
    app::FaultList left;                ///< asked anew afterwards
    [[nodiscard]] bool clean() const { return problems.empty() && left.faults.empty() && left.unknown.empty(); }
};
/// Clears every fault and asks every cluster again. Blocks.
[[nodiscard]] ClearedFaults clearAndProve(app::Session& session);

}  // namespace tributary::desktop
