// The count of a shared exception is kept inside the C++ library, which ThreadSanitizer does not watch: the last of two
// threads to let go of one looks to it as if it freed what the other still reads.
extern "C" char const* __tsan_default_suppressions();

extern "C" char const* __tsan_default_suppressions() {
    return "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
