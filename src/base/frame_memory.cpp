#include "base/frame_memory.hpp"

#include <array>
#include <cstdint>
#include <new>
#include <utility>

namespace bctrl::frame_memory {

namespace {

/// Sanitizers shall see every frame come and go.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool keeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool keeps = false;
#else
constexpr bool keeps = true;
#endif
#else
constexpr bool keeps = true;
#endif

/// What is kept in one class is all of one size in glibc's heap too, which hands out multiples of 16
/// bytes and takes 8 for itself: nothing is lost by rounding.
constexpr std::size_t grain = 16;
constexpr std::size_t beside_grain = 8;
constexpr std::size_t classes = 64;

/// At the most a quarter of a megabyte a thread, if it had frames of every size.
constexpr std::size_t most_kept = 32;

constexpr std::size_t class_of(std::size_t bytes) noexcept {
    return (bytes + grain - 1 - beside_grain) / grain;
}

constexpr std::size_t size_of_class(std::size_t place) noexcept {
    return place * grain + beside_grain;
}

struct kept_frame {
    kept_frame* next;
};

struct kept_frames {
    std::array<kept_frame*, classes> first;
    std::array<std::uint8_t, classes> count;
    bool empties_itself;
    bool closed; ///< the thread ends
};

constinit thread_local kept_frames kept{};

struct emptied_at_thread_end {
    ~emptied_at_thread_end() {
        kept.closed = true;
        for (auto*& first : kept.first)
            while (first)
                ::operator delete(std::exchange(first, first->next));
    }
};

void empty_at_thread_end() {
    thread_local emptied_at_thread_end const once;
    static_cast<void>(once);
    kept.empties_itself = true;
}

} // namespace

void* take(std::size_t bytes) {
    auto const place = class_of(bytes);
    if (!keeps || place >= classes) return ::operator new(bytes);
    if (!kept.first[place]) return ::operator new(size_of_class(place));
    auto* const found = kept.first[place];
    kept.first[place] = found->next;
    --kept.count[place];
    return found;
}

void give_back(void* frame, std::size_t bytes) noexcept {
    auto const place = class_of(bytes);
    if (!keeps || place >= classes || kept.count[place] == most_kept || kept.closed)
        return ::operator delete(frame);
    if (!kept.empties_itself) empty_at_thread_end();
    kept.first[place] = new (frame) kept_frame{kept.first[place]};
    ++kept.count[place];
}

} // namespace bctrl::frame_memory
