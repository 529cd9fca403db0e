// Fake numbers, booleans and dates.
#include <cmath>

#include "loadgen/scripting/detail/functions/families.hpp"
#include "loadgen/scripting/detail/functions/times.hpp"
#include "loadgen/scripting/detail/functions/tools.hpp"
#include "loadgen/scripting/detail/functions/words.hpp"

namespace loadgen::scripting {
namespace {

using text::CallContext;
using text::Value;

constexpr double kDayMs = 24.0 * 3600 * 1000;

Value number(CallContext& context, Arguments) {
    return Value(static_cast<double>(context.random.below(1'000'000)));
}

Value boolean(CallContext& context, Arguments) {
    return Value(context.random.below(2) == 1);
}

/// Some instant in so many days from now; before now when they are negative.
template <int kDays>
Value date_within(CallContext& context, Arguments) {
    const double now = static_cast<double>(context.now.unix_ns) / 1e6;
    return Value(iso_text(std::floor(now + context.random.uniform() * kDays * kDayMs)));
}

constexpr std::array kFunctions{
    fake("$randNumber", number, "$randNumber(): 0 to 999999"),
    fake("$randFloat", hundredths, "$randFloat(): 0 to 10000 with two decimals"),
    fake("$randBoolean", boolean, "$randBoolean(): true or false"),
    fake("$randPastDate", date_within<-3650>, "$randPastDate(): within ten years before now"),
    fake("$randFutureDate", date_within<3650>, "$randFutureDate(): within ten years from now"),
    fake("$randRecentDate", date_within<-1>, "$randRecentDate(): within the last day"),
    fake("$randSoonDate", date_within<1>, "$randSoonDate(): within a day from now"),
    fake("$randMonth", one_of<words::kMonths>, "$randMonth(): such as April"),
    fake("$randWeekday", one_of<words::kWeekdays>, "$randWeekday(): such as Monday"),
    fake("$numberInt", number, "$numberInt(): 0 to 999999"),
    fake("$numberFloat", hundredths, "$numberFloat(): 0 to 10000 with two decimals"),
    fake("$datatypeBoolean", boolean, "$datatypeBoolean(): true or false"),
    fake("$datePast", date_within<-365>, "$datePast(): within a year before now"),
    fake("$dateFuture", date_within<365>, "$dateFuture(): within a year from now"),
    fake("$dateRecent", date_within<-1>, "$dateRecent(): within the last day"),
    fake("$dateSoon", date_within<1>, "$dateSoon(): within a day from now"),
    fake("$dateMonth", one_of<words::kMonths>, "$dateMonth(): such as April"),
    fake("$dateWeekday", one_of<words::kWeekdays>, "$dateWeekday(): such as Monday"),
};

}  // namespace

Family number_functions() {
    return kFunctions;
}

}  // namespace loadgen::scripting
