// What most test files include, for cmake/precompiled.cmake. No file may count on it.
#pragma once

#include "product.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>
