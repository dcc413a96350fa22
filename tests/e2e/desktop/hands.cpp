// XTEST events, and pictures of the screen. The X headers' macros stay in this file.
#include "hands.h"

#include <QFile>
#include <QStringList>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>

using namespace Qt::StringLiterals;

namespace tributary::test {

namespace {

/// A window may go between two requests: that is no error of ours.
int ignoreError(Display* /*display*/, XErrorEvent* /*event*/) {
    return 0;
}

unsigned long symbolOf(const QString& name) {
    static const std::map<QString, unsigned long> kNames{
        {u"Ctrl"_s, XK_Control_L},   {u"Shift"_s, XK_Shift_L}, {u"Alt"_s, XK_Alt_L},          {u"Return"_s, XK_Return},
        {u"Escape"_s, XK_Escape},    {u"Space"_s, XK_space},   {u"Del"_s, XK_Delete},         {u"."_s, XK_period},
        {u"PgDown"_s, XK_Page_Down}, {u"PgUp"_s, XK_Page_Up},  {u"Backspace"_s, XK_BackSpace}};
    if (const auto found = kNames.find(name); found != kNames.end()) return found->second;
    const QByteArray lower = name.size() == 1 ? name.toLower().toLatin1() : name.toLatin1();
    return XStringToKeysym(lower.constData());
}

QByteArray chunk(const char* kind, const QByteArray& data) {
    const auto bigEndian = [](quint32 value) {
        QByteArray out(4, '\0');
        for (int i = 0; i < 4; ++i) out[i] = static_cast<char>((value >> (24 - 8 * i)) & 0xFFU);
        return out;
    };
    const QByteArray body = QByteArray(kind, 4) + data;
    quint32 crc = 0xFFFFFFFFU;
    for (const char byte : body) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return bigEndian(static_cast<quint32>(data.size())) + body + bigEndian(~crc);
}

}  // namespace

int Picture::differingFrom(const Picture& other) const {
    if (size != other.size) return -1;
    // Edges are smoothed at fractions of a pixel, which round otherwise where the window stands elsewhere.
    constexpr int kLevelsUnseen = 4;
    const auto differs = [&](qsizetype at) {
        return std::abs(static_cast<std::uint8_t>(rgb[at]) - static_cast<std::uint8_t>(other.rgb[at])) > kLevelsUnseen;
    };
    int count = 0;
    for (qsizetype i = 0; i + 2 < rgb.size(); i += 3) {
        if (differs(i) || differs(i + 1) || differs(i + 2)) ++count;
    }
    return count;
}

bool Picture::save(const QString& path) const {
    QByteArray head(13, '\0');
    const std::array<int, 2> sides{size.width(), size.height()};
    for (int side = 0; side < 2; ++side) {
        for (int i = 0; i < 4; ++i) {
            const auto value = static_cast<unsigned>(sides[static_cast<std::size_t>(side)]);
            head[side * 4 + i] = static_cast<char>((value >> (24 - 8 * i)) & 0xFFU);
        }
    }
    head[8] = 8;
    head[9] = 2;  // red, green, blue
    QByteArray rows;
    const qsizetype width = size.width() * 3;
    for (int y = 0; y < size.height(); ++y) rows += '\0' + rgb.mid(y * width, width);
    QFile file(path);
    const QByteArray all = QByteArray("\x89PNG\r\n\x1a\n", 8) + chunk("IHDR", head) +
                           chunk("IDAT", qCompress(rows, 1).mid(4)) + chunk("IEND", {});
    return file.open(QIODevice::WriteOnly) && file.write(all) == all.size();
}

struct Hands::Screen {
    Display* display = nullptr;
    ~Screen() {
        if (display != nullptr) XCloseDisplay(display);
    }
    void sync() const { XSync(display, False); }
};

Hands::Hands(const QString& display) : screen_(std::make_unique<Screen>()) {
    XSetErrorHandler(ignoreError);
    screen_->display = XOpenDisplay(display.toLatin1().constData());
}

Hands::~Hands() = default;

bool Hands::ok() const {
    int event = 0;
    int error = 0;
    int major = 0;
    int minor = 0;
    return screen_->display != nullptr && XTestQueryExtension(screen_->display, &event, &error, &major, &minor) != 0;
}

void Hands::moveTo(const QPoint& at) {
    XTestFakeMotionEvent(screen_->display, -1, at.x(), at.y(), CurrentTime);
    screen_->sync();
}

void Hands::press(Button button) {
    XTestFakeButtonEvent(screen_->display, static_cast<unsigned>(button), True, CurrentTime);
    screen_->sync();
}

void Hands::release(Button button) {
    XTestFakeButtonEvent(screen_->display, static_cast<unsigned>(button), False, CurrentTime);
    screen_->sync();
}

void Hands::click(const QPoint& at, Button button) {
    moveTo(at);
    press(button);
    release(button);
}

void Hands::doubleClick(const QPoint& at) {
    click(at);
    click(at);
}

void Hands::dragTo(const QPoint& from, const QPoint& to) {
    moveTo(from);
    press();
    constexpr int kSteps = 12;
    for (int i = 1; i <= kSteps; ++i) moveTo(from + (to - from) * i / kSteps);
}

void Hands::stroke(unsigned long symbol) {
    Display* display = screen_->display;
    const KeyCode code = XKeysymToKeycode(display, symbol);
    const bool shifted = XkbKeycodeToKeysym(display, code, 0, 0) != symbol;
    const KeyCode shift = XKeysymToKeycode(display, XK_Shift_L);
    if (shifted) XTestFakeKeyEvent(display, shift, True, CurrentTime);
    XTestFakeKeyEvent(display, code, True, CurrentTime);
    XTestFakeKeyEvent(display, code, False, CurrentTime);
    if (shifted) XTestFakeKeyEvent(display, shift, False, CurrentTime);
    screen_->sync();
}

void Hands::type(const QString& text) {
    focusTop();
    for (const QChar each : text) stroke(each.unicode());
}

bool Hands::key(const QString& combination) {
    focusTop();
    QStringList names = combination == u"Ctrl++" ? QStringList{u"Ctrl"_s, u"plus"_s} : combination.split(u'+');
    std::vector<KeyCode> codes;
    for (const QString& name : names) {
        const unsigned long symbol = symbolOf(name);
        const KeyCode code = symbol == NoSymbol ? 0 : XKeysymToKeycode(screen_->display, symbol);
        if (code == 0) return false;
        codes.push_back(code);
    }
    for (const KeyCode code : codes) XTestFakeKeyEvent(screen_->display, code, True, CurrentTime);
    for (auto it = codes.rbegin(); it != codes.rend(); ++it) {
        XTestFakeKeyEvent(screen_->display, *it, False, CurrentTime);
    }
    screen_->sync();
    return true;
}

/// The uppermost window that shows: of those that a manager would manage, or of the others (menus, lists).
unsigned long Hands::topWindow(bool popup) const {
    Display* display = screen_->display;
    Window root = 0;
    Window parent = 0;
    Window* children = nullptr;
    unsigned count = 0;
    if (XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count) == 0) return 0;
    Window top = 0;
    for (unsigned i = 0; i < count; ++i) {
        XWindowAttributes about;
        if (XGetWindowAttributes(display, children[i], &about) == 0) continue;
        const bool shows = about.map_state == IsViewable && about.c_class == InputOutput && about.width > 20;
        if (shows && (about.override_redirect != False) == popup) top = children[i];
    }
    if (children != nullptr) XFree(children);
    return top;
}

bool Hands::popupShown() const {
    return topWindow(true) != 0;
}

void Hands::focusTop() {
    const Window top = topWindow(false);
    Window now = 0;
    int revert = 0;
    XGetInputFocus(screen_->display, &now, &revert);
    if (top == 0 || now == top) return;
    XSetInputFocus(screen_->display, top, RevertToParent, CurrentTime);
    screen_->sync();
}

Picture Hands::look(const QRect& where) const {
    Display* display = screen_->display;
    Picture out;
    XImage* image =
        XGetImage(display, DefaultRootWindow(display), where.x(), where.y(), static_cast<unsigned>(where.width()),
                  static_cast<unsigned>(where.height()), AllPlanes, ZPixmap);
    if (image == nullptr) return out;
    out.size = where.size();
    out.rgb.reserve(static_cast<qsizetype>(where.width()) * where.height() * 3);
    for (int y = 0; y < where.height(); ++y) {
        for (int x = 0; x < where.width(); ++x) {
            const unsigned long pixel = XGetPixel(image, x, y);
            for (const unsigned shift : {16U, 8U, 0U}) out.rgb += static_cast<char>((pixel >> shift) & 0xFFU);
        }
    }
    XDestroyImage(image);
    return out;
}

}  // namespace tributary::test
