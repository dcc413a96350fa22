// What a person can do to the drawing, by canvas, outline, palette or command alike: each one undoable step.
#pragma once

#include <QObject>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"
#include "core/topology/observation.h"

namespace tributary::desktop {

/// Which records a drawn link gets.
enum class LinkHalves { Replica, Upstream, Both, BothWays };

/// Turns gestures and commands into edits. Every refusal is told by failed(), with reason and fix; the return value is
/// the new item, or an invalid ref. GUI thread.
class DrawingEditor final : public QObject {
    Q_OBJECT
public:
    DrawingEditor(DesktopDocument& document, Selection& selection, QObject* parent = nullptr);

    /// A cluster with an unused name; `x`, `y` place its frame.
    ItemRef addCluster(std::optional<std::pair<double, double>> at = {}, const std::string& name = {});
    /// The same of another system, with the member and the user that it cannot be without.
    ItemRef addClusterOf(const std::string& system, std::optional<std::pair<double, double>> at = {});
    /// One more instance of a replica set.
    ItemRef addMember(const std::string& cluster);
    /// `at` fetches from `from`; with `both`, the other way round too. Clusters of VoltDB.
    bool addConnection(const std::string& at, const std::string& from, bool both);
    ItemRef addGateway(const std::string& cluster);
    /// A dataset with an unused name. It is drawn as existing unless another cluster already has one of its name,
    /// which is then most likely its source.
    ItemRef addDataset(const std::string& cluster, DatasetKind kind, const std::string& name = {});
    bool connectDatasets(const std::string& from, const std::string& to, LinkHalves halves);
    ItemRef addWan(const std::string& a, const std::string& b);

    /// A region of these clusters, which leave the regions they are in. An unused name when none is given.
    ItemRef addRegion(const std::vector<std::string>& clusters, const std::string& name = {});
    /// Takes the clusters into the region, or with an empty name out of every region.
    bool putIntoRegion(const std::vector<std::string>& clusters, const std::string& region);
    /// A note on the canvas. It is no part of what is replicated: it stays editable while a run is live.
    ItemRef addNote(double x, double y, const std::string& text);
    /// An empty text removes the note.
    bool setNote(const ItemRef& note, const std::string& text);

    bool rename(const ItemRef& ref, const std::string& name);
    /// Removes the items and what cannot stand without them.
    bool remove(const std::vector<ItemRef>& items);
    bool setAttribute(const ElementId& id, const std::string& name, const std::optional<std::string>& value);
    /// Draws or removes one half of a link.
    bool setHalf(const ItemRef& link, bool replica, bool drawn);
    /// Draws what runs as it runs, and what it needs to be drawn, as one step: also one that is drawn otherwise.
    bool adopt(const std::vector<ElementId>& elements, const Observation& observation);
    bool applyFix(const Finding& finding);
    /// Every fix that is certain, one after the other, as one step. Returns how many were applied.
    int applyAllFixes();

    enum class Bulk { Mesh, Ring, AllToLast };
    /// Links between the datasets, both halves each; what is drawn already is left alone.
    bool connectMany(const std::vector<std::string>& datasets, Bulk how);

    /// The items as the text of a drawing; links between two of them come along.
    [[nodiscard]] std::string copyAsText(const std::vector<ItemRef>& items) const;
    /// Adds a drawing's text; names that are taken get a number. Lone datasets go into `intoCluster` when given.
    bool paste(const std::string& text, const std::string& intoCluster, const QString& title);
    bool duplicate(const std::vector<ItemRef>& items);

signals:
    void failed(const tributary::Error& error);

private:
    bool done(const Status& status);
    bool renameRegion(const ItemRef& ref, const std::string& name, const QString& title);
    bool applyGroup(const QString& title, std::vector<EditPtr> edits, const std::optional<LayoutSidecar>& layout = {});

    DesktopDocument& document_;
    Selection& selection_;
};

}  // namespace tributary::desktop
