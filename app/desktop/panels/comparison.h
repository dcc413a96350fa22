// One item of the drawing as it is drawn, beside what was observed of it: as values, without a widget.
#pragma once

#include <QString>
#include <vector>

#include "app/desktop/document/itemref.h"
#include "core/topology/differences.h"

namespace tributary::desktop {

struct ComparisonRow {
    QString name;      ///< as the drawing spells the attribute
    QString drawn;     ///< empty: not drawn
    QString observed;  ///< empty: not there; "?": it could not be observed
    Agreement agreement = Agreement::Unknown;
    friend bool operator==(const ComparisonRow&, const ComparisonRow&) = default;
};

/// Every attribute of the item: whether it is there, then its attributes (core/topology's, the same as in the list of
/// differences); of a link both records; of a network both directions. What disagrees comes first, then what is
/// unknown.
[[nodiscard]] std::vector<ComparisonRow> comparisonOf(const ItemRef& ref, const Topology& drawing,
                                                      const Observation& observation);

/// "\u2260", "=", "?" ...: tells without colour.
[[nodiscard]] QString agreementSign(Agreement agreement);
/// "different", "equal", "could not be observed" ...
[[nodiscard]] QString agreementWord(Agreement agreement);

}  // namespace tributary::desktop
