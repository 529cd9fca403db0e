#include "loadgen/steps/requests/constant_request.hpp"

#include <algorithm>

#include "loadgen/steps/requests/render.hpp"

namespace loadgen::steps {
namespace {

template <typename Name, typename Value>
bool are_constant(const std::vector<std::pair<Name, Value>>& fields) {
    return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
        return field.first.is_constant() && field.second.is_constant();
    });
}

struct IsConstantBody {
    bool operator()(std::monostate) const { return true; }
    bool operator()(const plan::JsonBody& body) const { return body.value.is_constant(); }
    bool operator()(const plan::TextBody& body) const { return body.text.is_constant(); }
    bool operator()(const plan::UrlEncodedBody& body) const { return are_constant(body.fields); }
    bool operator()(const plan::MultipartBody&) const { return false; }  // its boundary is random
};

bool is_constant(const plan::HttpSettings& settings, const plan::RequestStep& step) {
    const auto& auth = step.basic_auth;
    return step.before_request.empty() && step.cookies.empty() && settings.default_cookies.empty() &&
           !settings.propagate_trace && step.url.is_constant() && step.name.is_constant() &&
           are_constant(step.headers) && are_constant(step.query) &&
           std::visit(IsConstantBody(), step.body) &&
           (!auth || (auth->first.is_constant() && auth->second.is_constant()));
}

}  // namespace

std::shared_ptr<const plan::Request> constant_request(Stage& stage, User& user, const plan::RequestStep& step,
                                                      std::uint32_t number) {
    if (stage.constants.empty()) stage.constants.resize(stage.plan.program.requests.size());
    ConstantRequest& known = stage.constants[number];
    if (known.differs || (user.cookies && !user.cookies->empty())) return nullptr;
    if (known.request) return known.request;
    if (is_constant(stage.plan.http, step)) {
        // The user fails by an error when the request is rendered for it.
        if (auto made = render(stage, user, step, number, {})) known.request = std::move(*made);
    }
    known.differs = known.request == nullptr;
    return known.request;
}

}  // namespace loadgen::steps
