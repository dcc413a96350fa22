// A check of a Result that evaluates its expression once, for expressions that do something.
#pragma once

#include "testmain.h"

/// Fails with the error's text when a Result is not ok.
#define VERIFY_ONCE(result)                                                            \
    do {                                                                               \
        const auto& checked_ = (result);                                               \
        QVERIFY2(checked_.ok(), checked_.ok() ? "" : checked_.error().full().c_str()); \
    } while (false)
