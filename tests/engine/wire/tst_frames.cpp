// Frames: whole whatever the split, refused when damaged or too long.
#include "engine/wire/frames.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

class TestFrames : public QObject {
    Q_OBJECT
private slots:
    void yieldsTheSameFramesForEverySplit() {
        const Bytes stream = encodeFrame(FrameType::Ping, {}) + encodeFrame(FrameType::Batch, "some bytes") +
                             encodeFrame(FrameType::Ack, Bytes(300, 'x'));
        for (std::size_t split = 0; split <= stream.size(); ++split) {
            FrameReader reader;
            std::string seen;
            for (const BytesView part : {BytesView(stream).substr(0, split), BytesView(stream).substr(split)}) {
                reader.feed(part);
                while (true) {
                    const auto frame = reader.next();
                    QVERIFY_OK(frame);
                    if (!frame.value()) break;
                    seen += std::to_string(static_cast<int>(frame.value()->type)) + ":" +
                            std::to_string(frame.value()->body.size()) + " ";
                }
            }
            QCOMPARE(seen, std::string("14:0 10:10 12:300 "));
            QCOMPARE(reader.bufferedBytes(), std::size_t{0});
        }
    }
    void refusesMoreThanAGreetingBeforeTheGreeting() {
        FrameReader reader;
        reader.feed(encodeFrame(FrameType::Hello, Bytes(kFrameBytesMaxBeforeHello, 'x')));
        QVERIFY(!reader.next().ok());
        // Once failed, always failed: what follows cannot be told from the middle of a frame.
        reader.feed(encodeFrame(FrameType::Ping, {}));
        QVERIFY(!reader.next().ok());
    }
    void damageIsNeverAFrame() {
        test::Mutator mutator(1);
        const Bytes good = encodeFrame(FrameType::Ack, "0123456789abcdef01234567");
        for (int i = 0; i < 5'000; ++i) {
            const Bytes bytes = mutator.damaged(good);
            FrameReader reader;
            reader.setFrameBytesMax(kFrameBytesMax);
            reader.feed(bytes);
            const auto frame = reader.next();
            const bool whole = frame.ok() && frame.value().has_value();
            QVERIFY(!whole || BytesView(bytes).substr(0, good.size()) == good);
        }
    }
};
TRIBUTARY_TEST(TestFrames)
#include "tst_frames.moc"
