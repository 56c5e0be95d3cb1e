#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "malet/value.hpp"

namespace malet::exec {

/// What stands behind a Run: the worker that supervises it.
class RunLink {
 public:
  virtual ~RunLink() = default;
  virtual void report(const Metrics& step) = 0;
  [[nodiscard]] virtual std::int64_t next_step() = 0;
  [[nodiscard]] virtual const Metrics& resume() = 0;
  [[nodiscard]] virtual bool should_stop() = 0;
  [[nodiscard]] virtual std::filesystem::path dir() = 0;
  [[nodiscard]] virtual std::string run_id() const = 0;
};

}  // namespace malet::exec
