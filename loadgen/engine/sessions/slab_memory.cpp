#include "loadgen/engine/sessions/slab_memory.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace loadgen::engine {
namespace {

// Size classes are the powers of two from 32 to 4096 bytes, header included; larger blocks go to the heap.
constexpr std::size_t kSmallestClass = 5;
constexpr std::size_t kClasses = 8;
constexpr std::size_t kUnpooled = kClasses;

/// Before every block: its class and size, so that free and realloc know. Keeps malloc's alignment.
struct alignas(std::max_align_t) BlockHeader {
    std::size_t size_class;
    std::size_t capacity;  // usable bytes
};

class SlabMemory {
  public:
    SlabMemory()
        : hooks_{this, [](std::size_t size, void* self) { return of(self).allocate(size); },
                 [](void* block, void* self) { of(self).release(block); },
                 [](std::size_t count, std::size_t size, void* self) {
                     return of(self).allocate_zeroed(count, size);
                 },
                 [](void* block, std::size_t size, void* self) { return of(self).reallocate(block, size); }} {
    }

    ~SlabMemory() {
        for (FreeBlock*& list : free_) {
            while (list != nullptr) std::free(std::exchange(list, list->next));
        }
    }

    nghttp2_mem* hooks() { return &hooks_; }

  private:
    struct FreeBlock {
        FreeBlock* next;
    };

    static SlabMemory& of(void* self) { return *static_cast<SlabMemory*>(self); }

    static BlockHeader* header_of(void* block) { return static_cast<BlockHeader*>(block) - 1; }

    void* allocate(std::size_t size) {
        const std::size_t needed = size + sizeof(BlockHeader);
        const std::size_t width = std::bit_width(needed - 1);
        const std::size_t size_class = width <= kSmallestClass ? 0 : width - kSmallestClass;
        if (size_class >= kClasses) return place(std::malloc(needed), kUnpooled, size);
        const std::size_t bytes = std::size_t{1} << (size_class + kSmallestClass);
        void* raw = free_[size_class];
        if (raw != nullptr) {
            free_[size_class] = free_[size_class]->next;
        } else {
            raw = std::malloc(bytes);
        }
        return place(raw, size_class, bytes - sizeof(BlockHeader));
    }

    static void* place(void* raw, std::size_t size_class, std::size_t capacity) {
        if (raw == nullptr) return nullptr;
        return new (raw) BlockHeader{size_class, capacity} + 1;
    }

    void release(void* block) {
        if (block == nullptr) return;
        BlockHeader* header = header_of(block);
        const std::size_t size_class = header->size_class;
        if (size_class == kUnpooled) return std::free(header);
        free_[size_class] = new (header) FreeBlock{free_[size_class]};
    }

    void* allocate_zeroed(std::size_t count, std::size_t size) {
        void* block = allocate(count * size);
        return block != nullptr ? std::memset(block, 0, count * size) : nullptr;
    }

    void* reallocate(void* block, std::size_t size) {
        if (block == nullptr) return allocate(size);
        const std::size_t capacity = header_of(block)->capacity;
        if (size <= capacity) return block;
        void* larger = allocate(size);
        if (larger == nullptr) return nullptr;
        std::memcpy(larger, block, capacity);
        release(block);
        return larger;
    }

    std::array<FreeBlock*, kClasses> free_{};
    nghttp2_mem hooks_;
};

}  // namespace

nghttp2_mem* thread_slab_memory() {
    static thread_local SlabMemory memory;
    return memory.hooks();
}

}  // namespace loadgen::engine
