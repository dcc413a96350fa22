// The entry of `tributary`, and of maprcli and hbase where links of those names point to it.
#include "app/daemon/heap.h"
#include "app/terminal/terminal.h"

int main(int argc, char** argv) {
    tributary::app::keepFreedMemory();
    return tributary::app::runTerminal({argv, argv + argc});
}
