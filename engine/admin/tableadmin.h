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

/// Choices that the vendor's documents leave open, and what the tools need beyond clusters.
struct AdminOptions {
    /// `replica autosetup -multimaster true`: load the replica before the way back is registered, as the 6.0 documents
    /// do; false = register the way back first, as those of 6.1 do (maprdb.md section 2.7).
    bool loadBeforeBackEdge = true;
    FileOps* files = nullptr;  ///< borrowed; DiffTables writes its operations through it, and refuses without one
    std::function<void(Millis)> pause;  ///< how a comparison waits before it looks again; empty = it does not wait
    OnCopyProgress onCopyProgress;      ///< of CopyTable and autosetup; may be empty
};

/// Executes operations as one user. Local paths lie in the operation's cluster, else in the directory's default one.
/// A value of cheap parts; calls block; one thread at a time.
///
/// Decision: `replica autosetup -directcopy true` copies through this client too, while the states of a server-side
/// copy (CREATE_SCHEDULE ... REPLICATING) are recorded at the source; the command therefore returns when the copy is
/// done. An interrupted one leaves the edge registered in COPY_IN_RECOVER, and a CopyTable finishes it.
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
