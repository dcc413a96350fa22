// The calls of `box` on spaces: arguments to rows, rows to results.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/tarantool/instance/beginning.h"
#include "engine/systems/tarantool/instance/picture.h"
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kAnswerMax = 64U << 20U;
constexpr std::size_t kChunkRows = 512;
constexpr std::size_t kChunkBytes = 1U << 20U;

BoxAnswer answerOf(const Effect& effect) {
    if (const auto* failure = std::get_if<BoxFailure>(&effect)) return *failure;
    const TuplePtr& tuple = std::get<TuplePtr>(effect);
    return tuple == nullptr ? noResults() : oneResult(tuple->bytes());
}

/// The row by which 2.6 counts spaces, in _schema; `id` becomes what it comes to.
Result<Packet> nextSpaceOf26(RowWork& work, std::uint32_t& id) {
    Bytes key;
    MsgpackWriter writer(key);
    writer.array(1);
    writer.string(kMaxIdKey);
    const auto known = work.get(kSchemaSpace, 0, key);
    if (!known) return known.error();
    const auto* row = std::get_if<TuplePtr>(&known.value());
    if (row == nullptr || *row == nullptr) {
        Bytes fresh;
        MsgpackWriter made(fresh);
        made.array(2);
        made.string(kMaxIdKey);
        made.unsignedInteger(id);
        return putRow(PacketType::Insert, kSchemaSpace, fresh);
    }
    id = std::max(id, idField(**row, 1) + 1);
    Bytes operations;
    MsgpackWriter counted(operations);
    counted.array(1);
    counted.array(3);
    counted.string("+");
    counted.unsignedInteger(2);
    counted.unsignedInteger(id - idField(**row, 1));
    return updateRow(kSchemaSpace, 0, key, operations);
}

}  // namespace

Status PublishedView::scan(BytesView from, BytesView to, const Visit& visit) {
    Bytes next(from);
    while (true) {
        const auto chunk = view_->scan(next, to, kChunkRows, kChunkBytes);
        if (!chunk) return chunk.error();
        for (const StoredRow& row : chunk.value().rows) {
            if (!visit(row.key, row.record)) return okStatus();
        }
        if (chunk.value().atEnd || chunk.value().rows.empty()) return okStatus();
        next = chunk.value().rows.back().key + '\0';
    }
}

InstanceControl::Handler InstanceControl::handlerOf(std::string_view method) {
    using Self = InstanceControl;
    static constexpr std::array<std::pair<std::string_view, Handler>, 30> kHandlers{
        {{"space", &Self::space},
         {"create_space", &Self::createSpace},
         {"drop_space", &Self::dropSpace},
         {"rename_space", &Self::renameSpace},
         {"set_format", &Self::setFormat},
         {"truncate", &Self::truncate},
         {"create_index", &Self::createIndex},
         {"drop_index", &Self::dropIndex},
         {"insert", &Self::insert},
         {"replace", &Self::replace},
         {"upsert", &Self::upsert},
         {"update", &Self::update},
         {"delete", &Self::remove},
         {"get", &Self::get},
         {"select", &Self::select},
         {"count", &Self::count},
         {"len", &Self::length},
         {"bsize", &Self::byteSize},
         {"begin", &Self::beginTransaction},
         {"commit", &Self::commit},
         {"rollback", &Self::rollback},
         {"in_transaction", &Self::inTransaction},
         {"info", &Self::info},
         {"cfg", &Self::cfg},
         {"set_cfg", &Self::setCfg},
         {"snapshot", &Self::snapshot},
         {"set_trigger", &Self::setTrigger},
         {"triggers", &Self::triggers},
         {"reload", &Self::reload},
         {"config", &Self::config}}};
    const auto* const found =
        std::find_if(kHandlers.begin(), kHandlers.end(), [&](const auto& known) { return known.first == method; });
    return found == kHandlers.end() ? nullptr : found->second;
}

void InstanceControl::space(const Asked& asked) {
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        const bool isNamed = MsgpackReader(argumentAt(asked.arguments, 0)).type() == MsgpackType::String;
        const auto found =
            isNamed ? work.spaceNamed(textArgument(asked.arguments, 0)) : work.space(idArgument(asked.arguments, 0));
        if (!found) return found.error();
        return found.value() == nullptr ? noResults() : describeSpace(*found.value());
    });
}

void InstanceControl::createSpace(const Asked& asked) {
    const std::string name = textArgument(asked.arguments, 0);
    std::uint32_t id = 0;
    bool isTaken = false;
    std::vector<Packet> rows;
    const bool seen = lookFirst(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        std::uint32_t highest = kFirstUserSpace - 1;
        const auto walked = work.select(kSpaceSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
            highest = std::max(highest, idField(*row, 0));
            isTaken = isTaken || textField(*row, 2) == name;
            return true;
        });
        if (!walked) return walked.error();
        id = highest + 1;
        if (settings_->era != Era::V2_6) return noResults();
        auto counted = nextSpaceOf26(work, id);
        if (!counted) return counted.error();
        rows.push_back(std::move(counted).value());
        return noResults();
    });
    if (!seen) return;
    if (isTaken) {
        asked.answered(failures::spaceExists(name));
        return;
    }
    Asked writing{asked.session, asked.arguments, [id, answered = asked.answered](const BoxAnswer& answer) {
                      answered(std::holds_alternative<BoxFailure>(answer) ? answer : oneResult(std::uint64_t{id}));
                  }};
    rows.push_back(putRow(PacketType::Insert, kSpaceSpace, spaceRow(id, name, {})));
    write(writing, std::move(rows));
}

void InstanceControl::dropSpace(const Asked& asked) {
    const std::uint32_t id = idArgument(asked.arguments, 0);
    std::vector<Packet> rows;
    const bool seen = lookFirst(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        const auto found = work.space(id);
        if (!found) return found.error();
        if (found.value() == nullptr) return noResults();
        const auto& indexes = found.value()->indexes();
        for (auto index = indexes.rbegin(); index != indexes.rend(); ++index) {
            rows.push_back(deleteRow(kIndexSpace, 0, keyOf({id, index->plan.id})));
        }
        const auto emptied = work.get(kTruncateSpace, 0, keyOf({id}));
        if (!emptied) return emptied.error();
        if (std::holds_alternative<TuplePtr>(emptied.value()) && std::get<TuplePtr>(emptied.value()) != nullptr) {
            rows.push_back(deleteRow(kTruncateSpace, 0, keyOf({id})));
        }
        rows.push_back(deleteRow(kSpaceSpace, 0, keyOf({id})));
        return noResults();
    });
    if (!seen) return;
    if (rows.empty()) {
        asked.answered(failures::noSuchSpace(std::to_string(id)));
        return;
    }
    write(asked, std::move(rows));
}

void InstanceControl::renameSpace(const Asked& asked) {
    Bytes name;
    MsgpackWriter(name).string(textArgument(asked.arguments, 1));
    write(asked, {updateRow(kSpaceSpace, 0, keyOf({idArgument(asked.arguments, 0)}), setField(3, name))});
}

void InstanceControl::setFormat(const Asked& asked) {
    std::vector<FormatField> format;
    if (auto problem = formatArgument(argumentAt(asked.arguments, 1), format)) {
        asked.answered(*problem);
        return;
    }
    write(asked,
          {updateRow(kSpaceSpace, 0, keyOf({idArgument(asked.arguments, 0)}), setField(7, encodeFormat(format)))});
}

void InstanceControl::truncate(const Asked& asked) {
    const std::uint32_t id = idArgument(asked.arguments, 0);
    Bytes operations;
    MsgpackWriter writer(operations);
    writer.array(1);
    writer.array(3);
    writer.string("+");
    writer.unsignedInteger(2);
    writer.unsignedInteger(1);
    write(asked, {upsertRow(kTruncateSpace, keyOf({id, 1}), operations)});
}

void InstanceControl::createIndex(const Asked& asked) {
    const std::uint32_t id = idArgument(asked.arguments, 0);
    IndexPlan plan;
    std::optional<BoxFailure> problem = failures::noSuchSpace(std::to_string(id));
    const bool seen = lookFirst(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        const auto found = work.space(id);
        if (!found) return found.error();
        if (found.value() == nullptr) return noResults();
        problem = indexArguments(asked.arguments, *found.value(), plan);
        return noResults();
    });
    if (!seen) return;
    if (problem) {
        asked.answered(*problem);
        return;
    }
    Asked writing{asked.session, asked.arguments, [id = plan.id, answered = asked.answered](const BoxAnswer& answer) {
                      answered(std::holds_alternative<BoxFailure>(answer) ? answer : oneResult(std::uint64_t{id}));
                  }};
    write(writing, {putRow(PacketType::Insert, kIndexSpace, indexRow(id, plan))});
}

void InstanceControl::dropIndex(const Asked& asked) {
    const Bytes key = keyOf({idArgument(asked.arguments, 0), idArgument(asked.arguments, 1)});
    write(asked, {deleteRow(kIndexSpace, 0, key)});
}

void InstanceControl::insert(const Asked& asked) {
    const BytesView tuple = argumentAt(asked.arguments, 1);
    if (!isArray(tuple)) {
        asked.answered(failures::tupleNotArray());
        return;
    }
    write(asked, {putRow(PacketType::Insert, idArgument(asked.arguments, 0), tuple)});
}

void InstanceControl::replace(const Asked& asked) {
    const BytesView tuple = argumentAt(asked.arguments, 1);
    if (!isArray(tuple)) {
        asked.answered(failures::tupleNotArray());
        return;
    }
    write(asked, {putRow(PacketType::Replace, idArgument(asked.arguments, 0), tuple)});
}

void InstanceControl::upsert(const Asked& asked) {
    const BytesView tuple = argumentAt(asked.arguments, 1);
    const BytesView operations = argumentAt(asked.arguments, 2);
    if (!isArray(tuple) || !isArray(operations)) {
        asked.answered(failures::tupleNotArray());
        return;
    }
    write(asked, {upsertRow(idArgument(asked.arguments, 0), tuple, operations)});
}

void InstanceControl::update(const Asked& asked) {
    const BytesView key = argumentAt(asked.arguments, 2);
    const BytesView operations = argumentAt(asked.arguments, 3);
    if (!isArray(key) || !isArray(operations)) {
        asked.answered(failures::tupleNotArray());
        return;
    }
    write(asked, {updateRow(idArgument(asked.arguments, 0), idArgument(asked.arguments, 1), key, operations)});
}

void InstanceControl::remove(const Asked& asked) {
    const BytesView key = argumentAt(asked.arguments, 2);
    if (!isArray(key)) {
        asked.answered(failures::tupleNotArray());
        return;
    }
    write(asked, {deleteRow(idArgument(asked.arguments, 0), idArgument(asked.arguments, 1), key)});
}

void InstanceControl::get(const Asked& asked) {
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        const auto found =
            work.get(idArgument(asked.arguments, 0), idArgument(asked.arguments, 1), argumentAt(asked.arguments, 2));
        if (!found) return found.error();
        return answerOf(found.value());
    });
}

void InstanceControl::select(const Asked& asked) {
    const std::string name = textArgument(asked.arguments, 3);
    const auto iterator = iteratorOf(name);
    if (!iterator) {
        asked.answered(BoxFailure{72, fmt::format("Unknown iterator type '{}'", name), {}});
        return;
    }
    std::uint64_t offset = numberArgument(asked.arguments, 4, 0);
    const std::uint64_t limit = numberArgument(asked.arguments, 5, UINT64_MAX);
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        Bytes tuples;
        std::size_t count = 0;
        const auto walked = work.select(idArgument(asked.arguments, 0), idArgument(asked.arguments, 1),
                                        argumentAt(asked.arguments, 2), *iterator, [&](const TuplePtr& tuple) {
                                            if (count >= limit) return false;
                                            if (offset > 0) {
                                                --offset;
                                                return true;
                                            }
                                            tuples.append(tuple->bytes());
                                            ++count;
                                            return tuples.size() <= kAnswerMax;
                                        });
        if (!walked) return walked.error();
        if (walked.value()) return BoxAnswer(*walked.value());
        if (tuples.size() > kAnswerMax) {
            return BoxAnswer(failures::memoryIssue(tuples.size(), "the answer", "select: give a limit"));
        }
        Bytes out;
        MsgpackWriter(out).array(count);
        return BoxAnswer(out + tuples);
    });
}

void InstanceControl::count(const Asked& asked) {
    const std::string name = textArgument(asked.arguments, 3);
    const auto iterator = iteratorOf(name);
    if (!iterator) {
        asked.answered(BoxFailure{72, fmt::format("Unknown iterator type '{}'", name), {}});
        return;
    }
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        std::uint64_t count = 0;
        const auto walked = work.select(idArgument(asked.arguments, 0), idArgument(asked.arguments, 1),
                                        argumentAt(asked.arguments, 2), *iterator, [&](const TuplePtr&) {
                                            ++count;
                                            return true;
                                        });
        if (!walked) return walked.error();
        return walked.value() ? BoxAnswer(*walked.value()) : oneResult(count);
    });
}

void InstanceControl::length(const Asked& asked) {
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        std::uint64_t count = 0;
        const auto walked = work.select(idArgument(asked.arguments, 0), 0, "\x90", Iterator::All, [&](const TuplePtr&) {
            ++count;
            return true;
        });
        if (!walked) return walked.error();
        return oneResult(count);
    });
}

void InstanceControl::byteSize(const Asked& asked) {
    read(asked, [&](RowWork& work) -> Result<BoxAnswer> {
        std::uint64_t bytes = 0;
        const auto walked =
            work.select(idArgument(asked.arguments, 0), 0, "\x90", Iterator::All, [&](const TuplePtr& tuple) {
                bytes += tuple->bytes().size();
                return true;
            });
        if (!walked) return walked.error();
        return oneResult(bytes);
    });
}

}  // namespace tributary::engine::tarantool
