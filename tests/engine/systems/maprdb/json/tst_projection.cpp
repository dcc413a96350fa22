// Projections: named fields with what leads to them, elements of arrays, container paths.
#include "engine/systems/maprdb/json/projection.h"

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestProjection : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatIsNamed_data() {
        QTest::addColumn<QString>("paths");
        QTest::addColumn<QString>("kept");
        const auto row = [](const char* paths, const char* kept) { QTest::newRow(paths) << paths << kept; };
        row("m", "{\"m\":1}");
        row("a.c", "{\"a\":{\"c\":{\"d\":2,\"e\":3}}}");
        row("a.c.d m", "{\"a\":{\"c\":{\"d\":2}},\"m\":1}");
        row("a.c.d a.c", "{\"a\":{\"c\":{\"d\":2,\"e\":3}}}");
        row("a.b[1]", "{\"a\":{\"b\":[{\"x\":5}]}}");
        row("a.b[].x", "{\"a\":{\"b\":[{\"x\":4},{\"x\":5}]}}");
        row("a.b[0].y a.b[1].x", "{\"a\":{\"b\":[{\"y\":6},{\"x\":5}]}}");
        row("m[]", "{\"m\":1}");
        row("a[].c.e", "{\"a\":{\"c\":{\"e\":3}}}");
        row("gone a.gone a.b[9] m.x", "{}");
    }
    void keepsWhatIsNamed() {
        QFETCH(QString, paths);
        QFETCH(QString, kept);
        std::vector<FieldPath> wanted;
        for (const QString& path : paths.split(u' ')) wanted.push_back(FieldPath::parse(path.toStdString()).value());
        const Value document = parsed("{\"a\":{\"b\":[{\"x\":4,\"y\":6},{\"x\":5}],\"c\":{\"d\":2,\"e\":3}},\"m\":1}");
        QCOMPARE(shown(project(document, wanted)), kept);
        QVERIFY(project(document, {}) == document);
    }
};
TRIBUTARY_TEST(TestProjection)
#include "tst_projection.moc"
