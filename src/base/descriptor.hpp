#pragma once

#include "base/descriptor.hpp"

namespace malet::base {

using base::Descriptor;

}  // namespace malet::base
