#include "services/platform/error_body.hpp"

#include "common/text/json_writer.hpp"

namespace loadgen::services::platform {

http::Response error_response(Call& call, int status, std::string_view message) {
    call.message = message;
    http::Response response;
    response.status = status;
    response.headers.push_back({"content-type", "application/json"});
    text::JsonWriter writer(response.body);
    writer.begin_object().key("message").string(message).key("requestId").string(call.id).end_object();
    return response;
}

}  // namespace loadgen::services::platform
