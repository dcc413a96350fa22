// Texts that were broken at random: the import ends, and what it writes can be read.
#include <QtTest>

#include "importworld.h"
#include "runbooks/import/observed.h"
#include "shellscripts.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

const std::vector<std::string>& pieces() {
    static const std::vector<std::string> kPieces{"$(",
                                                  "`",
                                                  "'",
                                                  "\"",
                                                  "${",
                                                  "}",
                                                  "))",
                                                  "((",
                                                  "[[ ",
                                                  " ]]",
                                                  "<<EOF\n",
                                                  "EOF\n",
                                                  "if ",
                                                  "then ",
                                                  "fi\n",
                                                  "do ",
                                                  "done\n",
                                                  "case x in ",
                                                  "esac",
                                                  "f() {",
                                                  "}\n",
                                                  ";;",
                                                  "&&",
                                                  "||",
                                                  "|",
                                                  "&",
                                                  "\n",
                                                  "\\",
                                                  "\\\n",
                                                  "#",
                                                  "\xC2\xA0",
                                                  "\xFF",
                                                  "\xE2\x80\x93",
                                                  "{{",
                                                  "}}",
                                                  "<a b>",
                                                  "{{c}}",
                                                  "$'\\x",
                                                  "A=(",
                                                  ")",
                                                  "!",
                                                  "time ",
                                                  "exec ",
                                                  "eval ",
                                                  "$A",
                                                  "${A:=",
                                                  "${#",
                                                  "[mapr@n ~]$ ",
                                                  "$ ",
                                                  "> ",
                                                  "```\n",
                                                  "maprcli table info -path /mapr/a/t\n",
                                                  "\r\n",
                                                  "\x1b[31m",
                                                  "{\"status\":\"OK\",\"data\":[",
                                                  "\"type\":\"MapRStream\",",
                                                  "null",
                                                  "[]",
                                                  "{",
                                                  "-path ",
                                                  "/mapr/",
                                                  "\t"};
    return kPieces;
}

std::string mutated(std::string text, ShellScripts& random) {
    for (int i = 0; i <= random.pick(6); ++i) {
        const auto at = static_cast<std::size_t>(random.pick(static_cast<int>(text.size()) + 1));
        const auto length = static_cast<std::size_t>(random.pick(40));
        switch (random.pick(5)) {
            case 0: text.erase(at, length); break;
            case 1: text.insert(at, text.substr(text.size() / 2, length)); break;
            case 2:
                if (at < text.size()) text[at] = static_cast<char>(static_cast<unsigned char>(random.pick(256)));
                break;
            default:
                text.insert(at, pieces()[static_cast<std::size_t>(random.pick(static_cast<int>(pieces().size())))]);
                break;
        }
    }
    return text;
}

const std::string kPage =
    "  1. One direction\n maprcli table replica add -path <path to the source table> -replica\\\n<path to the "
    "replica>\n"
    "For example:\n```sh\nmaprcli table info -path /mapr/sf/t\n```\n$ maprcli table info -path {{a}}/t\n";
const std::string kAnswer =
    "$ maprcli table replica list -path /mapr/sf/t "
    "-json\n{\"status\":\"OK\",\"data\":[{\"cluster\":\"ny\",\"table\":\"/t\","
    "\"type\":\"maprdb.binary\",\"replicaState\":\"X\",\"columns\":\"a,b:c\"}]}\n{\"status\":\"OK\",\"data\":"
    "[{\"path\":\"/mapr/sf/t\",\"tabletype\":\"binary\"}]}\n";

}  // namespace

class ImportMutatedTest : public QObject {
    Q_OBJECT

private slots:
    void anyTextIsReadOrRefused() {
        const int rounds = qEnvironmentVariableIntValue("TRIBUTARY_FUZZ_ROUNDS");
        const int count = rounds > 0 ? rounds * 20 : 1500;
        int read = 0;
        for (int seed = 1; seed <= count; ++seed) {
            ShellScripts random(static_cast<std::uint32_t>(seed));
            const std::string text = mutated(seed % 3 == 0 ? kPage : random.script(), random);
            const auto result = runbooks::importScript(text, "imported", seed % 2 == 0 ? "a.sh" : "a.txt");
            const std::string about = "seed " + std::to_string(seed) + "\n" + text;
            if (!result.ok()) {
                QVERIFY2(result.error().code != ErrorCode::Internal, (about + result.error().full()).c_str());
                continue;
            }
            QVERIFY2(runbooks::parseRunbook(result->text, "a.yaml").ok(), about.c_str());
            for (const auto& note : result->unread)
                QVERIFY2(note.text.find('\x1b') == std::string::npos, about.c_str());
            ++read;
        }
        QVERIFY2(read > count / 4, std::to_string(read).c_str());
    }

    void anyCaptureIsDrawnOrRefused() {
        int drawn = 0;
        for (int seed = 1; seed <= 600; ++seed) {
            ShellScripts random(static_cast<std::uint32_t>(seed));
            const std::string text = mutated(kAnswer, random);
            const auto result = runbooks::drawObserved({{"a.json", {}, text}});
            if (result.ok()) ++drawn;
            QVERIFY2(result.ok() || !result.error().where.empty(), text.c_str());
        }
        QVERIFY(drawn > 50);
    }
};
TRIBUTARY_TEST(ImportMutatedTest)
#include "tst_importmutated.moc"
