#include "loadgen/scenario/cycled_targets.hpp"

#include "loadgen/scenario/target_parts.hpp"

namespace loadgen::scenario {
namespace {

/// What a request keeps in memory besides its body file, about.
std::size_t footprint(const plan::Request& request, bool own_body) {
    std::size_t bytes = sizeof request + 2 * request.url_text.size();
    for (const http::Header& header : request.headers)
        bytes += sizeof header + header.name.size() + header.value.size();
    return own_body ? bytes + request.body_text().size() : bytes;
}

}  // namespace

Result<std::unique_ptr<plan::RequestSource>> CycledTargets::read_all(plan::RequestSource& source,
                                                                     const std::string& name) {
    Requests requests;
    std::size_t bytes = 0;
    while (true) {
        Result<std::shared_ptr<const plan::Request>> request = source.next();
        if (!request) return request.error();
        if (*request == nullptr) break;
        if (requests.size() == kMaxTargets)
            return Error{ErrorCode::kLimit, (*request)->location + ": more than " +
                                                std::to_string(kMaxTargets) +
                                                " targets; read them with -lazy"};
        // A body that nobody else holds was inside the target; shared ones count where they were read.
        bytes += footprint(**request, (*request)->body.use_count() == 1);
        if (bytes > kMaxTargetMemory)
            return Error{ErrorCode::kLimit,
                         (*request)->location + ": targets take more than 1 GiB; read them with -lazy"};
        requests.push_back(std::move(*request));
    }
    if (requests.empty()) return Error{ErrorCode::kSyntax, name + ": no targets to attack"};
    return std::unique_ptr<plan::RequestSource>(std::make_unique<CycledTargets>(std::move(requests)));
}

Result<std::shared_ptr<const plan::Request>> CycledTargets::next() {
    const std::shared_ptr<const plan::Request>& request = requests_[at_];
    at_ = at_ + 1 == requests_.size() ? 0 : at_ + 1;
    return request;
}

}  // namespace loadgen::scenario
