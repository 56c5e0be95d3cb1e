#include "sweep/channel/message_fields.hpp"

#include <string>
#include <utility>

namespace malet::sweep {

void put_slot(ByteWriter& writer, const SlotPlace& slot) {
  writer.put_text(slot.gpus);
  writer.put_unsigned(slot.variables.size());
  for (const auto& [name, value] : slot.variables) {
    writer.put_text(name);
    writer.put_text(value);
  }
  writer.put_signed(slot.cores);
}

SlotPlace take_slot(ByteReader& reader) {
  SlotPlace slot;
  slot.gpus = reader.take_text();
  for (auto left = reader.take_unsigned(); left > 0; --left) {
    std::string name(reader.take_text());
    slot.variables.emplace_back(std::move(name), reader.take_text());
  }
  slot.cores = static_cast<int>(reader.take_signed());
  return slot;
}

void put_gpu(ByteWriter& writer, const exec::Gpu& gpu) {
  writer.put_byte(static_cast<std::uint8_t>(gpu.vendor));
  writer.put_text(gpu.variable);
  writer.put_text(gpu.id);
  writer.put_byte(gpu.is_pci_index ? 1 : 0);
  writer.put_text(gpu.key);
}

exec::Gpu take_gpu(ByteReader& reader) {
  exec::Gpu gpu;
  gpu.vendor = static_cast<exec::GpuVendor>(reader.take_byte());
  gpu.variable = reader.take_text();
  gpu.id = reader.take_text();
  gpu.is_pci_index = reader.take_byte() != 0;
  gpu.key = reader.take_text();
  return gpu;
}

void put_attempt(ByteWriter& writer, const Attempt& attempt) {
  writer.put_unsigned(attempt.number);
  writer.put_signed(attempt.pid);
  writer.put_signed(attempt.started.count());
  writer.put_byte(static_cast<std::uint8_t>(attempt.reason));
  writer.put_signed(attempt.exit_code.value_or(-1));
  writer.put_signed(attempt.signal.value_or(-1));
  writer.put_unsigned(attempt.peak_memory);
  writer.put_real(attempt.cpu_seconds);
  writer.put_text(attempt.error_output);
  writer.put_text(attempt.traceback);
}

Attempt take_attempt(ByteReader& reader) {
  Attempt attempt;
  attempt.number = reader.take_unsigned();
  attempt.pid = static_cast<int>(reader.take_signed());
  attempt.started = Micros(reader.take_signed());
  attempt.reason = static_cast<EndReason>(reader.take_byte());
  if (const auto code = reader.take_signed(); code >= 0) attempt.exit_code = static_cast<int>(code);
  if (const auto code = reader.take_signed(); code >= 0) attempt.signal = static_cast<int>(code);
  attempt.peak_memory = reader.take_unsigned();
  attempt.cpu_seconds = reader.take_real();
  attempt.error_output = reader.take_text();
  attempt.traceback = reader.take_text();
  return attempt;
}

}  // namespace malet::sweep
