// The administrator's side of MapR-DB tables: every verb carried out by control requests to the clusters concerned.
#pragma once

#include <functional>
#include <string>

#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "engine/admin/copytable.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/seams/fileops.h"

namespace tributary::engine::maprdb {

/// What the tools need beyond clusters.
struct AdminOptions {
    FileOps* files = nullptr;  ///< borrowed; DiffTables writes its operations through it, and refuses without one
    std::function<void(Millis)> pause;  ///< how a comparison waits before it looks again; empty = it does not wait
    OnCopyProgress onCopyProgress;      ///< of CopyTable and autosetup; may be empty
};

/// Executes operations as one user. Local paths lie in the operation's cluster, else in the directory's default one.
/// A value of cheap parts; calls block; one thread at a time.
///
/// `replica autosetup` with directcopy asks the source, which does it all by itself (engine/node/setups.h); the command
/// returns at once. Without directcopy it is carried out from here and returns when the copy is done; an interrupted
/// one leaves the edge registered and paused, and the error names the commands that clean up. Decision: the replica is
/// loaded before the way back is registered, as the documents of 6.0 do; those of 6.1 name the other order.
class TableAdmin {
public:
    /// `user` is who the directory's clients act as; it appears in fixes only, permissions are checked by the clusters.
    TableAdmin(ClusterDirectory& directory, std::string user, NowMs nowMs, AdminOptions options = {});

    /// Carries the operation out. `timeoutMs` bounds it as a whole (0 = no limit): Timeout leaves its effect in doubt.
    /// Errors name the option in `where` and the next command in `fix`.
    Result<Outcome> execute(const Operation& op, Millis timeoutMs = 0);

private:
    ClusterDirectory& directory_;
    std::string user_;
    NowMs nowMs_;
    AdminOptions options_;
};

}  // namespace tributary::engine::maprdb
