#include "common/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

namespace loadgen {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) return Error{ErrorCode::kUsage, "odd"};
    return value / 2;
}

TEST(Result, HoldsAValueOrAnError) {
    const Result<int> good = half(8);
    ASSERT_TRUE(good.has_value());
    EXPECT_EQ(*good, 4);
    const Result<int> bad = half(7);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::kUsage);
    EXPECT_EQ(bad.error().message, "odd");
}

TEST(Result, ValueOrTakesTheFallbackOnlyOnError) {
    EXPECT_EQ(half(8).value_or(-1), 4);
    EXPECT_EQ(half(7).value_or(-1), -1);
}

TEST(Result, MovesTypesThatCannotBeCopied) {
    Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
    ASSERT_TRUE(made);
    EXPECT_EQ(**made, 5);
    const std::unique_ptr<int> taken = *std::move(made);
    EXPECT_EQ(*taken, 5);
}

TEST(Result, AValueMayItselfBeAnErrorLikeType) {
    Result<std::string> text = std::string("not a failure");
    EXPECT_TRUE(text);
    text->append("!");
    EXPECT_EQ(text.value(), "not a failure!");
}

TEST(Result, VoidIsSuccessUnlessGivenAnError) {
    const Result<void> good;
    EXPECT_TRUE(good);
    const Result<void> bad = Error{ErrorCode::kIo, "gone"};
    ASSERT_FALSE(bad.has_value());
    EXPECT_EQ(bad.error().message, "gone");
}

TEST(Result, ReadingTheWrongSideStopsADebugBuild) {
#ifndef NDEBUG
    const Result<int> good = 1;
    const Result<int> bad = Error{};
    EXPECT_DEATH(static_cast<void>(good.error()), "has_value");
    EXPECT_DEATH(static_cast<void>(bad.value()), "has_value");
#endif
}

TEST(Error, ContextGoesInFrontAndTheCodeStays) {
    const Error error =
        with_context("targets.txt:3: ", with_context("header: ", {ErrorCode::kSyntax, "no colon"}));
    EXPECT_EQ(error.code, ErrorCode::kSyntax);
    EXPECT_EQ(error.message, "targets.txt:3: header: no colon");
}

TEST(Error, ErrnoCarriesTheSystemsText) {
    const Error error = errno_error("open run.bin", ENOENT);
    EXPECT_EQ(error.code, ErrorCode::kIo);
    EXPECT_EQ(error.message, "open run.bin: No such file or directory");
}

}  // namespace
}  // namespace loadgen
