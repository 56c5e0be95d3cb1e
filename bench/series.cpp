// Series of doubles that are reported one step at a time, into HDF5: bench_series FOLDER WHO SERIES
// LENGTH. WHO is ours (recorder, journal, segments, log.h5), one (raw HDF5, a value at a time) or
// block (raw HDF5, 4,096 at a time); both with the filters of log.h5.
#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "malet/experiment.hpp"
#include "record/h5/h5.hpp"
#include "sweep/recording/recorder.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace malet;

constexpr std::size_t at_a_time = 8;       // runs in progress
constexpr std::size_t steps_a_turn = 512;  // what a coordinator takes before it writes

/// A loss that falls, with noise.
double loss(std::size_t series, std::size_t step) {
  std::uint64_t bits = (series * 1'000'003 + step) * 0x9E3779B97F4A7C15U;
  bits ^= bits >> 29U;
  const double noise = static_cast<double>(bits & 0xFFFFFFFFU) / 4294967296.0;
  return 2.0 / (1.0 + 0.001 * static_cast<double>(step)) + 0.1 * noise;
}

double ours(const std::filesystem::path& folder, std::size_t series, std::size_t length) {
  const auto configs = ConfigIter::from_text(fmt::format("grid:\n  seed: [i;0:1:{}]\n", series));
  std::vector<sweep::LogWriter> logs;
  logs.emplace_back(
      ExperimentLog::from_config_iter(configs, Experiment::infos(), folder / "log.tsv"),
      std::vector<std::uint64_t>(), configs, "");
  logs.back().mark_changed();
  logs.back().keep_series_apart();
  sweep::Recorder recorder(std::move(logs), {});
  recorder.snapshot({}, 'R');
  recorder.begin_journals(Sync::timer);
  const auto begun = Clock::now();
  auto saved = begun;
  std::size_t taken = 0;
  for (std::size_t first = 0; first < series; first += at_a_time) {
    const std::size_t end = std::min(first + at_a_time, series);
    std::vector<sweep::Recorder::Running> running;
    for (std::size_t run = first; run < end; ++run) running.push_back({run, {}});
    sweep::RunRecord record;
    record.is_step = true;
    for (std::size_t step = 0; step < length; ++step) {
      for (std::size_t run = first; run < end; ++run) {
        record.index = run;
        if (record.metrics.empty()) record.metrics = {{"loss", 0.0}};
        record.metrics[0].second = Value(loss(run, step));
        recorder.take(record);
        if (++taken % steps_a_turn == 0) recorder.flush();
      }
      if (step % steps_a_turn != 0) continue;
      recorder.sync_if_due(Clock::now());
      (void)recorder.end_snapshot();
      if (recorder.is_saving() || Clock::now() - saved < std::chrono::milliseconds(500)) continue;
      saved = Clock::now();
      recorder.begin_snapshot(running);
    }
    for (std::size_t run = first; run < end; ++run) {
      sweep::RunRecord ended;
      ended.index = run;
      recorder.take(ended);
    }
    recorder.flush();
  }
  recorder.snapshot({}, 'F');
  recorder.close_journals();
  recorder.compact_series();
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// A dataset that grows.
class Growing {
 public:
  Growing(hid_t file, const std::string& name) {
    const hsize_t none = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const hsize_t chunk = record::h5::chunk_length;
    const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(layout, 1, &chunk);
    H5Pset_shuffle(layout);
    H5Pset_deflate(layout, record::h5::deflate_level);
    const hid_t space = H5Screate_simple(1, &none, &unlimited);
    dataset_ =
        H5Dcreate2(file, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, layout, H5P_DEFAULT);
    H5Sclose(space);
    H5Pclose(layout);
  }
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;
  ~Growing() { H5Dclose(dataset_); }

  void append(const double* values, hsize_t count) {
    const hsize_t length = size_ + count;
    H5Dset_extent(dataset_, &length);
    const hid_t there = H5Dget_space(dataset_);
    const hid_t here = H5Screate_simple(1, &count, nullptr);
    H5Sselect_hyperslab(there, H5S_SELECT_SET, &size_, nullptr, &count, nullptr);
    H5Dwrite(dataset_, H5T_NATIVE_DOUBLE, here, there, H5P_DEFAULT, values);
    H5Sclose(here);
    H5Sclose(there);
    size_ = length;
  }

 private:
  hid_t dataset_;
  hsize_t size_ = 0;
};

double raw(const std::filesystem::path& folder, std::size_t series, std::size_t length,
           std::size_t block) {
  const hid_t file =
      H5Fcreate((folder / "raw.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const auto begun = Clock::now();
  std::vector<double> values;
  for (std::size_t run = 0; run < series; ++run) {
    Growing dataset(file, fmt::format("{}", run));
    for (std::size_t step = 0; step < length; ++step) {
      values.push_back(loss(run, step));
      if (values.size() < block && step + 1 < length) continue;
      dataset.append(values.data(), values.size());
      values.clear();
    }
  }
  H5Fclose(file);
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

}  // namespace

int main(int, char** argv) {
  const std::filesystem::path folder = argv[1];
  const std::string who = argv[2];
  const std::size_t series = std::stoul(argv[3]);
  const std::size_t length = std::stoul(argv[4]);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const double seconds = who == "ours" ? ours(folder, series, length)
                                       : raw(folder, series, length, who == "one" ? 1 : 4096);
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  fmt::print("{{\"seconds\": {}, \"values\": {}, \"bytes\": {}}}\n", seconds, series * length,
             bytes);
}
