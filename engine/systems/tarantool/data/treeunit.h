// The state unit of Tarantool: spaces in memory as ordered trees, with undo, frozen pictures, and a bound.
#pragma once

#include <map>
#include <set>
#include <variant>

#include "engine/storage/treejournal.h"
#include "engine/systems/tarantool/data/space.h"

namespace tributary::engine::tarantool {

/// What a statement made: the tuple that it answers with (nullptr: none), or why it is refused. A refused statement has
/// changed nothing.
using Effect = std::variant<TuplePtr, BoxFailure>;

/// One thread. Statements outside begin() stand for themselves; inside, rollback() takes all of them back, newest
/// first. Spaces and indexes change outside transactions only.
class TreeUnit {
public:
    struct Options {
        std::size_t memoryBytesMax = 256U << 20U;  ///< of tuples, as memtx_memory
        std::size_t tupleBytesMax = 1U << 20U;
    };
    /// All spaces as they were when it was taken; to be read and dropped on any thread.
    using Picture = std::map<std::uint32_t, Space>;

    explicit TreeUnit(Options options) : options_(options), journal_(options.memoryBytesMax) {}

    [[nodiscard]] const std::map<std::uint32_t, Space>& spaces() const { return spaces_; }
    [[nodiscard]] const Space* space(std::uint32_t id) const;
    [[nodiscard]] const Space* spaceNamed(std::string_view name) const;
    /// The id is the lowest from 512 that was never used.
    [[nodiscard]] std::optional<BoxFailure> createSpace(const std::string& name, std::uint32_t& id);
    [[nodiscard]] std::optional<BoxFailure> dropSpace(std::uint32_t id);
    [[nodiscard]] std::optional<BoxFailure> renameSpace(std::uint32_t id, const std::string& name);
    [[nodiscard]] std::optional<BoxFailure> setFormat(std::uint32_t id, std::vector<FormatField> format);
    [[nodiscard]] std::optional<BoxFailure> addIndex(std::uint32_t id, IndexPlan plan);
    [[nodiscard]] std::optional<BoxFailure> dropIndex(std::uint32_t id, std::uint32_t index);
    [[nodiscard]] std::optional<BoxFailure> truncate(std::uint32_t id);

    Effect insert(std::uint32_t id, Bytes tuple) { return put(id, std::move(tuple), false); }
    Effect replace(std::uint32_t id, Bytes tuple) { return put(id, std::move(tuple), true); }
    /// `key` and `operations` are encoded arrays; `index` must be unique.
    Effect remove(std::uint32_t id, std::uint32_t index, BytesView key);
    Effect update(std::uint32_t id, std::uint32_t index, BytesView key, BytesView operations);
    /// Answers nothing, as Tarantool does.
    Effect upsert(std::uint32_t id, Bytes tuple, BytesView operations);
    [[nodiscard]] Effect get(std::uint32_t id, std::uint32_t index, BytesView key) const;

    [[nodiscard]] bool inTransaction() const { return journal_.inTransaction(); }
    [[nodiscard]] std::optional<BoxFailure> begin();
    void commit();
    void rollback();

    [[nodiscard]] Picture frozen() const { return spaces_; }
    /// Bytes of all tuples that are in. What only a picture still holds does not count.
    [[nodiscard]] std::size_t memoryBytes() const { return journal_.bytes(); }
    /// Rows that the statements so far would have logged.
    [[nodiscard]] std::uint64_t rows() const { return rows_ + journal_.changes(); }

private:
    Space* mutableSpace(std::uint32_t id);
    Effect put(std::uint32_t id, Bytes tuple, bool replaces);
    Effect exchange(Space& space, const TuplePtr& old, const TuplePtr& fresh);
    [[nodiscard]] std::optional<BoxFailure> checkName(const std::string& name) const;
    [[nodiscard]] std::optional<BoxFailure> find(std::uint32_t id, std::uint32_t index, BytesView key,
                                                 const Space*& space, TuplePtr& found) const;
    [[nodiscard]] std::optional<BoxFailure> schemaChange(std::uint32_t id, Space*& space);

    Options options_;
    std::map<std::uint32_t, Space> spaces_;
    std::uint32_t lastId_ = 511;
    TreeJournal<std::uint32_t, Tuple> journal_;  ///< by space
    std::uint64_t rows_ = 0;
};

}  // namespace tributary::engine::tarantool
