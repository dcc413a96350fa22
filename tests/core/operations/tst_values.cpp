// Canonical spelling of every type of value.
#include "core/operations/values.h"

#include "core/base/limits.h"
#include "testmain.h"

using namespace tributary;

class TestValues : public QObject {
    Q_OBJECT
private slots:
    void spellsCanonically_data() {
        QTest::addColumn<int>("verb");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("canonical");  // null: refused
        QTest::addColumn<int>("warnings");
        const auto row = [](Verb verb, const char* name, QByteArray raw, QByteArray canonical, int warnings = 0) {
            const QByteArray title = QByteArray(name) + ' ' + raw.left(30).toPercentEncoding();
            QTest::newRow(title.constData())
                << static_cast<int>(verb) << QByteArray(name) << raw << canonical << warnings;
        };
        const QByteArray refused;
        row(Verb::TableInfo, "path", "/mapr//sf/t/", "/mapr/sf/t");
        row(Verb::TableInfo, "path", "/vol/with blank/t", "/vol/with blank/t");
        row(Verb::TableCreate, "packperm", " u:root|u:mapr ", "u:root | u:mapr");
        row(Verb::TableCreate, "packperm", "((u:a|g:b)&!r:c)", "(u:a | g:b) & !r:c");
        row(Verb::TableCreate, "packperm", "  ", "");
        row(Verb::TableCreate, "packperm", "u:a,u:b", refused);
        row(Verb::TableCreate, "packperm", "u:", refused);
        row(Verb::TableCreate, "packperm", QByteArray(10'000, '('), refused);
        row(Verb::TableInfo, "path", "mapr/sf/t", refused);
        row(Verb::TableInfo, "path", "/", refused);
        row(Verb::TableInfo, "path", "", refused);
        row(Verb::TableInfo, "path", "/a/../b", refused);
        row(Verb::TableInfo, "path", "/a\nb", refused);
        row(Verb::TableInfo, "path", "/\xff", refused);
        row(Verb::TableInfo, "path", "/\xc0\xaf", refused);          // overlong
        row(Verb::TableInfo, "path", "/\xed\xa0\x80", refused);      // surrogate
        row(Verb::TableInfo, "path", "/\xf4\x90\x80\x80", refused);  // beyond U+10FFFF
        row(Verb::TableInfo, "path", "/\xe2\x82", refused);          // cut
        row(Verb::TableInfo, "path", "/\xe2\x82\xac\xf0\x9f\x98\x80", "/\xe2\x82\xac\xf0\x9f\x98\x80");
        row(Verb::ReplicaAdd, "paused", "TRUE", "true");
        row(Verb::ReplicaAdd, "paused", "no", "false", 1);
        row(Verb::ReplicaAutosetup, "multimaster", "yes", "true", 1);
        row(Verb::ReplicaAdd, "paused", "1", "true", 1);
        row(Verb::ReplicaAdd, "paused", "maybe", refused);
        row(Verb::ReplicaAdd, "paused", "", refused);
        row(Verb::CfCreate, "ttl", "0060", "60");
        row(Verb::CfCreate, "ttl", "-1", refused);
        row(Verb::CfCreate, "ttl", "2147483648", refused);
        row(Verb::CfCreate, "ttl", "99999999999999999999", refused);
        row(Verb::CfCreate, "ttl", "6x", refused);
        row(Verb::CfCreate, "maxversions", "0", refused);
        row(Verb::ReplicaAdd, "networkcompression", "on", "lz4");
        row(Verb::ReplicaAdd, "networkcompression", "ZLIB", "zlib");
        row(Verb::ReplicaAdd, "networkcompression", "gzip", refused);
        row(Verb::TableCreate, "metricsinterval", "30", refused);
        row(Verb::TableCreate, "copymetatype", "splits,cfs,splits", "cfs,splits");
        row(Verb::TableCreate, "copymetatype", "cfs,rows", refused);
        row(Verb::ReplicaAdd, "columns", "b:x,a,a:y", "a,b:x");
        row(Verb::ReplicaAdd, "columns", "a,,b", refused);
        row(Verb::ReplicaAdd, "columns", ",a.e", ",a.e");  // a JSON table's default family, and a path
        row(Verb::ReplicaAdd, "columns", "," + QByteArray(limits::kColumnsBytesMax, 'x'), refused);
        row(Verb::TableCreate, "replperm", "u:a|u:b", "u:a | u:b");
        row(Verb::TableCreate, "replperm", "", "");
        row(Verb::TableCreate, "replperm", "u:mapr,u:admin", refused);
        row(Verb::GatewaySet, "gateways", " gw1  gw2 gw1 ", "gw1 gw2");
        row(Verb::GatewaySet, "gateways", "gw1,gw2", refused);
        row(Verb::GatewaySet, "gateways", " ", refused);
        row(Verb::CfCreate, "cfname", "", refused);
        row(Verb::CfList, "cfname", "", "");
        row(Verb::AlarmRaise, "description", QByteArray(70'000, 'x'), refused);
    }
    void spellsCanonically() {
        QFETCH(int, verb);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, canonical);
        const ParamSpec* spec = specOf(static_cast<Verb>(verb)).find(name.toStdString());
        QVERIFY(spec != nullptr);
        std::vector<std::string> warnings;
        const auto value = canonicalValue(*spec, raw.toStdString(), {}, warnings);
        if (canonical.isNull()) {
            QVERIFY(!value.ok());
            QVERIFY(value.error().code == ErrorCode::InvalidInput);
            QCOMPARE(value.error().where, "-" + name.toStdString());
            QVERIFY(!value.error().fix.empty());
            return;
        }
        QVERIFY_OK(value);
        QCOMPARE(value.value(), canonical.toStdString());
        QTEST(static_cast<int>(warnings.size()), "warnings");
        std::vector<std::string> again;
        QCOMPARE(canonicalValue(*spec, value.value(), {}, again).value(), value.value());
        QVERIFY(again.empty());
    }
};
TRIBUTARY_TEST(TestValues)
#include "tst_values.moc"
