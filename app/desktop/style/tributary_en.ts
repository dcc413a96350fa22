<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>tributary::desktop::CanvasScene</name>
    <message numerus="yes">
        <source>%n topic(s)</source>
        <translation>
            <numerusform>%n topic</numerusform>
            <numerusform>%n topics</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n column(s)</source>
        <translation>
            <numerusform>%n column</numerusform>
            <numerusform>%n columns</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation>
            <numerusform>%n alarm</numerusform>
            <numerusform>%n alarms</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n item(s)</source>
        <translation>
            <numerusform>Move %n item</numerusform>
            <numerusform>Move %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n held</source>
        <translation>
            <numerusform>%n held</numerusform>
            <numerusform>%n held</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failing</source>
        <translation>
            <numerusform>%n failing</numerusform>
            <numerusform>%n failing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unknown</source>
        <translation>
            <numerusform>%n unknown</numerusform>
            <numerusform>%n unknown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::ClusterItem</name>
    <message numerus="yes">
        <source>%n instance(s)</source>
        <translation>
            <numerusform>%n instance</numerusform>
            <numerusform>%n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dataset(s)</source>
        <translation>
            <numerusform>%n dataset</numerusform>
            <numerusform>%n datasets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n gateway(s)</source>
        <translation>
            <numerusform>%n gateway</numerusform>
            <numerusform>%n gateways</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::DrawingCommands</name>
    <message numerus="yes">
        <source>This moves %n cluster(s) that were placed by hand. Pinned ones stay. Undo takes it back.</source>
        <translation>
            <numerusform>This moves %n cluster that was placed by hand. What is pinned stays. Undo takes it back.</numerusform>
            <numerusform>This moves %n clusters that were placed by hand. Pinned ones stay. Undo takes it back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::DrawingEditor</name>
    <message numerus="yes">
        <source>Remove %n item(s)</source>
        <translation>
            <numerusform>Remove %n item</numerusform>
            <numerusform>Remove %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Apply %n fix(es)</source>
        <translation>
            <numerusform>Apply %n fix(es)</numerusform>
            <numerusform>Apply %n fix(es)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Mesh of %n dataset(s)</source>
        <translation>
            <numerusform>Mesh of %n dataset</numerusform>
            <numerusform>Mesh of %n datasets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dataset(s) to one</source>
        <translation>
            <numerusform>%n dataset to one</numerusform>
            <numerusform>%n datasets to one</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ring of %n dataset(s)</source>
        <translation>
            <numerusform>Ring of %n dataset</numerusform>
            <numerusform>Ring of %n datasets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Adopt %n item(s)</source>
        <translation>
            <numerusform>Adopt %n item</numerusform>
            <numerusform>Adopt %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take %n cluster(s) out of their region</source>
        <translation>
            <numerusform>Take %n cluster out of its region</numerusform>
            <numerusform>Take %n clusters out of their regions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Put %n cluster(s) into a region</source>
        <translation>
            <numerusform>Put %n cluster into a region</numerusform>
            <numerusform>Put %n clusters into a region</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %n note(s)</source>
        <translation>
            <numerusform>Remove %n note</numerusform>
            <numerusform>Remove %n notes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::InspectorPanel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>region of %n cluster(s)</source>
        <translation>
            <numerusform>region of %n cluster</numerusform>
            <numerusform>region of %n clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more: the filter (Ctrl+Shift+F) finds them</source>
        <translation>
            <numerusform>and %n more: the filter (Ctrl+Shift+F) finds them</numerusform>
            <numerusform>and %n more: the filter (Ctrl+Shift+F) finds them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dataset(s)</source>
        <translation>
            <numerusform>%n dataset</numerusform>
            <numerusform>%n datasets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::LiveWorkspace</name>
    <message numerus="yes">
        <source>%n cluster(s) started</source>
        <translation>
            <numerusform>%n cluster started</numerusform>
            <numerusform>%n clusters started</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::RegionItem</name>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dataset(s)</source>
        <translation>
            <numerusform>%n dataset</numerusform>
            <numerusform>%n datasets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) of the drawing</source>
        <translation>
            <numerusform>%n problem of the drawing</numerusform>
            <numerusform>%n problems of the drawing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) inside</source>
        <translation>
            <numerusform>%n link inside</numerusform>
            <numerusform>%n links inside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n out</source>
        <translation>
            <numerusform>%n out</numerusform>
            <numerusform>%n out</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BundleItem</name>
    <message numerus="yes">
        <source>%n link(s)</source>
        <translation>
            <numerusform>%n link</numerusform>
            <numerusform>%n links</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them lack(s) one of two records</source>
        <translation>
            <numerusform>%n of them lacks one of two records</numerusform>
            <numerusform>%n of them lack one of two records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>observed: %n held</source>
        <translation>
            <numerusform>observed: %n held</numerusform>
            <numerusform>observed: %n held</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>observed: %n failing</source>
        <translation>
            <numerusform>observed: %n failing</numerusform>
            <numerusform>observed: %n failing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>observed: %n unknown</source>
        <translation>
            <numerusform>observed: %n unknown</numerusform>
            <numerusform>observed: %n unknown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tributary::desktop::FilterBar</name>
    <message numerus="yes">
        <source>%n fit(s)</source>
        <translation>
            <numerusform>%n fits</numerusform>
            <numerusform>%n fit</numerusform>
        </translation>
    </message>
</context>
</TS>
