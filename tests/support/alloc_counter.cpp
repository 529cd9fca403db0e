#include "tests/support/alloc_counter.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t counted = 0;

void* counted_allocation(std::size_t size) {
    ++counted;
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void* counted_allocation(std::size_t size, std::align_val_t alignment) {
    ++counted;
    const auto align = static_cast<std::size_t>(alignment);
    // aligned_alloc wants a multiple of the alignment.
    void* memory = std::aligned_alloc(align, (size + align - 1) / align * align + (size == 0 ? align : 0));
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

}  // namespace

namespace loadgen::test {

std::uint64_t allocations() {
    return counted;
}

}  // namespace loadgen::test

// The library's array and nothrow forms call these; a sanitizer brings a nothrow form that does not, so that
// is ours too.
void* operator new(std::size_t size) {
    return counted_allocation(size);
}
void* operator new(std::size_t size, std::align_val_t align) {
    return counted_allocation(size, align);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++counted;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size) {
    return counted_allocation(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
    return operator new(size, nothrow);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
