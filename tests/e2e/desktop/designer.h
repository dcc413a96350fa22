// The real designer on a screen of its own, driven by mouse and keys as a person would, read as a screen reader would.
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>

#include "hands.h"
#include "reader.h"
#include "xserver.h"

namespace tributary::test {

/// What a person looks for. Empty = anything; `name` and `description` are regular expressions that must match
/// somewhere, `inside` is the whole name of something around it ("Runbook": the dock).
struct Wanted {
    QString name;
    QString role;
    QString inside;
    QString description;
};

/// Every action waits until its thing is there. After the first that fails nothing more is done, and `trouble` says
/// what was wanted, where the picture of the moment is and what was on the screen: a test checks it where it matters.
class Designer {
public:
    static constexpr int kPatienceMs = 20'000;

    /// `title` names the pictures of this test.
    explicit Designer(QString title);
    ~Designer();
    Designer(const Designer&) = delete;
    Designer& operator=(const Designer&) = delete;

    void start(const QStringList& arguments = {});
    /// kill -9.
    void kill();
    /// Waits until it has ended by itself.
    void expectEnd(int patienceMs = kPatienceMs);
    [[nodiscard]] bool running() const { return process_ != nullptr && process_->state() == QProcess::Running; }
    [[nodiscard]] qint64 pid() const { return process_ == nullptr ? 0 : process_->processId(); }

    void click(const Wanted& what, Hands::Button button = Hands::Button::Left);
    void clickAt(const QPoint& place);
    void doubleClick(const Wanted& what);
    /// Presses on one, moves to another, lets go.
    void drag(const QPoint& from, const QPoint& to);
    void type(const QString& text);
    void key(const QString& combination);
    /// Presses the key until the wanted thing is focused; at most `times`.
    void keyUntil(const QString& combination, const Wanted& focused, int times = 60);
    void moveAway() { hands_->moveTo({2, 2}); }
    /// Waits for a pop-up menu and presses the underlined letter of an entry.
    void choose(const QString& letter);
    /// Chooses an entry of a menu of the menu bar, by mouse.
    void menu(const QString& title, const QString& entry);

    /// Waits for it; its newest state.
    Widget see(const Wanted& what, int patienceMs = kPatienceMs);
    /// Waits until `enough` holds of it.
    Widget see(const Wanted& what, const std::function<bool(const Widget&)>& enough, int patienceMs = kPatienceMs);
    void seeNo(const Wanted& what, int patienceMs = kPatienceMs);
    /// Now, without waiting.
    [[nodiscard]] std::optional<Widget> find(const Wanted& what);
    [[nodiscard]] std::vector<Widget> findAll(const Wanted& what);
    [[nodiscard]] QString textOf(const Wanted& what);
    void fail(const QString& why);

    /// Keeps a picture of the whole screen in the build folder.
    void picture(const QString& name);
    [[nodiscard]] Picture look(const QRect& where) const { return hands_->look(where); }
    /// The canvas with everything in sight, the pointer elsewhere, once it does not change any more.
    [[nodiscard]] Picture canvasAtRest();

    /// Leaves, opens the workspace again, waits for `there`: how many pixels of the canvas are not as before.
    int differingAfterReopening(const QString& workspace, const Wanted& there);

    [[nodiscard]] bool well() const { return trouble_.isEmpty(); }
    [[nodiscard]] QByteArray trouble() const { return trouble_.toLocal8Bit(); }
    /// A folder of this test alone; the program's home is in it.
    [[nodiscard]] QString dir() const { return dir_.path(); }
    [[nodiscard]] QString folder(const QString& name) const { return dir_.path() + QLatin1Char('/') + name; }

private:
    [[nodiscard]] static bool matches(const Look& look, std::size_t index, const Wanted& what);
    [[nodiscard]] static QString inWords(const Wanted& what);

    QString title_;
    QTemporaryDir dir_;
    XServer screen_;
    std::unique_ptr<Hands> hands_;
    std::unique_ptr<QProcess> process_;
    std::unique_ptr<Reader> reader_;
    Look last_;
    QElapsedTimer sinceLook_;
    QString trouble_;
    int pictures_ = 0;
};

}  // namespace tributary::test

/// Ends the test function with the designer's trouble, if it has any.
#define QVERIFY_WELL(designer) QVERIFY2((designer).well(), (designer).trouble().constData())
