// The kind of data "instance": all spaces of a Tarantool instance as one dataset, decided before it is logged.
//
// A body is rows (rowlist.h). A client's rows have no number: the decision gives them the instance's id, the next
// numbers of its component of the vector clock and the time, and that is what is logged and goes on. The effect is the
// keys that changed, with their images (rowkeys.h), the clock's among them; a stored record is lsn u64 | image, and of
// two the larger lsn wins, since one entry is decided after the other.
//
// Decision: the numbers people see lie in the state and are decided with the rows. They never start again with a life
// of the volume, as the numbers of lanes do.
//
// A row that is refused stops the whole entry: Error::where holds "ER <code>" and Error::what Tarantool's words.
#pragma once

#include <memory>

#include "engine/node/controlkind.h"
#include "engine/systems/tarantool/instance/spacecache.h"
#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

class RowTriggers;
class RowWork;
struct InstanceSettings;

/// What the catalog keeps of an instance.
class InstanceSchema final : public DatasetSchema {
public:
    InstanceSchema(std::string instanceUuid, std::uint64_t memoryBytes);
    [[nodiscard]] const std::string& uuid() const { return uuid_; }
    [[nodiscard]] std::uint64_t memoryBytes() const { return memoryBytes_; }
    /// What decisions and reads have read of it already.
    [[nodiscard]] SpaceCache& spaces() const { return *spaces_; }
    /// Of the running instance, for its decisions; no part of what is kept. Executor's thread only.
    [[nodiscard]] RowTriggers* triggers() const { return triggers_->get(); }
    void install(std::shared_ptr<RowTriggers> triggers) const { *triggers_ = std::move(triggers); }

private:
    std::shared_ptr<std::shared_ptr<RowTriggers>> triggers_ = std::make_shared<std::shared_ptr<RowTriggers>>();
    std::string uuid_;
    std::uint64_t memoryBytes_;  ///< of rows, as memtx_memory
    std::unique_ptr<SpaceCache> spaces_ = std::make_unique<SpaceCache>();
};

[[nodiscard]] const DatasetKind& instanceKind();
/// What a node must be told to be an instance, and nothing else.
[[nodiscard]] std::shared_ptr<const NodeKinds> onlyInstance(std::shared_ptr<InstanceSettings> settings);

/// A refusal as the error that stops an entry, and back; nullopt for other errors.
[[nodiscard]] Error errorOf(const BoxFailure& failure);
[[nodiscard]] std::optional<BoxFailure> failureOf(const Error& error);

/// The clock as a state has it. Errors: those of the view.
[[nodiscard]] Result<Vclock> clockOf(StateView& view);

}  // namespace tributary::engine::tarantool
