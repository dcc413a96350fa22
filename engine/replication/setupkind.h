// What a kind of data says of a replica that its source sets up by itself: the steps around the copy, and the copy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/catalog/datasetrecord.h"
#include "engine/dataset/copywork.h"

namespace tributary::engine {

/// Code of an error: what was being filled is not there any more.
inline constexpr const char* kErrReplicaDeleted = "ErrReplicaDeleted";

/// A request of a set-up. What was done before a crash is done again: its second answer must not be a failure.
struct SetupCall {
    bool atSource = false;
    std::uint16_t method = 0;
    Json body;
    bool mayExist = false;  ///< AlreadyExists says that it is done
};

/// Stateless; executor's thread only. The replica's record has `setup` as whoever asked for it wrote it.
class SetupKind {
public:
    virtual ~SetupKind() = default;
    /// Why the source cannot be copied yet, and will be later; empty = it can.
    [[nodiscard]] virtual std::string waitsFor(const DatasetRecord& source) const = 0;
    /// What makes the replica and has it accept the source.
    [[nodiscard]] virtual std::vector<SetupCall> beginning(const DatasetRecord& source,
                                                           const ReplicaRecord& replica) const = 0;
    /// The copy, from the token of the one before it; null = from the beginning.
    [[nodiscard]] virtual std::unique_ptr<CopyWork> copy(const DatasetRecord& source, const ReplicaRecord& replica,
                                                         const Json& token) const = 0;
    /// What is left to do when all is copied: the way back, where it was asked for.
    [[nodiscard]] virtual std::vector<SetupCall> ending(const DatasetRecord& source,
                                                        const ReplicaRecord& replica) const = 0;
};

}  // namespace tributary::engine
