#pragma once

#include "exec/devices/gpu.hpp"
#include "sweep/channel/bytes.hpp"
#include "sweep/channel/message.hpp"

/// Things that messages are about, as bytes. What put_ writes take_ reads, with the errors of
/// ByteReader.
namespace malet::sweep {

void put_slot(ByteWriter& writer, const SlotPlace& slot);
[[nodiscard]] SlotPlace take_slot(ByteReader& reader);

void put_gpu(ByteWriter& writer, const exec::Gpu& gpu);
[[nodiscard]] exec::Gpu take_gpu(ByteReader& reader);

void put_attempt(ByteWriter& writer, const Attempt& attempt);
[[nodiscard]] Attempt take_attempt(ByteReader& reader);

}  // namespace malet::sweep
