// Expected texts are those of Go's text/tabwriter with padding 2 for the same input.
#include "reports/render/tab_columns.hpp"

#include <gtest/gtest.h>

namespace loadgen::reports {
namespace {

TEST(TabColumns, AlignRunsOfLinesThatShareAColumn) {
    EXPECT_EQ(align_columns("a\tb\tc\n"), "a  b  c\n");
    EXPECT_EQ(align_columns("a\tb\naaaa\tb\n"), "a     b\naaaa  b\n");
    EXPECT_EQ(align_columns("a\tb\nbreak\naaaa\tb\n"), "a  b\nbreak\naaaa  b\n");
    EXPECT_EQ(align_columns("a\t\tc\naa\tb\tc\n"), "a      c\naa  b  c\n");
}

TEST(TabColumns, CountCharactersNotBytes) {
    EXPECT_EQ(align_columns("5\u00b5s\tx\n5000\tx\n"), "5\u00b5s   x\n5000  x\n");
}

TEST(TabColumns, LeaveTheLastCellAlone) {
    EXPECT_EQ(align_columns("x\tshort\nx\tmuch longer\n"), "x  short\nx  much longer\n");
    EXPECT_EQ(align_columns("no columns"), "no columns");
    EXPECT_EQ(align_columns(""), "");
    EXPECT_EQ(align_columns("a\t\n"), "a  \n");
}

}  // namespace
}  // namespace loadgen::reports
