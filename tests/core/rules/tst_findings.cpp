// Findings as text and JSON.
#include "core/rules/findings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "testmain.h"

using namespace tributary;

namespace {

std::vector<Finding> two() {
    Upstream half;
    half.at = "/mapr/b/t";
    half.from = "/mapr/a/t";
    return {{"maprdb.upstream-missing",
             Severity::Error,
             "/mapr/a/t -> /mapr/b/t",
             {12, 5},
             "it is \"missing\"",
             "add it",
             addUpstream(half)},
            {"maprdb.gateway-single", Severity::Warning, "cluster b", {}, "only one", "add one", nullptr}};
}

}  // namespace

class TestFindings : public QObject {
    Q_OBJECT
private slots:
    void printsOneParagraphEach() {
        QCOMPARE(formatFindings(two(), "topology.yaml"),
                 std::string("topology.yaml:12:5: error: it is \"missing\" [maprdb.upstream-missing]\n"
                             "    at /mapr/a/t -> /mapr/b/t\n"
                             "    fix: add it\n"
                             "topology.yaml: warning: only one [maprdb.gateway-single]\n"
                             "    at cluster b\n"
                             "    fix: add one\n"
                             "1 error, 1 warning, 0 infos\n"));
        QCOMPARE(formatFindings({}, "t"), std::string("t: no findings\n"));
    }

    void printsOneJsonDocument() {
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(formatFindingsJson(two(), "t.yaml")));
        QVERIFY(document.isObject());
        const QJsonObject root = document.object();
        QCOMPARE(root[QStringLiteral("errors")].toInt(), 1);
        QCOMPARE(root[QStringLiteral("warnings")].toInt(), 1);
        const QJsonArray list = root[QStringLiteral("findings")].toArray();
        QCOMPARE(list.size(), 2);
        const QJsonObject first = list[0].toObject();
        QCOMPARE(first[QStringLiteral("line")].toInt(), 12);
        QCOMPARE(first[QStringLiteral("reason")].toString(), QStringLiteral("it is \"missing\""));
        QCOMPARE(first[QStringLiteral("quickFix")].toString(), QStringLiteral("Add upstream /mapr/b/t <- /mapr/a/t"));
        QVERIFY(list[1].toObject()[QStringLiteral("line")].isNull());
        QVERIFY(list[1].toObject()[QStringLiteral("quickFix")].isNull());
    }

    void replacesBytesThatAreNotUtf8() {
        std::vector<Finding> findings = two();
        findings[0].where = "/mapr/\xFF/t";
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(formatFindingsJson(findings, "t")));
        QVERIFY(document.isObject());
    }
};
TRIBUTARY_TEST(TestFindings)
#include "tst_findings.moc"
