#pragma once

#include "emulator/model/resource.hpp"
#include "emulator/model/store.hpp"
#include "emulator/script/json_fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace bctrl::emulator {

// How a journal writes what it keeps. JSON that clients chose is kept as text, as Boost.JSON does
// not read back every number that it writes.

boost::json::object record_of(life const& script);
boost::json::object record_of(page_script const& pages);
boost::json::object record_of(shared_ids const& ids);

/// All of a description but its script.
boost::json::object record_of(resource_description const& about, resource_kind kind);

// The way back. All of them throw script_fault.

life life_in(boost::json::value const& value, std::string const& path);
page_script pages_in(json_fields& record);
shared_ids shared_ids_in(json_fields& record);
resource_description description_in(json_fields& record, resource_kind kind);

/// A text that must be there.
std::string text_in(json_fields& record, std::string_view name);

} // namespace bctrl::emulator
