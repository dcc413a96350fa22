// Arguments to statements, effects to results.
#include "engine/systems/tarantool/data/localbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/tarantool/data/boxarguments.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kAnswerBytesMax = 64U << 20U;

BoxAnswer answerOf(const Effect& effect) {
    if (const auto* failure = std::get_if<BoxFailure>(&effect)) return *failure;
    const TuplePtr& tuple = std::get<TuplePtr>(effect);
    return tuple == nullptr ? noResults() : oneResult(tuple->bytes());
}
BoxAnswer answerOf(const std::optional<BoxFailure>& failure) {
    return failure ? BoxAnswer(*failure) : noResults();
}

}  // namespace

BoxAnswer LocalBox::call(std::string_view method, BytesView encoded) {
    static constexpr std::array<std::pair<std::string_view, Method>, 23> kMethods{
        {{"space", &LocalBox::space},
         {"create_space", &LocalBox::createSpace},
         {"drop_space", &LocalBox::dropSpace},
         {"rename_space", &LocalBox::renameSpace},
         {"set_format", &LocalBox::setFormat},
         {"truncate", &LocalBox::truncate},
         {"create_index", &LocalBox::createIndex},
         {"drop_index", &LocalBox::dropIndex},
         {"insert", &LocalBox::insert},
         {"replace", &LocalBox::replace},
         {"upsert", &LocalBox::upsert},
         {"get", &LocalBox::get},
         {"delete", &LocalBox::remove},
         {"update", &LocalBox::update},
         {"select", &LocalBox::select},
         {"count", &LocalBox::count},
         {"len", &LocalBox::length},
         {"bsize", &LocalBox::byteSize},
         {"begin", &LocalBox::begin},
         {"commit", &LocalBox::commit},
         {"rollback", &LocalBox::rollback},
         {"in_transaction", &LocalBox::inTransaction},
         {"info", &LocalBox::info}}};
    const auto* const found =
        std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& known) { return known.first == method; });
    const auto arguments = splitArguments(encoded);
    if (found == kMethods.end() || !arguments) return failures::illegalParameters("there is no such call");
    return (this->*found->second)(*arguments);
}

BoxAnswer LocalBox::space(const Arguments& arguments) {
    const bool isNamed = MsgpackReader(argumentAt(arguments, 0)).type() == MsgpackType::String;
    const Space* found = isNamed ? unit_.spaceNamed(textArgument(arguments, 0)) : unit_.space(idArgument(arguments, 0));
    return found == nullptr ? noResults() : describeSpace(*found);
}

BoxAnswer LocalBox::createSpace(const Arguments& arguments) {
    std::uint32_t id = 0;
    if (auto problem = unit_.createSpace(textArgument(arguments, 0), id)) return *problem;
    return oneResult(id);
}

BoxAnswer LocalBox::dropSpace(const Arguments& arguments) {
    return answerOf(unit_.dropSpace(idArgument(arguments, 0)));
}

BoxAnswer LocalBox::renameSpace(const Arguments& arguments) {
    return answerOf(unit_.renameSpace(idArgument(arguments, 0), textArgument(arguments, 1)));
}

BoxAnswer LocalBox::setFormat(const Arguments& arguments) {
    std::vector<FormatField> format;
    if (auto problem = formatArgument(argumentAt(arguments, 1), format)) return *problem;
    return answerOf(unit_.setFormat(idArgument(arguments, 0), std::move(format)));
}

BoxAnswer LocalBox::truncate(const Arguments& arguments) {
    return answerOf(unit_.truncate(idArgument(arguments, 0)));
}

BoxAnswer LocalBox::createIndex(const Arguments& arguments) {
    const Space* space = unit_.space(idArgument(arguments, 0));
    if (space == nullptr) return failures::noSuchSpace(std::to_string(idArgument(arguments, 0)));
    IndexPlan plan;
    if (auto problem = indexArguments(arguments, *space, plan)) return *problem;
    const std::uint32_t id = plan.id;
    if (auto problem = unit_.addIndex(space->id(), std::move(plan))) return *problem;
    return oneResult(id);
}

BoxAnswer LocalBox::dropIndex(const Arguments& arguments) {
    return answerOf(unit_.dropIndex(idArgument(arguments, 0), idArgument(arguments, 1)));
}

BoxAnswer LocalBox::insert(const Arguments& arguments) {
    return answerOf(unit_.insert(idArgument(arguments, 0), Bytes(argumentAt(arguments, 1))));
}

BoxAnswer LocalBox::replace(const Arguments& arguments) {
    return answerOf(unit_.replace(idArgument(arguments, 0), Bytes(argumentAt(arguments, 1))));
}

BoxAnswer LocalBox::upsert(const Arguments& arguments) {
    return answerOf(unit_.upsert(idArgument(arguments, 0), Bytes(argumentAt(arguments, 1)), argumentAt(arguments, 2)));
}

BoxAnswer LocalBox::get(const Arguments& arguments) {
    return answerOf(unit_.get(idArgument(arguments, 0), idArgument(arguments, 1), argumentAt(arguments, 2)));
}

BoxAnswer LocalBox::remove(const Arguments& arguments) {
    return answerOf(unit_.remove(idArgument(arguments, 0), idArgument(arguments, 1), argumentAt(arguments, 2)));
}

BoxAnswer LocalBox::update(const Arguments& arguments) {
    return answerOf(unit_.update(idArgument(arguments, 0), idArgument(arguments, 1), argumentAt(arguments, 2),
                                 argumentAt(arguments, 3)));
}

std::optional<BoxFailure> LocalBox::walk(const Arguments& arguments, const TupleTree::Visit& visit) {
    const Space* space = unit_.space(idArgument(arguments, 0));
    if (space == nullptr) return failures::noSuchSpace(std::to_string(idArgument(arguments, 0)));
    const Index* index = space->index(idArgument(arguments, 1));
    if (index == nullptr) return failures::noSuchIndex(idArgument(arguments, 1), space->name());
    const std::string name = textArgument(arguments, 3);
    const auto iterator = iteratorOf(name);
    if (!iterator) return BoxFailure{72, fmt::format("Unknown iterator type '{}'", name), {}};
    return Space::select(*index, argumentAt(arguments, 2), *iterator, visit);
}

BoxAnswer LocalBox::select(const Arguments& arguments) {
    std::uint64_t offset = numberArgument(arguments, 4, 0);
    const std::uint64_t limit = numberArgument(arguments, 5, UINT64_MAX);
    Bytes tuples;
    std::size_t count = 0;
    bool isTooMuch = false;
    auto problem = walk(arguments, [&](const TuplePtr& tuple) {
        if (count >= limit) return false;
        if (offset > 0) {
            --offset;
            return true;
        }
        tuples.append(tuple->bytes());
        ++count;
        isTooMuch = tuples.size() > kAnswerBytesMax;
        return !isTooMuch;
    });
    if (problem) return *problem;
    if (isTooMuch) return failures::memoryIssue(tuples.size(), "the answer", "select: give a limit");
    Bytes out;
    MsgpackWriter(out).array(count);
    return out + tuples;
}

BoxAnswer LocalBox::count(const Arguments& arguments) {
    std::uint64_t count = 0;
    auto problem = walk(arguments, [&](const TuplePtr&) {
        ++count;
        return true;
    });
    return problem ? BoxAnswer(*problem) : oneResult(count);
}

BoxAnswer LocalBox::length(const Arguments& arguments) {
    const Space* space = unit_.space(idArgument(arguments, 0));
    return oneResult(space == nullptr || space->primary() == nullptr ? 0 : space->primary()->tree.size());
}

BoxAnswer LocalBox::byteSize(const Arguments& arguments) {
    const Space* space = unit_.space(idArgument(arguments, 0));
    std::uint64_t bytes = 0;
    if (space != nullptr && space->primary() != nullptr) {
        space->primary()->tree.walk([](const Tuple&) { return false; },
                                    [&](const TuplePtr& tuple) {
                                        bytes += tuple->bytes().size();
                                        return true;
                                    });
    }
    return oneResult(bytes);
}

BoxAnswer LocalBox::begin(const Arguments& /*arguments*/) {
    return answerOf(unit_.begin());
}

BoxAnswer LocalBox::commit(const Arguments& /*arguments*/) {
    unit_.commit();
    return noResults();
}

BoxAnswer LocalBox::rollback(const Arguments& /*arguments*/) {
    rollbackOpen();
    return noResults();
}

BoxAnswer LocalBox::inTransaction(const Arguments& /*arguments*/) {
    Bytes out;
    MsgpackWriter(out).boolean(unit_.inTransaction());
    return oneResult(BytesView(out));
}

BoxAnswer LocalBox::info(const Arguments& /*arguments*/) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(3);
    writer.string(instance_.text());
    writer.string(replicaset_.text());
    writer.unsignedInteger(unit_.rows());
    return out;
}

}  // namespace tributary::engine::tarantool
