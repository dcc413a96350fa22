// The fold of documents. One document that meets no other is handed on as it lies: it is taken apart only when its old
// deletes are to go.
#include "engine/systems/maprdb/jsontables/documentfold.h"

#include <cassert>

#include "engine/systems/maprdb/jsontables/documentbody.h"

namespace tributary::engine::maprdb {
namespace {

class DocumentFolder final : public RowFolder {
public:
    void setContext(const FoldContext& context) override { context_ = context; }

    void reset() override {
        parts_.clear();
        out_.clear();
        joined_.reset();
    }

    bool addRecord(BytesView record) override {
        parts_.emplace_back(record);
        // Looked into here: what is damaged on the disk must not be handed on.
        return json::StampedDocument::decode(record).ok();
    }

    void addOperation(const char* at, const EntryRef& entry) override {
        const char* end = entry.mutations.data() + entry.mutations.size();
        DocumentReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        DocumentItem item;
        if (reader.next(item)) parts_.emplace_back(item.document);
    }

    BytesView finish(FoldMode mode) override {
        if (parts_.size() == 1 && mode == FoldMode::Keep) return out_ = Bytes(parts_.front());
        join();
        if (mode == FoldMode::Purge) joined_ = purged();
        out_ = joined_->encode();
        return out_;
    }

    bool hasPurgeable() const override {
        if (context_.keepTombstones) return false;
        if (!joined_) joined_ = json::StampedDocument::decode(out_).valueOr(json::StampedDocument());
        return purged().encode() != out_;
    }

private:
    void join() {
        joined_.emplace();
        for (const BytesView part : parts_) {
            auto document = json::StampedDocument::decode(part);
            assert(document);  // records and entries are checked before they come here
            if (document) joined_->join(document.value());
        }
    }

    [[nodiscard]] json::StampedDocument purged() const {
        if (context_.keepTombstones) return *joined_;
        return joined_->purged(context_.deleteTtlMs <= 0 ? INT64_MAX : context_.nowMs - context_.deleteTtlMs);
    }

    FoldContext context_;
    std::vector<BytesView> parts_;
    Bytes out_;
    mutable std::optional<json::StampedDocument> joined_;  ///< made when somebody asks
};

class DocumentRowFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        Bytes body = newBody(BodyKind::Documents);
        body.append(entry.mutations);
        const auto count = countDocuments(body);
        if (!count) return count.error();
        return count.value().operations;
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        DocumentReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        DocumentItem item;
        const bool found = reader.next(item);
        assert(found);
        next = found ? reader.position() : end;
        return item.key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<DocumentFolder>(); }
};

}  // namespace

std::shared_ptr<const RowFormat> makeDocumentRowFormat() {
    return std::make_shared<DocumentRowFormat>();
}

}  // namespace tributary::engine::maprdb
