// What a test does that needs a real Tarantool and finds none.
#pragma once

#include <QTest>

/// Leaves the test, loudly: nobody shall believe that it held.
#define TRIBUTARY_NEEDS_TARANTOOL(instances)                                                                     \
    do {                                                                                                         \
        if ((instances) == nullptr) {                                                                            \
            qWarning("NOT CHECKED: no Tarantool is installed; packaging/setup installs it where Debian has it"); \
            QSKIP("no Tarantool is installed");                                                                  \
        }                                                                                                        \
    } while (false)
