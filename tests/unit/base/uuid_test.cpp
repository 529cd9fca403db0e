#include "common/base/uuid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace loadgen {
namespace {

TEST(Uuid, HasVersionFourAndItsVariantAndIsNew) {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = new_uuid();
        ASSERT_TRUE(is_uuid(uuid)) << uuid;
        EXPECT_EQ(uuid[14], '4') << uuid;
        EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
        EXPECT_TRUE(seen.insert(uuid).second) << uuid;
    }
}

TEST(Uuid, IsRecognisedInEitherCaseAndNothingElse) {
    EXPECT_TRUE(is_uuid("F47AC10B-58CC-0372-8567-0E02B2C3D479"));
    EXPECT_FALSE(is_uuid(""));
    EXPECT_FALSE(is_uuid("f47ac10b-58cc-0372-8567-0e02b2c3d47"));
    EXPECT_FALSE(is_uuid("f47ac10b-58cc-0372-8567-0e02b2c3d4799"));
    EXPECT_FALSE(is_uuid("f47ac10b058cc-0372-8567-0e02b2c3d479"));
    EXPECT_FALSE(is_uuid("g47ac10b-58cc-0372-8567-0e02b2c3d479"));
}

}  // namespace
}  // namespace loadgen
