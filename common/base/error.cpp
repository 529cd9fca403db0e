#include "common/base/error.hpp"

#include <system_error>

namespace loadgen {

Error errno_error(std::string what, int errno_value) {
    return {ErrorCode::kIo, std::move(what) + ": " + std::generic_category().message(errno_value)};
}

}  // namespace loadgen
