// The translator for plurals.
#include "app/desktop/style/plurals.h"

#include <QCoreApplication>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

bool installPlurals(QCoreApplication& application) {
    auto* translator = new QTranslator(&application);
    return translator->load(u":/i18n/tributary_en.qm"_s) && QCoreApplication::installTranslator(translator);
}

}  // namespace tributary::desktop
