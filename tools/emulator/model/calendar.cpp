#include "emulator/model/calendar.hpp"

#include <array>
#include <cstdio>

namespace bctrl::emulator {

using std::chrono::system_clock;

system_clock::time_point calendar::wall(time_point when) const {
    return wall_ + std::chrono::duration_cast<system_clock::duration>(when - steady_);
}

time_point calendar::steady(system_clock::time_point when) const {
    return steady_ + std::chrono::duration_cast<time_point::duration>(when - wall_);
}

std::string calendar::date(time_point when) const {
    using namespace std::chrono;
    auto const moment = floor<milliseconds>(wall(when));
    auto const midnight = floor<days>(moment);
    year_month_day const day{midnight};
    hh_mm_ss const clock{moment - midnight};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

} // namespace bctrl::emulator
