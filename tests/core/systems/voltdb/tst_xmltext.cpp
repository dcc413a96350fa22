// XML read with its places, changed at one of them, and damaged in every way.
#include "core/systems/voltdb/xmltext.h"

#include <random>

#include "testmain.h"

using namespace tributary;
using namespace tributary::voltdb;

namespace {

const std::string kText = R"(<?xml version="1.0"?>
<!-- of the east -->
<a>
    <b x = '1'  y="&lt;2&gt;"/>   <!-- kept -->
    <c>
        <d>text &amp; more</d>
    </c>
    <e z=">"></e>
</a>
)";

XmlElement tree(const std::string& text) {
    const Result<XmlElement> root = parseXml(text, "f");
    return root ? *root : XmlElement{};
}

}  // namespace

class TestXmlText : public QObject {
    Q_OBJECT
private slots:
    void readsElementsAndTheirPlaces() {
        const XmlElement root = tree(kText);
        QCOMPARE(root.name, std::string("a"));
        QCOMPARE(root.children.size(), std::size_t{3});
        const XmlElement& b = root.children.front();
        QVERIFY(b.selfClosing && b.pos == (SourcePos{4, 5}));
        QCOMPARE(b.attribute("x")->value, std::string("1"));
        QVERIFY(b.attribute("x")->pos == (SourcePos{4, 8}) && b.attribute("x")->quote == '\'');
        QCOMPARE(b.attribute("y")->value, std::string("<2>"));
        QVERIFY(b.attribute("z") == nullptr);
        QCOMPARE(root.child("c")->child("d")->text, std::string("text & more"));
        QCOMPARE(root.child("e")->attribute("z")->value, std::string(">"));
        const XmlElement& d = *root.child("c")->child("d");
        QCOMPARE(kText.substr(d.begin, d.end - d.begin), std::string("<d>text &amp; more</d>"));
        QCOMPARE(kText.substr(root.begin, root.end - root.begin), kText.substr(43, kText.size() - 44));
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* reason) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(where)
                                << QString::fromUtf8(reason);
        };
        row("nothing", "", "f:1:1", "no element found");
        row("an end that fits no begin", "<a>\n  <b>\n  </c>\n</a>", "f:3:5", "mismatched tag");
        row("no quotes", "<a x=1/>", "f:1:6", "not well-formed");
        row("an attribute twice", "<a x='1' x='2'/>", "f:1:10", "duplicate attribute");
        row("an unknown entity", "<a>\n&deployment;</a>", "f:2:1", "undefined entity");
        row("a DOCTYPE", "<!DOCTYPE a [<!ENTITY x 'y'>]>\n<a>&x;</a>", "f:1:13", "a DOCTYPE is not read");
        row("an encoding", "<?xml version='1.0' encoding='utf-16'?><a/>", "f:1:1", "the encoding utf-16 is not read");
        row("columns are characters", "<a x='\u00e4\u00f6'><b></a>", "f:1:16", "mismatched tag");
        std::string deep;
        for (int i = 0; i < 40; ++i) deep += "<a>";
        row("depth", deep, "f:1:97", "more than 32 levels");
        row("size", std::string((1U << 20U) + 1, ' '), "f:1:1", "more than 1048576 bytes");
    }
    void refusesAtThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const Result<XmlElement> root = parseXml(text.toStdString(), "f");
        QVERIFY(!root.ok());
        QVERIFY2(QString::fromStdString(root.error().what).contains(reason), root.error().what.c_str());
        QTEST(QString::fromStdString(root.error().where), "where");
    }

    void changesOnePlace_data() {
        QTest::addColumn<QString>("out");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* name, const std::string& out, const char* before, const char* after) {
            QTest::newRow(name) << QString::fromStdString(out) << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        const XmlElement root = tree(kText);
        const XmlElement& b = root.children[0];
        const XmlElement& c = root.children[1];
        const XmlElement& e = root.children[2];
        row("a value", withAttribute(kText, b, "x", "a'b"), "'1'", "'a&apos;b'");
        row("a new attribute", withAttribute(kText, b, "z", "3"), "&gt;\"/>", "&gt;\" z=\"3\"/>");
        row("the first attribute", withAttribute(kText, c, "z", "3"), "<c>", "<c z=\"3\">");
        row("an attribute less", withoutAttribute(kText, b, "y"), "  y=\"&lt;2&gt;\"", "");
        row("none less", withoutAttribute(kText, b, "n"), "", "");
        row("a child", withChild(kText, c, "<n />"), "</d>\n", "</d>\n        <n />\n");
        row("the first child", withChild(kText, c.children[0], "<n />"), "more</d>",
            "more\n            <n />\n        </d>");
        row("a child of what closes itself", withChild(kText, b, "<n />"), "&gt;\"/>",
            "&gt;\">\n        <n />\n    </b>");
        row("a child of an empty element", withChild(kText, e, "<n />"), "></e>", ">\n        <n />\n    </e>");
        row("a child less", withoutElement(kText, c.children[0]), "        <d>text &amp; more</d>\n", "");
        row("a child beside a comment", withoutElement(kText, b), "<b x = '1'  y=\"&lt;2&gt;\"/>", "");
        row("a text", withText(kText, c.children[0], "<"), "text &amp; more", "&lt;");
        row("a text of what closes itself", withText(kText, b, "t"), "&gt;\"/>", "&gt;\">t</b>");
    }
    void changesOnePlace() {
        QFETCH(QString, out);
        QFETCH(QString, before);
        QFETCH(QString, after);
        QString expected = QString::fromStdString(kText);
        if (!before.isEmpty()) {
            QVERIFY(expected.contains(before));
            expected.replace(expected.indexOf(before), before.size(), after);
        }
        QCOMPARE(out, expected);
        QVERIFY_OK(parseXml(out.toStdString(), "f"));
    }

    void linesEndAsTheFileEndsThem() {
        const std::string text = "<a>\r\n  <b/>\r\n</a>\r\n";
        QCOMPARE(withChild(text, tree(text), "<c/>"), std::string("<a>\r\n  <b/>\r\n  <c/>\r\n</a>\r\n"));
    }

    void escapedTextsComeBack() {
        std::string all;
        for (char c = 32; c < 127; ++c) all += c;
        all += "\t\n\u00e4";
        const std::string text = "<a x=\"" + xmlEscaped(all) + "\"/>";
        QCOMPARE(tree(text).attribute("x")->value, all);
    }

    void damagedTextsAreReadOrRefused_data() {
        QTest::addColumn<int>("seed");
        for (int i = 0; i < 20; ++i) QTest::addRow("seed %d", i) << i;
    }
    void damagedTextsAreReadOrRefused() {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
        constexpr std::string_view kBytes = "<>/='\"&;! \n-ax?[]\x80\xff";
        for (int round = 0; round < 300; ++round) {
            std::string text = kText;
            for (std::size_t change = 0; change <= below(4); ++change) {
                const std::size_t at = below(text.size());
                switch (below(3)) {
                    case 0: text[at] = kBytes[below(kBytes.size())]; break;
                    case 1: text.erase(at, 1 + below(8)); break;
                    default: text.insert(at, 1, kBytes[below(kBytes.size())]);
                }
            }
            const Result<XmlElement> root = parseXml(text, "f");
            if (!root) {
                QVERIFY(root.error().code == ErrorCode::InvalidInput && root.error().where.starts_with("f:"));
                continue;
            }
            QVERIFY(root->begin < root->end && root->end <= text.size());
            // Whatever was read can be changed, and is whole afterwards.
            const std::string longer = withChild(text, *root, "<zz />");
            const Result<XmlElement> again = parseXml(longer, "f");
            QVERIFY_OK(again);
            QVERIFY(again->child("zz") != nullptr);
            QCOMPARE(again->children.size(), root->children.size() + 1);
            for (const XmlElement& each : root->children) {
                QVERIFY_OK(parseXml(withoutElement(text, each), "f"));
                QVERIFY_OK(parseXml(withAttribute(text, each, "zz", "<'\">"), "f"));
            }
        }
    }
};
TRIBUTARY_TEST(TestXmlText)
#include "tst_xmltext.moc"
