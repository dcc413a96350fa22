// Codes and texts of refusals.
#include "engine/systems/tarantool/data/failures.h"

#include <fmt/format.h>

namespace tributary::engine::tarantool::failures {
namespace {

template <typename... Args>
BoxFailure failure(std::uint32_t code, fmt::format_string<Args...> text, Args&&... arguments) {
    return {code, fmt::format(text, std::forward<Args>(arguments)...), {}};
}

}  // namespace

BoxFailure illegalParameters(std::string_view what) {
    return failure(1, "Illegal parameters, {}", what);
}
BoxFailure memoryIssue(std::size_t bytes, std::string_view allocator, std::string_view object) {
    return failure(2, "Failed to allocate {} bytes in {} for {}", bytes, allocator, object);
}
BoxFailure tupleFound(std::string_view index, std::string_view space) {
    return failure(3, "Duplicate key exists in unique index '{}' in space '{}'", index, space);
}
BoxFailure unsupported(std::string_view who, std::string_view what) {
    return failure(5, "{} does not support {}", who, what);
}
BoxFailure createSpace(std::string_view space, std::string_view why) {
    return failure(9, "Failed to create space '{}': {}", space, why);
}
BoxFailure spaceExists(std::string_view space) {
    return failure(10, "Space '{}' already exists", space);
}
BoxFailure unsupportedIndexType(std::string_view index, std::string_view space) {
    return failure(13, "Unsupported index type supplied for index '{}' in space '{}'", index, space);
}
BoxFailure modifyIndex(std::string_view index, std::string_view space, std::string_view why) {
    return failure(14, "Can't create or modify index '{}' in space '{}': {}", index, space, why);
}
BoxFailure keyPartType(std::size_t part, std::string_view expected) {
    return failure(18, "Supplied key type of part {} does not match index part type: expected {}", part, expected);
}
BoxFailure exactMatch(std::size_t expected, std::size_t got) {
    return failure(19, "Invalid key part count in an exact match (expected {}, got {})", expected, got);
}
BoxFailure tupleNotArray() {
    return failure(22, "Tuple/Key must be MsgPack array");
}
BoxFailure fieldType(std::size_t field, std::string_view expected) {
    return failure(23, "Tuple field {} type does not match one required by operation: expected {}", field, expected);
}
BoxFailure unknownOperation(std::size_t number, std::string_view operation) {
    return failure(28, "Unknown UPDATE operation #{}: \"{}\"", number, operation);
}
BoxFailure updateField(std::string_view field, std::string_view why) {
    return failure(29, "Field {} UPDATE error: {}", field, why);
}
BoxFailure keyPartCount(std::size_t expected, std::size_t got) {
    return failure(31, "Invalid key part count (expected [0..{}], got {})", expected, got);
}
BoxFailure noSuchIndex(std::size_t index, std::string_view space) {
    return failure(35, "No index #{} is defined in space '{}'", index, space);
}
BoxFailure noSuchSpace(std::string_view space) {
    return failure(36, "Space '{}' does not exist", space);
}
BoxFailure noSuchField(std::string_view field) {
    return failure(37, "Field {} was not found in the tuple", field);
}
BoxFailure operationType(std::string_view operation, std::string_view field, std::string_view expected) {
    return failure(26, "Argument type in operation '{}' on field {} does not match field type: expected {}", operation,
                   field, expected);
}
BoxFailure fieldMissing(std::size_t field) {
    return failure(39, "Tuple field {} required by space format is missing", field);
}
BoxFailure lastDrop(std::string_view space) {
    return {15, fmt::format("Can't drop the primary key in a system space, space '{}'", space), {}};
}

BoxFailure truncateSystemSpace(std::string_view space) {
    return {137, fmt::format("Can't truncate a system space, space '{}'", space), {}};
}

BoxFailure identifier(std::string_view name) {
    return failure(70, "Invalid identifier '{}' (expected printable symbols only or it is too long)", name);
}
BoxFailure activeTransaction() {
    return failure(79, "Operation is not permitted when there is an active transaction ");
}
BoxFailure indexExists(std::string_view index) {
    return failure(85, "Index '{}' already exists", index);
}
BoxFailure updatesPrimaryKey(std::string_view index, std::string_view space) {
    return failure(94, "Attempt to modify a tuple field which is part of index '{}' in space '{}'", index, space);
}
BoxFailure integerOverflow(std::string_view operation, std::string_view field) {
    return failure(95, "Integer overflow when performing '{}' operation on field {}", operation, field);
}
BoxFailure viewIsReadOnly(std::string_view view) {
    return failure(113, "View '{}' is read-only", view);
}
BoxFailure loading() {
    return failure(116, "Instance bootstrap hasn't finished yet");
}
/// As 3.0 says it; 2.6 gives no reason.
BoxFailure readOnly() {
    return failure(7, "Can't modify data on a read-only instance - box.cfg.read_only is true");
}
BoxFailure orphan() {
    return failure(7, "Can't modify data on a read-only instance - it is an orphan");
}
BoxFailure replicaCountMax() {
    return failure(73, "Replica count limit reached: {}", 32);
}
BoxFailure partialHashKey(std::size_t expected, std::size_t got) {
    return failure(
        5,
        "HASH index  does not support selects via a partial key (expected {} parts, got {}). Please Consider "
        "changing index type to TREE.",
        expected, got);
}

}  // namespace tributary::engine::tarantool::failures
