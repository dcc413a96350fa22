// Nothing that a terminal acts on gets there from a name, a file or an error.
#include "app/terminal/terminaltext.h"

#include <QTest>

#include "app/terminal/runview.h"
#include "app/terminal/statusview.h"
#include "app/terminal/texttable.h"
#include "app/terminal/verb.h"
#include "testmain.h"

using namespace tributary::app;

namespace {

const std::string kEvil = "x\x1b[31m\xc2\x9b\xe2\x80\xaey";
const std::string kShown = "x\\x1b[31m\\xc2\\x9b\\xe2\\x80\\xaey";

/// What is written to a stream.
class Written {
public:
    Written() : file_(std::tmpfile()) {}
    ~Written() { std::fclose(file_); }
    Written(const Written&) = delete;
    Written& operator=(const Written&) = delete;
    [[nodiscard]] std::FILE* stream() const { return file_; }
    [[nodiscard]] std::string text() const {
        std::rewind(file_);
        std::string out(4096, '\0');
        out.resize(std::fread(out.data(), 1, out.size(), file_));
        return out;
    }

private:
    std::FILE* file_;
};

}  // namespace

class TerminalTextTest : public QObject {
    Q_OBJECT

private slots:
    /// A list in an error: no line of it is lost to a long one.
    void everyLineOfAnErrorIsBoundedByItself() {
        std::string list = "nothing was read\n  line 1: " + std::string(9'000, 'x');
        for (int i = 2; i <= 20; ++i) list += "\n  line " + std::to_string(i) + ": not this one";
        const std::string shown = boundedError({tributary::ErrorCode::InvalidInput, list, {}, {}}).what;
        QVERIFY(shown.size() < 2'000);
        QVERIFY2(shown.ends_with("\n  line 20: not this one"), shown.c_str());
        const std::string many =
            boundedError({tributary::ErrorCode::InvalidInput, std::string(900, '\n'), {}, {}}).what;
        QVERIFY2(many.ends_with("\n  and 869 more lines"), many.c_str());
    }

    void printedTextsAreEscapedAndTheLayoutIsNot() {
        const Written written;
        tributary::app::fmt::print(written.stream(), "\x1b[1m{}\x1b[0m {} {} {:>5}|\n", kEvil, kEvil.c_str(),
                                   std::string_view("a\nb"), 7);
        QCOMPARE(written.text(), "\x1b[1m" + kShown + "\x1b[0m " + kShown + " a\nb     7|\n");
    }

    void cellsOfTablesAreEscapedBeforeTheyAreMeasured() {
        TextTable table({"NAME", "B"});
        table.add({kEvil, "b"});
        QCOMPARE(table.text(), "NAME" + std::string(kShown.size() - 4 + 2, ' ') + "B\n" + kShown + "  b\n");
    }

    void linesOfARunAreEscaped() {
        tributary::runbooks::Runbook book;
        book.title = "title " + kEvil;
        tributary::runbooks::Step step;
        step.id = "make";
        step.title = "step " + kEvil;
        book.steps.push_back(step);
        RunViewModel model(book, "r", nullptr);
        tributary::runbooks::RunEvent event;
        event.type = tributary::runbooks::EventType::StepStarted;
        event.stepId = "make";
        model.apply(event);
        event.type = tributary::runbooks::EventType::StepFinished;
        event.result = "failed";
        event.reason = "reason " + kEvil;
        model.apply(event);
        RunViewStyle style;
        style.columns = 120;
        std::string all;
        for (const std::string& line : renderRunView(model, style)) all += line + "\n";
        for (const char* what : {"title ", "step ", "reason "}) {
            QVERIFY2(all.find(what + kShown) != std::string::npos, all.c_str());
        }
        QVERIFY(all.find('\x1b') == std::string::npos);
    }

    void aStatusIsShownEscaped() {
        WorkspaceStatus status;
        ClusterRow cluster;
        cluster.name = "sf";
        cluster.state = "failed";
        cluster.reason = kEvil;
        cluster.alarms.push_back({kEvil, kEvil, kEvil, 1});
        status.clusters.push_back(cluster);
        LinkRow link;
        link.from = link.to = link.error = kEvil;
        status.links.push_back(link);
        Difference& difference = status.differences.emplace_back();
        difference.kind = DifferenceKind::Extra;
        difference.element = DatasetId{kEvil};
        difference.detail = kEvil;
        const std::string text = statusText(shownStatus(status), {});
        QVERIFY(text.find("\\x1b[31m") != std::string::npos);
        QVERIFY(text.find('\x1b') == std::string::npos);
        QVERIFY(text.find("\xc2\x9b") == std::string::npos);
    }
};
TRIBUTARY_TEST(TerminalTextTest)
#include "tst_terminaltext.moc"
