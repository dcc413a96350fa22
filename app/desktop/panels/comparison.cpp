// Rows of drawn and observed.
#include "app/desktop/panels/comparison.h"

#include <QCoreApplication>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString trRow(const char* text) {
    return QCoreApplication::translate("Comparison", text);
}

QString valueOf(const std::optional<std::string>& value) {
    if (!value) return {};
    return value->empty() ? u"\u2713"_s : QString::fromStdString(*value);  // a part without a value: it is there
}

int rankOf(Agreement agreement) {
    switch (agreement) {
        case Agreement::Different: return 0;
        case Agreement::Missing: return 1;
        case Agreement::Extra: return 2;
        case Agreement::Unknown: return 3;
        case Agreement::Same: return 4;
        case Agreement::NotDrawn: break;
    }
    return 5;
}

class Rows {
public:
    Rows(const Topology& drawing, const Observation& observation) : drawing_(drawing), observation_(observation) {}

    /// The element as a whole, then its attributes.
    void element(const QString& name, const ElementId& id) {
        const ElementView view = viewOf(id, drawing_, observation_);
        presence(name, view);
        std::vector<AttributeRow> rows = view.rows;
        if (!view.drawn) {
            for (AttributeRow& row : rows) row.agreement = Agreement::Extra;
        }
        attributes(rows, {}, {});
    }
    void gateway(const std::string& cluster, const std::string& name) {
        const ElementView view = viewOf(ClusterId{cluster}, drawing_, observation_);
        const std::string own = "gateway." + name;
        for (const AttributeRow& row : view.rows) {
            if (row.name == own || row.name.starts_with(own + ".")) attributes({row}, {}, "gateway.");
        }
    }
    void member(const std::string& cluster, const std::string& name) {
        const Cluster* drawn = drawing_.cluster(cluster);
        const Member* told = drawn == nullptr ? nullptr : drawn->member(name);
        const ObservedCluster* home = observation_.cluster(cluster);
        if (home == nullptr) return;
        for (const ObservedMember& each : home->members) {
            if (each.name != name) continue;
            state(told != nullptr ? trRow("running") : QString(), each.state, "running");
            const QString mode = !each.readOnly ? u"?"_s : *each.readOnly ? u"ro"_s : u"rw"_s;
            const QString drawnMode = told == nullptr ? QString() : QString::fromStdString(told->mode);
            add(trRow("mode"), drawnMode, mode,
                !each.readOnly        ? Agreement::Unknown
                : drawnMode.isEmpty() ? Agreement::NotDrawn
                : drawnMode == mode   ? Agreement::Same
                                      : Agreement::Different);
            figures(each.told);
        }
    }
    void following(const std::string& from, const std::string& at) {
        for (const ObservedCluster& cluster : observation_.clusters) {
            for (const ObservedPeer& each : cluster.peers) {
                if (each.from != from || each.at != at) continue;
                state(u"follow"_s, each.state, "follow");
                figures(each.told);
            }
        }
    }
    void network(const std::string& from, const std::string& to) {
        const WanId id{from, to};
        const QString way = u" %1 \u2192 %2"_s.arg(QString::fromStdString(from), QString::fromStdString(to));
        const ElementView view = viewOf(id, drawing_, observation_);
        if (view.rows.empty()) add(trRow("network") + way, trRow("drawn"), u"?"_s, Agreement::Unknown);
        std::vector<AttributeRow> rows = view.rows;
        const bool leftOut = std::any_of(
            observation_.networks.begin(), observation_.networks.end(),
            [&](const ObservedNetwork& each) { return each.from == from && each.to == to && each.leftOut; });
        // Somebody wanted it so: it is no difference.
        for (AttributeRow& row : rows) {
            if (leftOut && row.agreement == Agreement::Different) row.agreement = Agreement::NotDrawn;
        }
        attributes(rows, way, {});
    }
    std::vector<ComparisonRow> take() {
        std::stable_sort(out_.begin(), out_.end(), [](const ComparisonRow& a, const ComparisonRow& b) {
            return rankOf(a.agreement) < rankOf(b.agreement);
        });
        return std::move(out_);
    }

private:
    void state(const QString& drawn, const std::string& observed, std::string_view good) {
        add(trRow("state"), drawn, QString::fromStdString(observed),
            observed == "?"    ? Agreement::Unknown
            : drawn.isEmpty()  ? Agreement::Extra
            : observed == good ? Agreement::Same
                               : Agreement::Different);
    }
    void figures(const std::vector<std::pair<std::string, std::string>>& told) {
        for (const auto& [name, value] : told) {
            add(QString::fromStdString(name), {}, QString::fromStdString(value), Agreement::NotDrawn);
        }
    }
    void presence(const QString& name, const ElementView& view) {
        const bool there = view.there.value_or(false);
        const Agreement agreement = !view.there           ? Agreement::Unknown
                                    : view.drawn == there ? Agreement::Same
                                    : there               ? Agreement::Extra
                                                          : Agreement::Missing;
        add(name, view.drawn ? trRow("drawn") : QString(),
            !view.there ? u"?"_s
            : there     ? trRow("there")
                        : QString(),
            agreement);
    }
    void attributes(const std::vector<AttributeRow>& rows, const QString& suffix, std::string_view prefix) {
        for (const AttributeRow& row : rows) {
            const bool unknown = row.agreement == Agreement::Unknown && !row.observed;
            add(QString::fromStdString(row.name).mid(static_cast<qsizetype>(prefix.size())) + suffix,
                valueOf(row.drawn), unknown ? u"?"_s : valueOf(row.observed), row.agreement);
        }
    }
    void add(const QString& name, const QString& drawn, const QString& observed, Agreement agreement) {
        out_.push_back({name, drawn, observed, agreement});
    }

    const Topology& drawing_;
    const Observation& observation_;
    std::vector<ComparisonRow> out_;
};

}  // namespace

std::vector<ComparisonRow> comparisonOf(const ItemRef& ref, const Topology& drawing, const Observation& observation) {
    Rows rows(drawing, observation);
    switch (ref.kind) {
        case ItemRef::Kind::None: break;
        case ItemRef::Kind::Cluster: rows.element(trRow("cluster"), ClusterId{ref.a}); break;
        case ItemRef::Kind::Dataset: rows.element(trRow("dataset"), DatasetId{ref.a}); break;
        case ItemRef::Kind::Gateway: rows.gateway(ref.a, ref.b); break;
        case ItemRef::Kind::Member: rows.member(ref.a, ref.b); break;
        case ItemRef::Kind::Link:
            if (isMemberLink(ref)) {
                rows.following(ref.a, ref.b);
                break;
            }
            rows.element(trRow("replica record"), ReplicaId{ref.a, ref.b});
            rows.element(trRow("upstream record"), UpstreamId{ref.b, ref.a});
            break;
        case ItemRef::Kind::Wan:
            rows.network(ref.a, ref.b);
            rows.network(ref.b, ref.a);
            break;
        case ItemRef::Kind::Region:  // nothing that runs knows of them
        case ItemRef::Kind::Note:
        case ItemRef::Kind::Bundle: break;
    }
    return rows.take();
}

QString agreementSign(Agreement agreement) {
    switch (agreement) {
        case Agreement::Same: return u"="_s;
        case Agreement::Missing: return u"\u2212"_s;
        case Agreement::Extra: return u"+"_s;
        case Agreement::Different: return u"\u2260"_s;
        case Agreement::Unknown: return u"?"_s;
        case Agreement::NotDrawn: break;
    }
    return u"\u00b7"_s;
}

QString agreementWord(Agreement agreement) {
    switch (agreement) {
        case Agreement::Same: return trRow("equal");
        case Agreement::Missing: return trRow("drawn, not there");
        case Agreement::Extra: return trRow("there, not drawn");
        case Agreement::Different: return trRow("different");
        case Agreement::Unknown: return trRow("could not be observed");
        case Agreement::NotDrawn: break;
    }
    return trRow("left as it is");
}

}  // namespace tributary::desktop
