#pragma once

#include <sys/resource.h>

namespace malet::bench {

/// What this process has used so far.
struct Resources {
  double cpu_seconds;
  double peak_mib;
};

inline Resources resources() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024.0};
}

}  // namespace malet::bench
