// Driving the designer.
#include "designer.h"

#include <signal.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTest>
#include <utility>

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

const QSize kScreen(1280, 800);
/// Looking costs the designer time too.
constexpr qint64 kBetweenLooksMs = 60;
/// What has not moved for so long has come to rest, on a busy machine too.
constexpr qint64 kAtRestMs = 700;

QString pictureFolder() {
    return QStringLiteral(TRIBUTARY_BINARY_DIR "/e2e-desktop");
}

}  // namespace

Designer::Designer(QString title) : title_(std::move(title)), screen_(kScreen) {
    QDir().mkpath(pictureFolder());
    QDir().mkpath(folder(u"home"_s));
    if (!screen_.problem().isEmpty()) {
        trouble_ = screen_.problem();
        return;
    }
    hands_ = std::make_unique<Hands>(screen_.display());
    if (!hands_->ok()) trouble_ = u"the X server has no XTEST extension\n  try: apt-get install --reinstall xvfb"_s;
}

Designer::~Designer() {
    if (running()) kill();
}

void Designer::start(const QStringList& arguments) {
    if (!well()) return;
    process_ = std::make_unique<QProcess>();
    XServer::dieTogether(*process_);
    QProcessEnvironment environment = screen_.environment();
    const QString home = folder(u"home"_s);
    environment.insert(u"HOME"_s, home);
    for (const QString& each : {u"XDG_CONFIG_HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_CACHE_HOME"_s, u"XDG_STATE_HOME"_s}) {
        environment.remove(each);
    }
    process_->setProcessEnvironment(environment);
    process_->setWorkingDirectory(home);
    process_->setStandardInputFile(QProcess::nullDevice());
    process_->setProcessChannelMode(QProcess::MergedChannels);
    process_->setStandardOutputFile(pictureFolder() + u'/' + title_ + u".log"_s, QIODevice::Append);
    process_->start(QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary-designer"),
                    QStringList{u"--theme"_s, u"light"_s} + arguments);
    if (!process_->waitForStarted()) return fail(u"the designer did not start: "_s + process_->errorString());
    reader_ = std::make_unique<Reader>(screen_.bus(), process_->processId());
    (void)see({u""_s, u"frame"_s, {}, {}});
}

void Designer::kill() {
    ::kill(static_cast<pid_t>(process_->processId()), SIGKILL);
    process_->waitForFinished();
    reader_.reset();
}

void Designer::expectEnd(int patienceMs) {
    if (!well()) return;
    QElapsedTimer clock;
    clock.start();
    if (!process_->waitForFinished(patienceMs)) return fail(u"the window did not close within %1 ms"_s.arg(patienceMs));
    reader_.reset();
    if (process_->exitStatus() != QProcess::NormalExit || process_->exitCode() != 0) {
        fail(u"the designer ended with %1"_s.arg(process_->exitCode()));
    }
}

bool Designer::matches(const Look& look, std::size_t index, const Wanted& what) {
    const Widget& one = look[index];
    const auto fits = [](const QString& pattern, const QString& text) {
        return pattern.isEmpty() || text.contains(QRegularExpression(pattern));
    };
    return (what.role.isEmpty() || one.role == what.role) && fits(what.name, one.name) &&
           fits(what.description, one.description) &&
           (what.inside.isEmpty() || Reader::isInside(look, index, what.inside));
}

QString Designer::inWords(const Wanted& what) {
    QString out = u"a %1 /%2/"_s.arg(what.role.isEmpty() ? u"thing"_s : what.role, what.name);
    if (!what.description.isEmpty()) out += u" described as /%1/"_s.arg(what.description);
    return what.inside.isEmpty() ? out : out + u" inside '%1'"_s.arg(what.inside);
}

std::vector<Widget> Designer::findAll(const Wanted& what) {
    std::vector<Widget> out;
    if (!well() || reader_ == nullptr) return out;
    last_ = reader_->look();
    sinceLook_.start();
    for (std::size_t i = 0; i < last_.size(); ++i) {
        if (matches(last_, i, what)) out.push_back(last_[i]);
    }
    return out;
}

std::optional<Widget> Designer::find(const Wanted& what) {
    const std::vector<Widget> all = findAll(what);
    return all.empty() ? std::nullopt : std::optional(all.front());
}

Widget Designer::see(const Wanted& what, int patienceMs) {
    return see(
        what, [](const Widget&) { return true; }, patienceMs);
}

Widget Designer::see(const Wanted& what, const std::function<bool(const Widget&)>& enough, int patienceMs) {
    if (!well()) return {};
    Widget found;
    const bool seen = QTest::qWaitFor(
        [&] {
            if (!running()) return true;
            if (sinceLook_.isValid() && sinceLook_.elapsed() < kBetweenLooksMs) return false;
            for (const Widget& each : findAll(what)) {
                if (!enough(each)) continue;
                found = each;
                return true;
            }
            return false;
        },
        patienceMs);
    if (!running()) {
        fail(u"the designer ended while waiting for "_s + inWords(what));
    } else if (!seen) {
        fail(u"not seen within %1 s: %2"_s.arg(patienceMs / 1000).arg(inWords(what)));
    }
    return found;
}

void Designer::seeNo(const Wanted& what, int patienceMs) {
    if (!well()) return;
    if (!QTest::qWaitFor([&] { return !find(what); }, patienceMs)) {
        fail(u"still there after %1 s: %2"_s.arg(patienceMs / 1000).arg(inWords(what)));
    }
}

QString Designer::textOf(const Wanted& what) {
    const Widget widget = see(what);
    return well() ? reader_->textOf(widget) : QString();
}

void Designer::fail(const QString& why) {
    if (!well()) return;
    QString place = pictureFolder() + u'/' + title_ + u"-failed"_s;
    if (reader_ != nullptr && running()) last_ = reader_->look();
    QFile tree(place + u".txt"_s);
    if (tree.open(QIODevice::WriteOnly)) tree.write(Reader::inWords(last_).toUtf8());
    if (hands_ != nullptr) (void)hands_->look(QRect(QPoint(), kScreen)).save(place + u".png"_s);
    trouble_ = u"%1\n  see %2.png and %2.txt"_s.arg(why, place);
}

void Designer::click(const Wanted& what, Hands::Button button) {
    const Widget widget =
        see(what, [](const Widget& each) { return each.enabled() && each.visible() && !each.rect.isEmpty(); });
    if (well()) hands_->click(widget.rect.center(), button);
}

void Designer::clickAt(const QPoint& place) {
    if (well()) hands_->click(place);
}

void Designer::doubleClick(const Wanted& what) {
    const Widget widget =
        see(what, [](const Widget& each) { return each.enabled() && each.visible() && !each.rect.isEmpty(); });
    if (well()) hands_->doubleClick(widget.rect.center());
}

void Designer::drag(const QPoint& from, const QPoint& to) {
    if (!well()) return;
    hands_->dragTo(from, to);
    hands_->release();
}

void Designer::type(const QString& text) {
    if (well()) hands_->type(text);
}

void Designer::key(const QString& combination) {
    if (well() && !hands_->key(combination)) fail(u"no such key: "_s + combination);
}

void Designer::keyUntil(const QString& combination, const Wanted& focused, int times) {
    for (int i = 0; i < times && well(); ++i) {
        for (const Widget& each : findAll(focused)) {
            if (each.focused()) return;
        }
        key(combination);
    }
    if (well()) fail(u"%1 did not lead to "_s.arg(combination) + inWords(focused));
}

void Designer::choose(const QString& letter) {
    if (!well()) return;
    if (!QTest::qWaitFor([this] { return hands_->popupShown(); }, kPatienceMs)) return fail(u"no menu opened"_s);
    key(letter);
    if (!QTest::qWaitFor([this] { return !hands_->popupShown(); }, kPatienceMs)) fail(u"the menu stayed open"_s);
}

void Designer::menu(const QString& title, const QString& entry) {
    click({u"^"_s + title + u"$"_s, u"menu item"_s, {}, {}});
    click({entry, u"menu item"_s, title, {}});
}

int Designer::differingAfterReopening(const QString& workspace, const Wanted& there) {
    const Picture drawn = canvasAtRest();
    picture(u"before"_s);
    key(u"Ctrl+Q"_s);
    expectEnd();
    start({workspace});
    see(there);
    Picture again = canvasAtRest();
    picture(u"reopened"_s);
    if (!well()) return -1;
    // A window on a busy machine may still be about to move something.
    const Widget canvas = see({u"^Canvas$"_s, u"canvas"_s, {}, {}});
    (void)QTest::qWaitFor([&] { return (again = hands_->look(canvas.rect)).differingFrom(drawn) == 0; }, kPatienceMs);
    const int differing = again.differingFrom(drawn);
    if (differing != 0) (void)drawn.save(pictureFolder() + u'/' + title_ + u"-before-reopening.png"_s);
    return differing;
}

Picture Designer::canvasAtRest() {
    // What tells of something above the canvas takes room from it, and is not what is compared.
    for (const Widget& told : findAll({u"^Dismiss$"_s, u"push button"_s, {}, {}})) {
        picture(u"told"_s);
        clickAt(told.rect.center());
    }
    key(u"Ctrl+0"_s);
    const Widget canvas = see({u"^Canvas$"_s, u"canvas"_s, {}, {}});
    if (!well()) return {};
    moveAway();
    Picture now;
    QElapsedTimer still;
    still.start();
    (void)QTest::qWaitFor(
        [&] {
            const Picture before = std::exchange(now, hands_->look(canvas.rect));
            (void)reader_->look();  // the window has worked off what came before
            if (before != now) still.restart();
            return still.hasExpired(kAtRestMs);
        },
        kPatienceMs);
    return now;
}

void Designer::picture(const QString& name) {
    if (!well()) return;
    const QString number = QString::number(++pictures_).rightJustified(2, u'0');
    const QString path = pictureFolder() + u'/' + title_ + u'-' + number + u'-' + name + u".png"_s;
    if (!hands_->look(QRect(QPoint(), kScreen)).save(path)) fail(u"cannot write "_s + path);
}

}  // namespace tributary::test
