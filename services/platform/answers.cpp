#include "services/platform/answers.hpp"

namespace loadgen::services::platform {

http::Response empty_answer(int status) {
    http::Response response;
    response.status = status;
    return response;
}

http::Response text_answer(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.headers.push_back({"content-type", "text/plain"});
    response.body = std::move(text);
    return response;
}

http::Response json_answer(int status, std::string json) {
    http::Response response;
    response.status = status;
    response.headers.push_back({"content-type", "application/json"});
    response.body = std::move(json);
    return response;
}

}  // namespace loadgen::services::platform
