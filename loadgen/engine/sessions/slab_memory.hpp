// Memory for nghttp2 (nghttp2_mem): size classes with free lists, one set a thread.
#pragma once

#include <nghttp2/nghttp2.h>

namespace loadgen::engine {

/// The calling thread's allocator for HTTP/2 sessions. nghttp2 makes about eleven small allocations a
/// request; these come from free lists and so never reach the heap in the steady state. What is allocated on
/// a thread must be freed on it. Valid for the life of the thread.
nghttp2_mem* thread_slab_memory();

}  // namespace loadgen::engine
