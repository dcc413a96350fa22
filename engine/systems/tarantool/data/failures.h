// What Tarantool says when it refuses, word for word (2.6), in one place.
#pragma once

#include <string_view>

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool::failures {

[[nodiscard]] BoxFailure illegalParameters(std::string_view what);
[[nodiscard]] BoxFailure memoryIssue(std::size_t bytes, std::string_view allocator, std::string_view object);
[[nodiscard]] BoxFailure tupleFound(std::string_view index, std::string_view space);
[[nodiscard]] BoxFailure unsupportedIndexType(std::string_view index, std::string_view space);
[[nodiscard]] BoxFailure spaceExists(std::string_view space);
[[nodiscard]] BoxFailure createSpace(std::string_view space, std::string_view why);
[[nodiscard]] BoxFailure modifyIndex(std::string_view index, std::string_view space, std::string_view why);
[[nodiscard]] BoxFailure keyPartType(std::size_t part, std::string_view expected);
[[nodiscard]] BoxFailure exactMatch(std::size_t expected, std::size_t got);
[[nodiscard]] BoxFailure keyPartCount(std::size_t expected, std::size_t got);
[[nodiscard]] BoxFailure tupleNotArray();
[[nodiscard]] BoxFailure fieldType(std::size_t field, std::string_view expected);
[[nodiscard]] BoxFailure fieldMissing(std::size_t field);
[[nodiscard]] BoxFailure unknownOperation(std::size_t number, std::string_view operation);
[[nodiscard]] BoxFailure updateField(std::string_view field, std::string_view why);
[[nodiscard]] BoxFailure noSuchField(std::string_view field);
[[nodiscard]] BoxFailure operationType(std::string_view operation, std::string_view field, std::string_view expected);
[[nodiscard]] BoxFailure integerOverflow(std::string_view operation, std::string_view field);
[[nodiscard]] BoxFailure noSuchIndex(std::size_t index, std::string_view space);
[[nodiscard]] BoxFailure noSuchSpace(std::string_view space);
[[nodiscard]] BoxFailure partialHashKey(std::size_t expected, std::size_t got);
[[nodiscard]] BoxFailure updatesPrimaryKey(std::string_view index, std::string_view space);
[[nodiscard]] BoxFailure indexExists(std::string_view index);
[[nodiscard]] BoxFailure lastDrop(std::string_view space);
[[nodiscard]] BoxFailure truncateSystemSpace(std::string_view space);
[[nodiscard]] BoxFailure identifier(std::string_view name);
[[nodiscard]] BoxFailure activeTransaction();
[[nodiscard]] BoxFailure viewIsReadOnly(std::string_view view);
[[nodiscard]] BoxFailure loading();
[[nodiscard]] BoxFailure readOnly();
[[nodiscard]] BoxFailure orphan();
[[nodiscard]] BoxFailure replicaCountMax();
[[nodiscard]] BoxFailure unsupported(std::string_view who, std::string_view what);

}  // namespace tributary::engine::tarantool::failures
