// Texts that count things.
#pragma once

class QCoreApplication;

namespace tributary::desktop {

/// Installs the English plurals of tributary_en.ts for every tr() with "%n": without them "1 alarm(s)" is shown. Call
/// once, before the first window. False when the application was built without them.
bool installPlurals(QCoreApplication& application);

}  // namespace tributary::desktop
