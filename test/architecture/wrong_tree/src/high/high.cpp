#include <lamp/lamp.hpp>
#include "low/low.hpp"
#include "nowhere.hpp"
