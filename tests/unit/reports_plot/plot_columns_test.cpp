#include "reports/render/plot_columns.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <zlib.h>

#include "common/base/encoding.hpp"

namespace loadgen::reports {
namespace {

// zlib itself undoes the outer layers, so that what is compared is the documented byte sequence.
std::string bytes_of(const ColumnWriter& columns) {
    const std::string packed = from_base64(columns.payload()).value();
    std::string out(1000, '\0');
    uLongf length = out.size();
    EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(out.data()), &length,
                         reinterpret_cast<const Bytef*>(packed.data()), packed.size()),
              Z_OK);
    out.resize(length);
    return out;
}

TEST(ColumnWriter, WritesZigzagVarintDifferencesPerColumn) {
    ColumnWriter columns;
    columns.begin("a");
    for (const int value : {0, -1, 1, 64, 300}) columns.add(value);  // differences 0 -1 2 63 236
    columns.begin("b");
    columns.add(-1);
    EXPECT_EQ(bytes_of(columns), std::string("\x00\x01\x04\x7E\xD8\x03\x01", 7));
    EXPECT_EQ(columns.directory(), R"([["a",5],["b",1]])");
}

TEST(ColumnWriter, CutsWhatJavaScriptCannotHold) {
    ColumnWriter columns;
    columns.begin("a");
    columns.add(std::numeric_limits<std::int64_t>::max());
    columns.add(std::numeric_limits<std::int64_t>::min());
    // 2^51 zigzagged is 2^52; the difference -2^52 is 2^53 - 1: both exact in a double.
    EXPECT_EQ(bytes_of(columns), "\x80\x80\x80\x80\x80\x80\x80\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x0F");
}

TEST(ColumnWriter, NothingIsStillAStream) {
    const ColumnWriter columns;
    EXPECT_EQ(bytes_of(columns), "");
    EXPECT_EQ(columns.directory(), "[]");
}

}  // namespace
}  // namespace loadgen::reports
