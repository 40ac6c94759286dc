#include "emulator/script/fault_script.hpp"
#include "emulator/service/endpoint.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace bctrl::emulator {

namespace json = boost::json;

answer list_connections(call& c) {
    json::array list;
    for (auto const& one : c.all.wires->connections()) {
        list.push_back(json::object{{"connection", one.number},
                                    {"http", one.http_version},
                                    {"parked", one.parked},
                                    {"stalled", one.is_stalled}});
    }
    return response{.body = json::serialize(json::object{{"connections", std::move(list)}})};
}

/// The connection that asks is left alone unless it is named, as a stalled one hears no answer.
answer inject_fault(call& c) {
    auto const wanted = read_fault(c.body);
    auto const affected =
        c.all.wires->inject(wanted.what, {.only = wanted.connection, .except = c.connection});
    return response{.body = json::serialize(json::object{{"affected", affected}})};
}

} // namespace bctrl::emulator
