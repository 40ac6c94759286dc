#pragma once

#include "testing/manual_context.hpp"
