// Rows of ours inside SQL: the virtual table and the merge function.
#include "core/db/rowtable.h"

#include "tests/core/db/verifyonce.h"

using namespace tributary;

class VectorSource final : public RowSource {
public:
    std::vector<std::pair<Bytes, Bytes>> rows;
    void rewind() override { at_ = 0; }
    void next() override { ++at_; }
    bool atEnd() const override { return at_ >= rows.size(); }
    BytesView key() override { return rows[at_].first; }
    BytesView value() override { return rows[at_].second; }

private:
    std::size_t at_ = 0;
};

class Concatenation final : public RowMerger {
public:
    Result<BytesView> merge(BytesView key, BytesView stored, BytesView incoming) override {
        if (key == "bad") return Error{ErrorCode::Corrupt, "the row is bad", {}, {}};
        out_ = Bytes(stored) + "+" + Bytes(incoming);
        return BytesView(out_);
    }

private:
    Bytes out_;
};

namespace {

constexpr const char* kUpsert =
    "INSERT OR ROLLBACK INTO t(k, v) SELECT k, v FROM entries WHERE true ON CONFLICT(k) DO UPDATE SET "
    "v = fold(k, v, excluded.v)";

}  // namespace

class TestRowTable : public QObject {
    Q_OBJECT
private slots:
    void init() {
        db_ = std::move(Database::open({":memory:"})).value();
        VERIFY_ONCE(db_->exec("CREATE TABLE t(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID"));
        source_ = VectorSource{};
        failure_.reset();
        VERIFY_ONCE(registerRowSource(*db_, "entries", source_));
        VERIFY_ONCE(registerRowMerger(*db_, "fold", merger_, failure_));
    }
    void insertsNewRowsAndMergesStoredOnes() {
        source_.rows = {{"a", "1"}, {"b", "2"}};
        VERIFY_ONCE(db_->exec(kUpsert));
        source_.rows = {{"b", "3"}, {"c", ""}};
        VERIFY_ONCE(db_->exec(kUpsert));
        auto select = db_->prepare("SELECT k, v FROM t ORDER BY k");
        VERIFY_ONCE(select);
        Bytes all;
        while (select->step().valueOr(false)) {
            all += Bytes(select->columnBytes(0)) + "=" + Bytes(select->columnBytes(1)) + " ";
        }
        QCOMPARE(all, Bytes("a=1 b=2+3 c= "));
    }
    void failsTheStatementWithTheMergersError() {
        source_.rows = {{"bad", "1"}};
        VERIFY_ONCE(db_->exec(kUpsert));
        source_.rows = {{"aa", "1"}, {"bad", "2"}};
        QVERIFY(!db_->exec(kUpsert).ok());
        QVERIFY(failure_.has_value());
        QCOMPARE(failure_->what, std::string("the row is bad"));
        QCOMPARE(db_->queryInt("SELECT count(*) FROM t").valueOr(-1), std::int64_t{1});
    }

private:
    VectorSource source_;
    Concatenation merger_;
    std::optional<Error> failure_;
    std::unique_ptr<Database> db_;
};
TRIBUTARY_TEST(TestRowTable)
#include "tst_rowtable.moc"
