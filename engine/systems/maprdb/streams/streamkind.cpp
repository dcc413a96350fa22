// The kind of streams: whole over every link, decided before it is logged.
#include "engine/systems/maprdb/streams/streamkind.h"

#include "engine/systems/maprdb/streams/streambody.h"
#include "engine/systems/maprdb/streams/streampolicy.h"
#include "engine/systems/maprdb/streams/streamrows.h"
#include "engine/systems/maprdb/streams/streamschema.h"

namespace tributary::engine::maprdb {
namespace {

constexpr KindWords kWords{"stream", "streams", "ErrStreamMissing", "ErrStreamUnavailable"};

Error wholeOnly() {
    return Error{ErrorCode::Corrupt, "a stream is replicated whole", "ErrPayload", {}};
}

class WholeStream final : public Projections {
public:
    Status check(std::string_view projection) const override {
        return projection.empty() ? okStatus() : Status(wholeOnly());
    }
    bool covers(std::string_view wide, std::string_view narrow) const override { return wide == narrow; }
    Result<std::optional<std::string>> intersection(std::string_view, std::string_view) const override {
        return wholeOnly();
    }
    Result<std::unique_ptr<Projector>> make(std::string_view) const override { return wholeOnly(); }
};

class StreamKind final : public DatasetKind {
public:
    std::string_view name() const override { return "stream"; }
    std::uint8_t number() const override { return 3; }
    const KindWords& words() const override { return kWords; }
    Result<SchemaPtr> parseSchema(const Json& record) const override { return makeStream(streamFromJson(record)); }
    void writeSchema(const DatasetSchema& schema, Json& record) const override { writeJson(streamOf(schema), record); }
    SchemaPtr settled(const SchemaPtr& schema, Lsn) const override { return schema; }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }

    std::shared_ptr<const RowFormat> rowFormat() const override { return makeStreamRowFormat(); }
    StatePlan statePlan(const DatasetSchema&) const override { return {}; }
    FoldContext foldContext(const DatasetSchema& schema) const override {
        FoldContext context;
        context.rules = streamRulesOf(schema);
        return context;
    }
    Millis deletesKeptMs(const DatasetSchema&) const override { return 0; }

    Result<BodyCount> admit(const DatasetSchema&, const std::string&, BytesView body) const override {
        const auto count = countParts(body, true);
        if (!count) return Error{ErrorCode::Corrupt, count.error().what, "ErrPayload", {}};
        return BodyCount{count.value(), false};
    }
    const Policy* policy() const override { return &placingPolicy(); }
    /// Decision: one lane. Offsets lie in the body and order each partition whatever way a batch came and whichever
    /// life of a volume wrote it; a lane per partition would say the same again, in numbers that begin anew with each
    /// life, and could not tell a hole that a copy fills from one that another way fills.
    const Lanes* lanes() const override { return nullptr; }
    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        entry.mutations = logged.effect;
        return okStatus();
    }
    const Projections& projections() const override {
        static const WholeStream kWhole;
        return kWhole;
    }
    Result<std::optional<std::string>> withoutDropped(const DatasetSchema&, BytesView, const std::string&,
                                                      Lsn) const override {
        return std::optional<std::string>();
    }
};

}  // namespace

const DatasetKind& streamKind() {
    static const StreamKind kKind;
    return kKind;
}

}  // namespace tributary::engine::maprdb
