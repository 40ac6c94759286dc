#include <bctrl/timestamp.hpp>

#include "model/rfc3339.hpp"

namespace bctrl {

timestamp timestamp::from(time_point when) {
    return timestamp{model::write_rfc3339(when)};
}

std::optional<timestamp::time_point> timestamp::time() const noexcept {
    return model::read_rfc3339(text_);
}

} // namespace bctrl
