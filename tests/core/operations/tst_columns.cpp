// Column lists.
#include "core/base/result.h"  // before columns.h: moc cannot read <compare> as the first header
#include "core/operations/columns.h"

#include <set>
#include <vector>

#include "testmain.h"

using namespace tributary;

class TestColumns : public QObject {
    Q_OBJECT
private slots:
    void readsAndPrintsCanonically_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        QTest::newRow("family") << "cf"
                                << "cf";
        QTest::newRow("sorted") << "z,a:q,m"
                                << "a:q,m,z";
        QTest::newRow("family swallows its columns") << "cf:b,cf,cf:a"
                                                     << "cf";
        QTest::newRow("family does not swallow its neighbour") << "cf,cf2:a,cf2:a"
                                                               << "cf,cf2:a";
        QTest::newRow("qualifier with colon") << "cf:a:b"
                                              << "cf:a:b";
        QTest::newRow("empty qualifier") << "cf:,cf:a"
                                         << "cf:,cf:a";
    }
    void readsAndPrintsCanonically() {
        QFETCH(QString, text);
        const auto list = parseColumns(text.toStdString());
        QVERIFY_OK(list);
        QTEST(QString::fromStdString(printColumns(list.value())), "canonical");
        QVERIFY(parseColumns(printColumns(list.value())).value() == list.value());
    }
    void refusesBadEntriesByPlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << ""
                                 << "is empty";
        QTest::newRow("empty entry") << "a,,b"
                                     << "entry 2";
        QTest::newRow("trailing comma") << "a,"
                                        << "entry 2";
        QTest::newRow("no family") << "a,b,:q"
                                   << "entry 3";
        QTest::newRow("blank") << "a, b"
                               << "entry 2";
    }
    void refusesBadEntriesByPlace() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto list = parseColumns(text.toStdString());
        QVERIFY(!list.ok());
        QVERIFY2(list.error().what.find(says.toStdString()) != std::string::npos, list.error().what.c_str());
    }
    void coversWhatItSelects_data() {
        QTest::addColumn<QString>("wider");
        QTest::addColumn<QString>("narrower");
        QTest::addColumn<bool>("covered");
        QTest::newRow("whole table covers all") << ""
                                                << "a,b:c" << true;
        QTest::newRow("whole table covers itself") << ""
                                                   << "" << true;
        QTest::newRow("nothing else covers the table") << "a"
                                                       << "" << false;
        QTest::newRow("family covers its column") << "a"
                                                  << "a:x,a:y" << true;
        QTest::newRow("column does not cover its family") << "a:x"
                                                          << "a" << false;
        QTest::newRow("column covers itself") << "a:x,b"
                                              << "b:q,a:x" << true;
        QTest::newRow("other column") << "a:x"
                                      << "a:y" << false;
    }
    void coversWhatItSelects() {
        const auto read = [](const QString& text) {
            return text.isEmpty() ? ColumnList{} : parseColumns(text.toStdString()).value();
        };
        QFETCH(QString, wider);
        QFETCH(QString, narrower);
        QTEST(covers(read(wider), read(narrower)), "covered");
        if (covers(read(wider), read(narrower))) {
            for (const ColumnSpec& spec : read(narrower)) {
                QVERIFY(selects(read(wider), spec.family, spec.qualifier.value_or("any")));
            }
        }
    }
    void intersects_data() {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("both");
        const auto row = [](const char* name, const char* one, const char* other, const char* both) {
            QTest::newRow(name) << QString::fromLatin1(one) << QString::fromLatin1(other) << QString::fromLatin1(both);
        };
        row("whole table and a list", "", "b,a:x", "a:x,b");
        row("whole tables", "", "", "");
        row("families", "a,b", "b,c", "b");
        row("nothing in both", "profile", "orders", "nothing");
        row("family and its columns", "a", "a:x,a:y,b", "a:x,a:y");
        row("columns of one family", "a:x,a:y", "a:y,a:z", "a:y");
        row("other columns", "a:x", "a:y", "nothing");
        row("column without a name", "a:,a:x", "a:", "a:");
        row("family is not its neighbour", "cf", "cf2", "nothing");
    }
    void intersects() {
        QFETCH(const QString, one);
        QFETCH(const QString, other);
        const auto both = intersection(read(one), read(other));
        QTEST(both ? QString::fromStdString(both->empty() ? std::string() : printColumns(*both))
                   : QStringLiteral("nothing"),
              "both");
        QVERIFY(intersection(read(other), read(one)) == both);
    }
    /// Column by column against selects(), over every pair and triple of small lists.
    void intersectionSelectsWhatBothSelect() {
        const std::vector<ColumnList> lists = smallLists();
        for (const ColumnList& one : lists) {
            for (const ColumnList& other : lists) {
                const auto both = intersection(one, other);
                bool any = false;
                for (const char* family : {"a", "b", "c"}) {
                    for (const char* qualifier : {"x", "y", ""}) {
                        const bool due = selects(one, family, qualifier) && selects(other, family, qualifier);
                        QCOMPARE(both && selects(*both, family, qualifier), due);
                        any = any || due;
                    }
                }
                QCOMPARE(both.has_value(), any);
                if (!both) continue;
                QVERIFY(*both == canonicalColumns(*both));
                QVERIFY(covers(one, *both) && covers(other, *both));
                QVERIFY(intersection(*both, one) == both && intersection(*both, *both) == both);
                if (covers(one, other)) QVERIFY(*both == canonicalColumns(other));
            }
        }
    }
    void filtersMayBeJoinedInAnyOrder() {
        const std::vector<ColumnList> lists = smallLists();
        const auto join = [](const std::optional<ColumnList>& one, const std::optional<ColumnList>& other) {
            return one && other ? intersection(*one, *other) : std::nullopt;
        };
        for (std::size_t i = 0; i < lists.size(); i += 3) {
            for (const ColumnList& b : lists) {
                for (const ColumnList& c : lists) QVERIFY(join(join(lists[i], b), c) == join(lists[i], join(b, c)));
            }
        }
    }

private:
    static ColumnList read(const QString& text) {
        return text.isEmpty() ? ColumnList{} : parseColumns(text.toStdString()).value();
    }
    /// Every list made of a, a:x, a:y, b:x, b and c, canonical, and the whole table.
    static std::vector<ColumnList> smallLists() {
        const ColumnList all = {{"a", {}}, {"a", "x"}, {"a", "y"}, {"b", "x"}, {"b", {}}, {"c", {}}};
        std::set<ColumnList> made;
        for (unsigned bits = 0; bits < 64U; ++bits) {
            ColumnList list;
            for (std::size_t i = 0; i < all.size(); ++i) {
                if ((bits >> i & 1U) != 0) list.push_back(all[i]);
            }
            made.insert(canonicalColumns(std::move(list)));
        }
        return {made.begin(), made.end()};
    }
};
TRIBUTARY_TEST(TestColumns)
#include "tst_columns.moc"
