// Tuples of a space in memory as pages: columns, order, keys as people type them, what cannot be read.
#include <QTest>

#include "app/browse/spacepages.h"
#include "app/systems/databrowser.h"
#include "engine/systems/tarantool/data/localbox.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
namespace tt = tributary::engine::tarantool;

namespace {

using Writer = tt::MsgpackWriter;

/// An instance in memory with one space, "bands", which is 512.
class Bands final : public tt::BoxBackend {
public:
    explicit Bands(std::string_view keyType = "unsigned", std::string_view kind = "TREE", std::uint32_t parts = 1) {
        must("create_space", 1, [](Writer& w) { w.string("bands"); });
        must("set_format", 2, [&](Writer& w) {
            w.unsignedInteger(512);
            w.array(2);
            for (const auto& [name, type] : {std::pair{std::string_view("id"), keyType}, {"name", "string"}}) {
                w.array(3);
                w.string(name);
                w.string(type);
                w.boolean(false);
            }
        });
        must("create_index", 5, [&](Writer& w) {
            w.unsignedInteger(512);
            w.string("primary");
            w.string(kind);
            w.boolean(true);
            w.array(parts);
            for (std::uint32_t i = 0; i < parts; ++i) {
                w.array(3);
                w.unsignedInteger(i + 1);
                w.string(i == 0 ? keyType : "string");
                w.boolean(false);
            }
        });
    }
    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        if (method == cutMethod) {
            auto answer = box_.call(method, arguments);
            if (auto* encoded = std::get_if<Bytes>(&answer)) encoded->resize(std::min(encoded->size(), cutTo));
            return answer;
        }
        return box_.call(method, arguments);
    }
    void insert(const std::function<void(Writer&)>& tuple) {
        must("insert", 2, [&](Writer& w) {
            w.unsignedInteger(512);
            tuple(w);
        });
    }
    void insertBand(std::uint64_t id, std::string_view name) {
        insert([&](Writer& w) {
            w.array(2);
            w.unsignedInteger(id);
            w.string(name);
        });
    }

    std::string cutMethod;  ///< its answers are cut short
    std::size_t cutTo = 0;

private:
    void must(std::string_view method, std::size_t count, const std::function<void(Writer&)>& arguments) {
        Bytes encoded;
        Writer writer(encoded);
        writer.array(count);
        arguments(writer);
        const auto answer = box_.call(method, encoded);
        if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) qFatal("%s", failure->message.c_str());
    }

    tt::LocalBox box_{tt::TreeUnit::Options{}, Uuid{}, Uuid{}};
};

BrowseRequest askTuples(std::size_t rows, std::string from = {}, bool newestFirst = false) {
    BrowseRequest out;
    out.rowsMost = rows;
    out.from = std::move(from);
    out.newestFirst = newestFirst;
    return out;
}

/// First cells of each row, pages parted by "|"; or the error.
std::string walkedTuples(tt::BoxBackend& box, BrowseRequest ask) {
    std::string out;
    for (int i = 0; i < 20; ++i) {
        const auto page = readSpacePage(box, "bands", ask);
        if (!page) return page.error().what;
        for (const auto& row : page->rows) out += row.front().text + ' ';
        if (!page->next) return out;
        out += "| ";
        ask.after = *page->next;
    }
    return out + "no end";
}

}  // namespace

class SpacePagesTest : public QObject {
    Q_OBJECT
private slots:
    void columnsAreTheFormatsAndThoseBeyond() {
        Bands bands;
        bands.insert([](Writer& w) {
            w.array(5);
            w.unsignedInteger(1);
            w.string("Roxette \n");
            w.nil();
            w.boolean(true);
            w.array(2);
            w.integer(-3);
            w.string("x");
        });
        bands.insertBand(2, "");
        const auto page = readSpacePage(bands, "bands", askTuples(10));
        QVERIFY2(page, page ? "" : page.error().what.c_str());
        QCOMPARE(page->columns.size(), std::size_t(5));
        QCOMPARE(page->columns[0].title, std::string("id"));
        QVERIFY(page->columns[0].isNumber && !page->columns[1].isNumber);
        QCOMPARE(page->columns[2].title, std::string("field 3"));
        QCOMPARE(page->rows[0][1].text, std::string("Roxette \\x0a"));
        QVERIFY(!page->rows[0][2].isThere);
        QCOMPARE(page->rows[0][4].text, std::string("[-3, \"x\"]"));
        // An empty text is there; what the tuple does not have is not.
        QVERIFY(page->rows[1][1].isThere);
        QCOMPARE(page->rows[1].size(), std::size_t(2));
        QVERIFY(!page->next);
        QVERIFY(page->details[0].starts_with("[1, "));
    }
    void pagesGoOnInOrder_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<bool>("newestFirst");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("from the first") << QByteArray() << false << QByteArray("1 2 | 3 4 | 5 ");
        QTest::newRow("from the last") << QByteArray() << true << QByteArray("5 4 | 3 2 | 1 ");
        QTest::newRow("from a key") << QByteArray("3") << false << QByteArray("3 4 | 5 ");
        QTest::newRow("as a list") << QByteArray("[4]") << false << QByteArray("4 5 | ");
        QTest::newRow("back from a key") << QByteArray("2") << true << QByteArray("2 1 | ");
        QTest::newRow("a text") << QByteArray("abc") << false
                                << QByteArray("'abc' is no key of this space: its primary key is unsigned");
        QTest::newRow("too many") << QByteArray("[1, 2]") << false
                                  << QByteArray("'[1, 2]' is no key of this space: its primary key is unsigned");
        QTest::newRow("none") << QByteArray("[]") << false
                              << QByteArray("'[]' is no key of this space: its primary key is unsigned");
        QTest::newRow("an object") << QByteArray("{}") << false
                                   << QByteArray("'{}' is no key of this space: its primary key is unsigned");
    }
    void pagesGoOnInOrder() {
        QFETCH(QByteArray, from);
        QFETCH(bool, newestFirst);
        QFETCH(QByteArray, expected);
        Bands bands;
        for (std::uint64_t id = 1; id <= 5; ++id) bands.insertBand(id, "x");
        QCOMPARE(QByteArray::fromStdString(walkedTuples(bands, askTuples(2, from.toStdString(), newestFirst))),
                 expected);
    }
    void wordsAreStringsWhereTheKeyIsOne() {
        Bands bands("string");
        for (const char* id : {"12", "abba", "roxette"}) {
            bands.insert([&](Writer& w) {
                w.array(2);
                w.string(id);
                w.string("x");
            });
        }
        QCOMPARE(walkedTuples(bands, askTuples(10, "b")), std::string("roxette "));
        QCOMPARE(walkedTuples(bands, askTuples(10, "\"abba\"")), std::string("abba roxette "));
        QCOMPARE(walkedTuples(bands, askTuples(10, "12")), std::string("12 abba roxette "));
        QVERIFY(readSpacePage(bands, "bands", askTuples(10))->columns[0].title == "id");
    }
    void keysOfSeveralPartsMayBeABeginning() {
        Bands bands("unsigned", "TREE", 2);
        for (const char* name : {"a", "b", "c"}) bands.insertBand(1, name);
        bands.insertBand(2, "a");
        const auto names = [&](const std::string& from) {
            std::string out;
            const auto page = readSpacePage(bands, "bands", askTuples(10, from));
            if (!page) return page.error().what;
            for (const auto& row : page->rows) out += row[1].text;
            return out;
        };
        QCOMPARE(names("1"), std::string("abca"));
        QCOMPARE(names("[1, \"b\"]"), std::string("bca"));
        QCOMPARE(walkedTuples(bands, askTuples(1)), std::string("1 | 1 | 1 | 2 | "));
    }
    void aHashHasNoOrder() {
        Bands bands("unsigned", "HASH");
        bands.insertBand(7, "x");
        QCOMPARE(walkedTuples(bands, askTuples(10, {}, true)),
                 std::string("the primary index is a HASH: its tuples have no order"));
        QCOMPARE(walkedTuples(bands, askTuples(10)), std::string("7 "));
        QCOMPARE(walkedTuples(bands, askTuples(10, "7")), std::string("7 "));
        QCOMPARE(walkedTuples(bands, askTuples(10, "8")), std::string());
    }
    void aSpaceThatIsNotThereIsSaid() {
        Bands bands;
        const auto page = readSpacePage(bands, "songs", askTuples(10));
        QVERIFY(!page);
        QVERIFY(page.error().code == ErrorCode::NotFound);
        QCOMPARE(spaceLength(bands, "bands").value(), std::uint64_t(0));
        bands.insertBand(1, "x");
        QCOMPARE(spaceLength(bands, "bands").value(), std::uint64_t(1));
    }
    void answersCutAnywhereAreErrors() {
        Bands bands;
        bands.insertBand(1, "Roxette");
        bands.insertBand(2, "Scorpions");
        for (const std::string method : {"space", "select"}) {
            bands.cutMethod = method;
            int errors = 0;
            for (bands.cutTo = 0; bands.cutTo < 200; ++bands.cutTo) {
                const auto page = readSpacePage(bands, "bands", askTuples(10));
                if (page) {
                    QCOMPARE(page->rows.size(), std::size_t(2));  // whole
                    continue;
                }
                ++errors;
            }
            QVERIFY2(errors > 10, method.c_str());
        }
    }
    void kindsHaveTheirBrowsers() {
        QVERIFY(dataBrowser("maprdb", "stream") != nullptr && dataBrowser("maprdb", "json") != nullptr);
        QVERIFY(dataBrowser("tarantool", "space") != nullptr);
        QVERIFY(dataBrowser("maprdb", "binary") == nullptr && dataBrowser("tarantool", "stream") == nullptr);
        QCOMPARE(dataBrowser("maprdb", "stream")->words().page, std::string("Messages"));
    }
};
TRIBUTARY_TEST(SpacePagesTest)
#include "tst_spacepages.moc"
