#include "common/telemetry/resource.hpp"

#include <algorithm>

namespace loadgen::telemetry {

Attributes Resource::attributes() const {
    Attributes out;
    const auto add = [&out](const char* key, const std::string& value) {
        if (!value.empty()) out.push_back({key, value});
    };
    add("service.name", service_name.empty() ? "unknown_service" : service_name);
    add("service.version", service_version);
    add("service.namespace", service_namespace);
    add("service.instance.id", service_instance_id);
    add("deployment.environment.name", environment);
    add("telemetry.sdk.name", "loadgen");
    add("telemetry.sdk.language", "cpp");
    add("telemetry.sdk.version", LOADGEN_VERSION);
    out.insert(out.end(), extra.begin(), extra.end());
    return out;
}

std::size_t ResourceTable::add(const Resource& resource) {
    const std::lock_guard lock(mutex_);
    const auto known = std::find(resources_->begin(), resources_->end(), resource);
    const auto index = static_cast<std::size_t>(known - resources_->begin());
    if (known != resources_->end()) return index;
    auto longer = std::make_shared<std::vector<Resource>>(*resources_);
    longer->push_back(resource);
    resources_ = std::move(longer);
    return index;
}

ResourceTable::Snapshot ResourceTable::snapshot() const {
    const std::lock_guard lock(mutex_);
    return resources_;
}

}  // namespace loadgen::telemetry
