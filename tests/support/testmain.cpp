// Runs every registered class, or with -class NAME that one; other arguments go to each (-functions, a function's name,
// -v2 ...).
#include "testmain.h"

#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const char* wanted = nullptr;
    if (argc > 2 && std::strcmp(argv[1], "-class") == 0) {
        wanted = argv[2];
        argv[2] = argv[0];
        argv += 2;
        argc -= 2;
    }
    int failed = 0;
    int run = 0;
    for (const auto& factory : tributary::test::factories()) {
        const auto object = factory();
        if (wanted != nullptr && std::strcmp(object->metaObject()->className(), wanted) != 0) continue;
        ++run;
        failed += QTest::qExec(object.get(), argc, argv);
    }
    if (run == 0) {
        std::fputs("no such test class is registered in this executable\n", stderr);
        return 1;
    }
    return failed == 0 ? 0 : 1;
}
