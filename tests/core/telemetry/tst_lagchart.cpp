// The text chart and the sparkline: shape, gaps, glyphs.
#include <QTest>

#include "core/base/text.h"
#include "core/telemetry/lagchart.h"
#include "testmain.h"

namespace tributary::test {

class LagChartTest final : public QObject {
    Q_OBJECT

    static constexpr Millis kStart = 1'700'000'040'000;

    static LagSeries seriesOf(const std::vector<std::optional<std::int64_t>>& lags) {
        LagSeries series;
        LagSample sample;
        sample.atMs = kStart;
        for (const auto& lag : lags) {
            sample.lagMs = lag;
            series.add(sample);
            sample.atMs += 1'000;
        }
        return series;
    }
    static LagChartOptions options(std::size_t seconds, ChartGlyphs glyphs) {
        LagChartOptions out;
        out.fromMs = kStart;
        out.toMs = kStart + static_cast<Millis>(seconds) * 1'000;
        out.width = 13 + seconds;  // one column per second
        out.height = 7;
        out.glyphs = glyphs;
        return out;
    }
    /// Columns on screen of a UTF-8 text.
    static std::size_t cells(const std::string& text) {
        return static_cast<std::size_t>(QString::fromStdString(text).size());
    }

private slots:
    void drawsAKnownPicture() {
        const LagSeries series = seriesOf({0, 250, 500, 750, 1'000, {}, {}, 1'000, 500, 0, 0, 0});
        const std::string expected =
            "lag 0 ms, max 1.0 s\n"
            "      1.0 s |    #  #    \n"
            "            |   ##  #    \n"
            "            |  ###  ##   \n"
            "       0 ms |_####  ##___\n"
            "            +-----?"
            "?-----\n"  // split: a trigraph otherwise
            "             -12 s    now\n";
        const std::string drawn = renderLagChart(series, options(12, ChartGlyphs::Ascii));
        QVERIFY2(drawn == expected, drawn.c_str());
    }

    void unicodePictureHasTheSameShape() {
        const LagSeries series = seriesOf({0, 125, 1'000, {}, 0, 0, 0, 0, 0, 0, 0, 0});
        const auto lines = split(renderLagChart(series, options(12, ChartGlyphs::Unicode)), '\n');
        QCOMPARE(lines.size(), std::size_t{8});  // seven lines, each ended
        for (std::size_t i = 1; i < 6; ++i) QCOMPARE(cells(lines[i]), std::size_t{25});
        QCOMPARE(lines[4], std::string("       0 ms │▁▄█ ▁▁▁▁▁▁▁▁"));
        QCOMPARE(lines[5], std::string("            └───┄────────"));
    }

    void withoutASampleEverythingIsUnknown() {
        const auto lines = split(renderLagChart(LagSeries(), options(12, ChartGlyphs::Ascii)), '\n');
        QCOMPARE(lines[0], std::string("lag unknown"));
        QCOMPARE(lines[5], std::string("            +????????????"));
    }

    void staleNewestValueIsUnknown() {
        LagChartOptions wanted = options(12, ChartGlyphs::Ascii);
        const std::string chart = renderLagChart(seriesOf({700, 800}), wanted);
        QVERIFY2(chart.find("lag unknown, max 800 ms\n") == 0, chart.c_str());
    }

    void clockSkewIsNamedAndDrawnAsZero() {
        const auto lines = split(renderLagChart(seriesOf({-300, 0, 0}), options(12, ChartGlyphs::Ascii)), '\n');
        QCOMPARE(lines[0], std::string("lag unknown, clock skew -"));  // cut to the width
        LagChartOptions wide = options(12, ChartGlyphs::Ascii);
        wide.width = 60;
        QVERIFY(renderLagChart(seriesOf({-300, 0, 0}), wide).find("clock skew -300 ms") != std::string::npos);
        QCOMPARE(lines[4].substr(13, 3), std::string("___"));
    }

    void logarithmShowsSmallBesideLarge() {
        LagChartOptions wanted = options(12, ChartGlyphs::Unicode);
        wanted.scale = ChartScale::Log;
        const LagSeries series = seriesOf({10, 600'000});
        const auto log = split(renderLagChart(series, wanted), '\n');
        wanted.scale = ChartScale::Linear;
        const auto linear = split(renderLagChart(series, wanted), '\n');
        QVERIFY(log[4].find("│█") != std::string::npos || log[4].find("│▆") != std::string::npos);
        QVERIFY(linear[4].find("│▁") != std::string::npos);
    }

    void noLineIsWiderThanAsked_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        for (const int width : {25, 40, 80, 200}) QTest::addRow("%d wide", width) << width << 8;
        QTest::newRow("high") << 80 << 40;
    }
    void noLineIsWiderThanAsked() {
        QFETCH(const int, width);
        QFETCH(const int, height);
        LagChartOptions wanted = options(60, ChartGlyphs::Unicode);
        wanted.width = static_cast<std::size_t>(width);
        wanted.height = static_cast<std::size_t>(height);
        const auto lines = split(renderLagChart(seriesOf({1, 86'400'000, 3}), wanted), '\n');
        QCOMPARE(lines.size(), static_cast<std::size_t>(height) + 1);
        for (const std::string& line : lines) QVERIFY2(cells(line) <= wanted.width, line.c_str());
    }

    void sparklineTellsZeroFromUnknown_data() {
        QTest::addColumn<bool>("unicode");
        QTest::addColumn<QString>("line");
        QTest::newRow("unicode") << true << QStringLiteral("▁▄█ ▁");
        QTest::newRow("ascii") << false << QStringLiteral("_:# _");
    }
    void sparklineTellsZeroFromUnknown() {
        QFETCH(const bool, unicode);
        QFETCH(const QString, line);
        const LagSeries series = seriesOf({0, 50, 100, {}, 0});
        const std::string drawn = renderSparkline(series, LagFigure::Lag, kStart, kStart + 5'000, 5,
                                                  unicode ? ChartGlyphs::Unicode : ChartGlyphs::Ascii);
        QCOMPARE(QString::fromStdString(drawn), line);
    }
};

TRIBUTARY_TEST(LagChartTest)

}  // namespace tributary::test

#include "tst_lagchart.moc"
