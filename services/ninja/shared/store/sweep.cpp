#include "services/ninja/shared/store/sweep.hpp"

namespace loadgen::services::ninja {
namespace {

constexpr std::int64_t kAtOnce = 500;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

}  // namespace

void sweep(runtime::ServiceContext& context, const store::ExpiringTable& table) {
    const std::int64_t now_ms = context.clock().wall_now().unix_ns / kNanosPerMilli;
    const auto removed = std::make_shared<std::int64_t>(0);
    context.store().write(
        [now_ms, removed, table](store::Statements& tables) -> Result<void> {
            auto swept = store::sweep_expired(tables, table, now_ms, kAtOnce);
            if (!swept) return std::move(swept).error();
            *removed = *swept;
            return {};
        },
        [&context, removed, table](const Result<void>& outcome) {
            if (outcome && *removed == kAtOnce)
                context.after(Nanos{0}, [&context, table] { sweep(context, table); });
        });
}

}  // namespace loadgen::services::ninja
