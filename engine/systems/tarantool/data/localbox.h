// An instance of one: spaces in memory behind the calls of `box`. Nothing is written anywhere.
#pragma once

#include <functional>

#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/systems/tarantool/data/boxbackend.h"
#include "engine/systems/tarantool/data/treeunit.h"

namespace tributary::engine::tarantool {

/// Its methods and their arguments:
///   space [name or id] · create_space [name] · drop_space [id] · rename_space [id, name]
///   set_format [id, [[name, type, nullable], ...]] · truncate [id]
///   create_index [id, name, kind, unique, [[field or name, type or nil, nullable], ...]] · drop_index [id, index]
///   insert replace [id, tuple] · upsert [id, tuple, operations]
///   get delete [id, index, key] · update [id, index, key, operations]
///   select [id, index, key, iterator, offset, limit] · count [id, index, key, iterator] · len bsize [id]
///   begin commit rollback in_transaction info []
class LocalBox final : public BoxBackend {
public:
    LocalBox(TreeUnit::Options options, Uuid instance, Uuid replicaset)
        : unit_(options), instance_(instance), replicaset_(replicaset) {}

    BoxAnswer call(std::string_view method, BytesView arguments) override;
    /// What a statement left open is taken back: consoles end each one like this.
    /// @return whether something was open
    bool rollbackOpen() {
        const bool wasOpen = unit_.inTransaction();
        if (wasOpen) unit_.rollback();
        return wasOpen;
    }

private:
    using Arguments = std::vector<BytesView>;
    using Method = BoxAnswer (LocalBox::*)(const Arguments&);

    BoxAnswer space(const Arguments& arguments);
    BoxAnswer createSpace(const Arguments& arguments);
    BoxAnswer dropSpace(const Arguments& arguments);
    BoxAnswer renameSpace(const Arguments& arguments);
    BoxAnswer setFormat(const Arguments& arguments);
    BoxAnswer truncate(const Arguments& arguments);
    BoxAnswer createIndex(const Arguments& arguments);
    BoxAnswer dropIndex(const Arguments& arguments);
    BoxAnswer insert(const Arguments& arguments);
    BoxAnswer replace(const Arguments& arguments);
    BoxAnswer upsert(const Arguments& arguments);
    BoxAnswer get(const Arguments& arguments);
    BoxAnswer remove(const Arguments& arguments);
    BoxAnswer update(const Arguments& arguments);
    BoxAnswer select(const Arguments& arguments);
    BoxAnswer count(const Arguments& arguments);
    BoxAnswer length(const Arguments& arguments);
    BoxAnswer byteSize(const Arguments& arguments);
    BoxAnswer begin(const Arguments& arguments);
    BoxAnswer commit(const Arguments& arguments);
    BoxAnswer rollback(const Arguments& arguments);
    BoxAnswer inTransaction(const Arguments& arguments);
    BoxAnswer info(const Arguments& arguments);

    std::optional<BoxFailure> walk(const Arguments& arguments, const TupleTree::Visit& visit);

    TreeUnit unit_;
    Uuid instance_;
    Uuid replicaset_;
};

}  // namespace tributary::engine::tarantool
