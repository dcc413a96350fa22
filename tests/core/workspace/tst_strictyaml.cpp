// The strict tree: what it refuses, where it says so, and the positions it keeps.
#include "core/workspace/strictyaml.h"

#include <QFile>
#include <QTemporaryDir>

#include "testmain.h"

using namespace tributary;

class TestStrictYaml : public QObject {
    Q_OBJECT
private slots:
    void refusesAtThePlace_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QByteArray& text, const char* where, const char* reason) {
            QTest::newRow(name) << text << QString::fromUtf8(where) << QString::fromUtf8(reason);
        };
        row("duplicate key", "a: 1\nb: 2\na: 3\n", "f:3:1",
            "duplicate key 'a': it is already given at line 1, column 1");
        row("duplicate key in a flow map", "x: {a: 1, b: 2, a: 3}\n", "f:1:17", "duplicate key 'a'");
        row("duplicate key, quoted once", "a: 1\n'a': 2\n", "f:2:1", "duplicate key 'a'");
        row("columns count characters", "{ö: 1, ö: 2}\n", "f:1:8", "duplicate key");
        row("anchor on a scalar", "a: &x 1\n", "f:1:4", "anchors (&x)");
        row("anchor on a map", "a: &x\n  b: 1\n", "f:1:4", "anchors (&x)");
        row("alias", "a: *x\n", "f:1:4", "");
        row("anchor before alias", "a: &x 1\nb: *x\n", "f:1:4", "anchors");
        row("tag", "a: !!int 1\n", "f:1:4", "tags");
        row("own tag", "a: !mine [1]\n", "f:1:4", "tags");
        row("lone tag", "a: ! 1\n", "f:1:4", "tags");
        row("list as a key", "? [a, b]\n: 1\n", "f:1:3", "a key must be plain text");
        row("missing key", ": 1\n", "f:1:1", "a key is missing");
        row("second document", "a: 1\n---\nb: 2\n", "f:3:1", "a second YAML document");
        row("bad syntax", "a: [1, 2\nb: 3\n", "f:2:2", "not valid YAML");
        row("colon and blank in a value", "a: see: here\n", "f:1:7", "not valid YAML");
        row("quote never closed", "a:\n  - \"x\n  - y\n", "f:2:5", "never closed");
        row("single quote never closed", "a:\n  - 'x''\n  - y\n", "f:2:5", "never closed");
        row("tab as indentation", "a:\n\tb: 1\n", "f:2:1", "a tab indents this line");
        row("tab after blanks", "a:\n  - b\n \t- c\n", "f:3:2", "a tab indents this line");
        row("control character", "a: 1\nb: \x04\n", "f:2:4", "control character 0x04");
        row("zero byte", QByteArray("a: \0b\n", 6), "f:1:4", "control character 0x00");
        row("not UTF-8", "a: \xFF\n", "f:1:4", "not valid UTF-8");
        row("overlong UTF-8", "a: \xC0\xAF\n", "f:1:4", "not valid UTF-8");
        row("byte order mark",
            "\xEF\xBB\xBF"
            "a: 1\n",
            "f:1:1", "byte order mark");
        row("deep flow", QByteArray(65, '[') + QByteArray(65, ']'), "f:1:65", "nested deeper than 64");
        row("very deep flow", QByteArray(100'000, '[') + QByteArray(100'000, ']'), "f:1:65", "nested deeper than 64");
        row("unclosed deep flow", QByteArray(100'000, '['), "f:1:1", "");
    }
    void refusesAtThePlace() {
        QFETCH(QByteArray, text);
        QFETCH(QString, reason);
        const Result<StrictNode> root = parseStrictYaml(text.toStdString(), "f");
        QVERIFY(!root.ok());
        QCOMPARE(root.error().code, ErrorCode::InvalidInput);
        QTEST(QString::fromStdString(root.error().where), "where");
        QVERIFY2(QString::fromStdString(root.error().what).contains(reason), root.error().what.c_str());
        if (reason == QStringLiteral("not valid YAML")) QVERIFY(!root.error().fix.empty());
    }

    void colonsWithoutABlankNeedNoQuotes() {
        const auto root = parseStrictYaml("a: {b: u:ana, c: [orders:total, x]}\nd: u:ben\n", "f");
        QVERIFY_OK(root);
        QCOMPARE(root->children[0].children[0].scalar, std::string("u:ana"));
        QCOMPARE(root->children[0].children[1].children[0].scalar, std::string("orders:total"));
        QCOMPARE(root->children[1].scalar, std::string("u:ben"));
    }

    void keepsDepth64() { QVERIFY_OK(parseStrictYaml(std::string(64, '[') + std::string(64, ']'), "f")); }

    void refusesWhatIsTooLarge() {
        StrictLimits limits;
        QCOMPARE(limits.bytesMax, std::size_t{16} * 1024 * 1024);
        QVERIFY(!parseStrictYaml(std::string(limits.bytesMax + 1, ' '), "f").ok());
        limits.bytesMax = 10;
        QVERIFY(!parseStrictYaml("a: 1234567", "f", {.bytesMax = 9}).ok());
        QVERIFY_OK(parseStrictYaml("a: 1234567", "f", limits));
        QVERIFY(!parseStrictYaml("[1, 2, 3]", "f", {.nodesMax = 3}).ok());
    }

    void keepsTextsAndPositions() {
        const std::string text = "a: no\nlist:\n  - 007\n  - \"x\"\nmap: {k: 'v', e: }\nnone:\nö: |\n  folded\n";
        const Result<StrictNode> root = parseStrictYaml(text, "f");
        QVERIFY_OK(root);
        QCOMPARE(root->children.size(), std::size_t{5});
        const StrictNode& a = root->children[0];
        QCOMPARE(a.scalar, std::string("no"));
        QVERIFY(!a.quoted && a.pos() == (SourcePos{1, 4}) && a.keyPos() == (SourcePos{1, 1}));
        const StrictNode* list = root->find("list");
        QVERIFY(list != nullptr && list->isSequence() && !list->flow);
        QCOMPARE(list->children[0].scalar, std::string("007"));
        QVERIFY(list->children[1].quoted && list->children[1].pos() == (SourcePos{4, 5}));
        const StrictNode* map = root->find("map");
        QVERIFY(map != nullptr && map->isMap() && map->flow && map->pos() == (SourcePos{5, 6}));
        QCOMPARE(text.substr(map->offset, 4), std::string("{k: "));
        QVERIFY(map->find("e")->isNull());
        const StrictNode* none = root->find("none");
        QVERIFY(none->isNull() && none->pos() == (SourcePos{6, 1}));
        QVERIFY(root->find("ö")->quoted);
        QCOMPARE(text.substr(root->find("ö")->keyOffset, 2), std::string("ö"));
        QVERIFY(root->find("absent") == nullptr);
    }

    void anEmptyTextIsNull() {
        for (const char* text : {"", "\n", "# only a comment\n", "---\n"}) {
            const Result<StrictNode> root = parseStrictYaml(text, "f");
            QVERIFY_OK(root);
            QVERIFY(root->isNull());
        }
    }

    void readsTypesBySchema() {
        const Result<StrictNode> root = parseStrictYaml("b: no\nq: 'no'\nn: 12\nm: 1x\nl: [a, b]\ns: one\n", "f");
        QVERIFY_OK(root);
        StrictReader reader("f");
        QCOMPARE(reader.boolean(*root->find("b"), "b"), false);
        QCOMPARE(reader.text(*root->find("b"), "b"), std::string("no"));
        QCOMPARE(reader.integer(*root->find("n"), "n", 0, 20), std::int64_t{12});
        QCOMPARE(reader.texts(*root->find("l"), "l").size(), std::size_t{2});
        QCOMPARE(reader.texts(*root->find("s"), "s"), std::vector<std::string>{"one"});
        QVERIFY(reader.ok());
        QCOMPARE(reader.boolean(*root->find("q"), "the flag"), false);
        QVERIFY(!reader.ok());
        QCOMPARE(reader.error().where, std::string("f:2:4"));
        (void)reader.integer(*root->find("m"), "m", 0, 20);  // later errors do not replace the first
        QCOMPARE(reader.error().where, std::string("f:2:4"));
        StrictReader range("f");
        (void)range.integer(*root->find("n"), "the number", 0, 11);
        QCOMPARE(range.error().what, std::string("the number must lie between 0 and 11, not 12"));
    }

    void suggestsTheNearestKey() {
        const Result<StrictNode> root = parseStrictYaml("replcia: 1\n", "f");
        QVERIFY_OK(root);
        StrictReader reader("f");
        QVERIFY(!reader.map(*root, "an edge", {"replica", "upstream"}));
        QCOMPARE(reader.error().full(),
                 std::string("f:1:1: unknown key 'replcia' in an edge\n  try: did you mean 'replica'?"));
    }

    void readsFilesOnly() {
        QTemporaryDir dir(QStringLiteral("/tmp/strict yaml XXXXXX"));
        const std::string folder = dir.path().toStdString();
        QCOMPARE(loadStrictYaml(folder + "/none.yaml").error().code, ErrorCode::NotFound);
        QCOMPARE(loadStrictYaml(folder).error().code, ErrorCode::InvalidInput);
        QFile file(dir.filePath(QStringLiteral("a.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("a: 1\na: 2\n"), qint64{10});
        file.close();
        const auto loaded = loadStrictYaml(folder + "/a.yaml");
        QVERIFY(!loaded.ok());
        QCOMPARE(loaded.error().where, folder + "/a.yaml:2:1");
        QVERIFY(!readTextFile(folder + "/a.yaml", 9).ok());
        QCOMPARE(readTextFile(folder + "/a.yaml", 10).valueOr("").size(), std::size_t{10});
    }
};
TRIBUTARY_TEST(TestStrictYaml)
#include "tst_strictyaml.moc"
