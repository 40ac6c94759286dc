// Beast's definitions that are not templates, compiled once.
#include <boost/beast/src.hpp>
