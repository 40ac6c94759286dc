#pragma once
#include <openssl/ssl.h>
#include <lamp/lamp.hpp>
#include <string>
