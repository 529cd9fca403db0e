#include "services/birthday/http/routes.hpp"

#include "common/text/json_writer.hpp"
#include "services/birthday/domain/greeting.hpp"
#include "services/birthday/domain/username.hpp"
#include "services/birthday/http/birth_request.hpp"
#include "services/birthday/store/birthdays.hpp"
#include "services/platform/error_body.hpp"
#include "services/store/read_cache.hpp"

namespace loadgen::services::birthday {
namespace {

using platform::CallPtr;
using platform::error_response;

constexpr int kOk = 200;
constexpr int kNoContent = 204;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kStoreFailed = 500;
constexpr int kStoreBusy = 503;

constexpr std::size_t kMaxKept = 4096;  // birthdays, each about a hundred bytes
// A body is one short member; anything deeper is not for us.
constexpr text::JsonLimits kBodyLimits{.max_bytes = 64 * 1024, .max_depth = 16};

http::Response json_response(int status) {
    http::Response response;
    response.status = status;
    response.headers.push_back({"content-type", "application/json"});
    return response;
}

http::Response store_failure(platform::Call& call, const Error& error) {
    call.error = error.message;
    return error_response(call, error.code == ErrorCode::kLimit ? kStoreBusy : kStoreFailed,
                          "database error");
}

/// The handlers of one worker.
class Greeter {
  public:
    Greeter(store::Store& store, store::Statements& reader, const Clock& clock)
        : store_(store),
          reader_(reader),
          birthdays_(store, kMaxKept),
          clock_(clock),
          document_(kBodyLimits) {}

    void put(const CallPtr& call);
    void get(const CallPtr& call);

  private:
    /// The birthday that the body names, if it may be stored today.
    Result<Date> wanted_birthday(std::string_view body);

    store::Store& store_;
    store::Statements& reader_;
    store::ReadCache<std::optional<Date>> birthdays_;  // by name
    const Clock& clock_;
    text::JsonDocument document_;
};

Result<Date> Greeter::wanted_birthday(std::string_view body) {
    auto birth = read_birth_request(document_, body);
    if (!birth) return birth;
    auto past = check_in_past(*birth, utc_date(clock_.wall_now()));
    if (!past) return std::move(past).error();
    return birth;
}

void Greeter::put(const CallPtr& call) {
    const auto name = parse_username(call->parameter("username"));
    if (!name) return call->answer(error_response(*call, kBadRequest, name.error().message));
    const auto birth = wanted_birthday(call->request().body);
    if (!birth) return call->answer(error_response(*call, kBadRequest, birth.error().message));
    store_.write(put_birthday(*name, *birth), [call](Result<void> result) {
        // Runs on the store's thread; the call belongs to its loop.
        call->loop().post([call, result = std::move(result)] {
            call->answer(result ? json_response(kNoContent) : store_failure(*call, result.error()));
        });
    });
}

void Greeter::get(const CallPtr& call) {
    const auto name = parse_username(call->parameter("username"));
    if (!name) return call->answer(error_response(*call, kBadRequest, name.error().message));
    const auto birth = birthdays_.get(*name, [&] { return find_birthday(reader_, *name); });
    if (!birth) return call->answer(store_failure(*call, birth.error()));
    if (!*birth) return call->answer(error_response(*call, kNotFound, "username not found"));
    const int days = days_until_birthday(**birth, utc_date(clock_.wall_now()));
    http::Response response = json_response(kOk);
    text::JsonWriter(response.body).begin_object().key("message").string(greeting(*name, days)).end_object();
    call->answer(std::move(response));
}

}  // namespace

void add_routes(platform::Router& router, store::Store& store, store::Statements& reader,
                const Clock& clock) {
    const auto greeter = std::make_shared<Greeter>(store, reader, clock);
    router.add("PUT", "/hello/{username}", [greeter](const CallPtr& call) { greeter->put(call); });
    router.add("GET", "/hello/{username}", [greeter](const CallPtr& call) { greeter->get(call); });
}

}  // namespace loadgen::services::birthday
