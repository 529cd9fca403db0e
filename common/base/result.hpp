// Result<T>: a value or an Error. Named after std::expected (C++23) so that it can be swapped for it.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "common/base/error.hpp"

namespace loadgen {

/// Either a T or an Error. Reading the wrong side is a programming error (asserted).
template <typename T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return *get(); }
    const T& value() const& { return *get(); }
    T&& value() && { return std::move(*get()); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return get(); }
    const T* operator->() const { return get(); }

    const Error& error() const& {
        assert(!has_value());  // callers test before they ask for the error
        return *std::get_if<1>(&state_);
    }
    Error&& error() && {
        assert(!has_value());  // callers test before they ask for the error
        return std::move(*std::get_if<1>(&state_));
    }

    template <typename U>
    T value_or(U&& fallback) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

  private:
    T* get() {
        assert(has_value());  // callers test before they read the value
        return std::get_if<0>(&state_);
    }
    const T* get() const {
        assert(has_value());  // callers test before they read the value
        return std::get_if<0>(&state_);
    }

    std::variant<T, Error> state_;
};

/// Success without a value, or an Error. `return {};` is success.
template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : failed_(true), error_(std::move(error)) {}

    bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }

    const Error& error() const& {
        assert(failed_);  // callers test before they ask for the error
        return error_;
    }
    Error&& error() && {
        assert(failed_);  // callers test before they ask for the error
        return std::move(error_);
    }

  private:
    bool failed_ = false;
    Error error_;
};

}  // namespace loadgen
