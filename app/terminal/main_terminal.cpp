// The entry of `tributary`, and of maprcli and hbase where links of those names point to it.
#include "app/terminal/terminal.h"

int main(int argc, char** argv) {
    return tributary::app::runTerminal({argv, argv + argc});
}
