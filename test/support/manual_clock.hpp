#pragma once

#include "testing/manual_clock.hpp"
