// Rows, bodies and numbers of lines.
#include "tests/lines/lineskind.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace tributary::lines {
namespace {

using namespace engine;

constexpr KindWords kWords{"book", "books", "ErrBookMissing", "ErrBookUnavailable"};

const DatasetKind& booksKind();

Error damaged(const char* what) {
    return {ErrorCode::Corrupt, what, "ErrPayload", {}};
}

class ShelfLanes final : public Lanes {
public:
    std::vector<LaneShare> split(BytesView body) const override {
        std::vector<LaneShare> shares;
        for (const Line& line : decodeLines(body)) {
            if (shares.empty() || shares.back().subKey != line.shelf) shares.push_back({line.shelf, 0, 0});
            ++shares.back().count;
            shares.back().bytes += encodeLines({line}).size();
        }
        return shares;
    }
    Result<Admission> admission(std::string_view subKey) const override {
        if (!subKey.empty()) return Admission::GapWaits;
        return damaged("a shelf has a name");
    }
};

class BookSchema final : public DatasetSchema {
public:
    BookSchema() : DatasetSchema(booksKind()) {}
};

class LargestFolder final : public RowFolder {
public:
    void setContext(const FoldContext&) override {}
    void reset() override { image_.clear(); }
    bool addRecord(BytesView record) override {
        take(record);
        return true;
    }
    void addOperation(const char* at, const EntryRef& entry) override {
        ByteReader reader(
            BytesView(at, static_cast<std::size_t>(entry.mutations.data() + entry.mutations.size() - at)));
        (void)reader.blob();
        take(reader.blob());
    }
    BytesView finish(FoldMode) override { return image_; }
    bool hasPurgeable() const override { return false; }

private:
    void take(BytesView image) {
        if (image > BytesView(image_)) image_ = Bytes(image);
    }
    Bytes image_;
};

class LineFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        ByteReader reader(entry.mutations);
        std::uint32_t count = 0;
        for (; !reader.atEnd() && reader.ok(); ++count) {
            (void)reader.blob();
            (void)reader.blob();
        }
        return reader.ok() ? Result<std::uint32_t>(count) : damaged("an effect is damaged");
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        ByteReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        const BytesView key = reader.blob();
        (void)reader.blob();
        next = reader.position();
        return key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<LargestFolder>(); }
};

/// Gives each line the next number of its shelf; answers the first one.
class Numbering final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        std::vector<Line> lines = decodeLines(proposal.body);
        const auto byShelf = [](const Line& a, const Line& b) { return a.shelf < b.shelf; };
        if (proposal.local) std::stable_sort(lines.begin(), lines.end(), byShelf);
        std::map<std::string, long> counts;
        Decision decision;
        for (const Line& line : lines) {
            auto at = counts.find(line.shelf);
            if (at == counts.end()) {
                const auto known = view.get("n/" + line.shelf);
                if (!known) return known.error();
                at = counts.emplace(line.shelf, known.value() ? std::stol(*known.value()) : 0).first;
            }
            if (decision.reply.empty()) decision.reply = std::to_string(at->second + 1);
            appendBlob(decision.effect, keyOf(line.shelf, ++at->second));
            appendBlob(decision.effect, line.text);
        }
        for (const auto& [shelf, count] : counts) {
            appendBlob(decision.effect, "n/" + shelf);
            appendBlob(decision.effect, digits(count));
        }
        decision.body = encodeLines(lines);
        return decision;
    }
};

class WholeOnly final : public Projections {
public:
    Status check(std::string_view projection) const override {
        return projection.empty() ? okStatus() : Status(damaged("a book goes whole"));
    }
    bool covers(std::string_view wide, std::string_view narrow) const override { return wide == narrow; }
    Result<std::optional<std::string>> intersection(std::string_view, std::string_view) const override {
        return damaged("a book goes whole");
    }
    Result<std::unique_ptr<Projector>> make(std::string_view) const override { return damaged("a book goes whole"); }
};

class BooksKind final : public DatasetKind {
public:
    std::string_view name() const override { return "book"; }
    std::uint8_t number() const override { return 201; }
    const KindWords& words() const override { return kWords; }
    Result<SchemaPtr> parseSchema(const Json&) const override { return newBook(); }
    void writeSchema(const DatasetSchema&, Json&) const override {}
    SchemaPtr settled(const SchemaPtr& schema, Lsn) const override { return schema; }
    SchemaPtr withoutGone(const SchemaPtr& schema, Lsn) const override { return schema; }
    std::shared_ptr<const RowFormat> rowFormat() const override { return std::make_shared<LineFormat>(); }
    StatePlan statePlan(const DatasetSchema&) const override { return {}; }
    FoldContext foldContext(const DatasetSchema&) const override { return {}; }
    Millis deletesKeptMs(const DatasetSchema&) const override { return 0; }
    Result<BodyCount> admit(const DatasetSchema&, const std::string&, BytesView body) const override {
        std::set<std::string> shelves;
        BodyCount count;
        std::string last;
        const std::vector<Line> lines = decodeLines(body);
        for (const Line& line : lines) {
            if (line.shelf.empty()) return damaged("a line stands on no shelf");
            if (line.shelf != last && !shelves.insert(line.shelf).second) return damaged("a shelf comes twice");
            last = line.shelf;
            ++count.operations;
        }
        if (lines.empty() || encodeLines(lines) != body) return damaged("a body is damaged");
        return count;
    }
    const Policy* policy() const override {
        static const Numbering kPolicy;
        return &kPolicy;
    }
    const Lanes* lanes() const override {
        static const ShelfLanes kLanes;
        return &kLanes;
    }
    Status bind(const DatasetSchema&, const LoggedBody& logged, Lsn, EntryRef& entry) const override {
        entry.mutations = logged.effect;
        return okStatus();
    }
    const Projections& projections() const override {
        static const WholeOnly kWhole;
        return kWhole;
    }
    Result<std::optional<std::string>> withoutDropped(const DatasetSchema&, BytesView, const std::string&,
                                                      Lsn) const override {
        return std::optional<std::string>();
    }
};

const DatasetKind& booksKind() {
    static const BooksKind kKind;
    return kKind;
}

class BookControl final : public ControlKind {
public:
    const DatasetKind& kind() const override { return booksKind(); }
    void addRequests(ControlRequests&) override {}
    Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override {
        if (record == nullptr) return Error{ErrorCode::NotFound, "no book " + request.path, {}, {}};
        const std::vector<Line> lines = decodeLines(request.body);
        const bool named = std::none_of(lines.begin(), lines.end(), [](const Line& l) { return l.shelf.empty(); });
        if (!named || encodeLines(lines) != request.body) return damaged("a body is damaged");
        return CheckedWrite{static_cast<std::uint32_t>(lines.size()), false, 0};
    }
    std::string alarmEntity(const std::string& path) const override { return path; }
    bool knowsEntity(const std::string&) const override { return false; }
    std::string_view entityNouns() const override { return "book"; }
    Json linkJson(const ShownLink& link) const override { return Json{{"path", link.replica.path}}; }
};

}  // namespace

Bytes encodeLines(const std::vector<Line>& lines) {
    Bytes out;
    for (const Line& line : lines) {
        appendBlob(out, line.shelf);
        appendBlob(out, line.text);
    }
    return out;
}

std::vector<Line> decodeLines(BytesView body) {
    std::vector<Line> lines;
    ByteReader reader(body);
    while (!reader.atEnd()) {
        Line line{std::string(reader.blob()), {}};
        line.text = std::string(reader.blob());
        if (!reader.ok()) break;
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string digits(long number) {
    return fmt::format("{:08}", number);
}

std::string keyOf(const std::string& shelf, long number) {
    return "l/" + shelf + "/" + digits(number);
}

std::shared_ptr<const NodeKinds> onlyLines() {
    const auto make = [](Node&) -> std::unique_ptr<ControlKind> { return std::make_unique<BookControl>(); };
    return std::make_shared<const NodeKinds>(NodeKinds{Kinds({&booksKind()}), {make}, {&pushLinks()}});
}

SchemaPtr newBook() {
    return std::make_shared<const BookSchema>();
}

}  // namespace tributary::lines
