// Metrics in Prometheus' text format.
#include "app/observe/metricstext.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestCare : public QObject {
    Q_OBJECT

private slots:
    void unknownFiguresAreAbsentNotZero() {
        WorkspaceStatus status;
        ClusterRow cluster;
        cluster.name = "sf";
        cluster.state = "down";
        status.clusters.push_back(cluster);
        LinkRow known;
        known.from = "/mapr/sf/\"t\"";
        known.to = "/mapr/ny/t";
        known.state = "replicating";
        known.lagMs = 1'500;
        LinkRow unknown;
        unknown.from = "/mapr/sf/u";
        unknown.to = "/mapr/ny/u";
        unknown.state = "?";
        status.links = {known, unknown};
        const std::string text = metricsText(status);
        QVERIFY(text.find("tributary_cluster_up{cluster=\"sf\"} 0\n") != std::string::npos);
        QVERIFY(text.find("tributary_alarms{") == std::string::npos);
        QVERIFY(text.find("tributary_link_lag_seconds{from=\"/mapr/sf/\\\"t\\\"\",to=\"/mapr/ny/t\"} 1.5\n") !=
                std::string::npos);
        QVERIFY(text.find("/mapr/sf/u") == std::string::npos);
        QVERIFY(text.find("tributary_link_pending_bytes{") == std::string::npos);
    }

    void samplesOfOneMetricStandTogether() {
        WorkspaceStatus status;
        for (const char* name : {"a", "b"}) {
            ClusterRow cluster;
            cluster.name = name;
            cluster.state = "up";
            cluster.answered = true;
            cluster.gateways = {{"gw", {}, true}};
            status.clusters.push_back(cluster);
        }
        const QString text = QString::fromStdString(metricsText(status));
        QString metric;
        QStringList seen;
        for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            if (line.startsWith(QLatin1Char('#'))) continue;
            const QString name = line.section(QLatin1Char('{'), 0, 0);
            if (name == metric) continue;
            QVERIFY2(!seen.contains(name), qPrintable(text));
            seen << name;
            metric = name;
        }
        QCOMPARE(seen.size(), 3);
    }
};
TRIBUTARY_TEST(TestCare)
#include "tst_care.moc"
