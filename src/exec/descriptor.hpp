#pragma once

#include "base/descriptor.hpp"

namespace malet::exec {

using base::Descriptor;

}  // namespace malet::exec
