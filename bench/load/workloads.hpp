#pragma once

#include "load/arguments.hpp"
#include "load/tested_client.hpp"

#include <boost/json/object.hpp>

namespace bctrl::bench {

/// Each runs one workload and adds its figures to `result`.
void run_short(tested_client& on, arguments const& asked, boost::json::object& result);
void run_park(tested_client& on, arguments const& asked, boost::json::object& result);
void run_churn(tested_client& on, arguments const& asked, boost::json::object& result);
void run_cancel(tested_client& on, arguments const& asked, boost::json::object& result);
void run_set(tested_client& on, arguments const& asked, boost::json::object& result);

} // namespace bctrl::bench
