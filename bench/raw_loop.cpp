// The bare cost of handing out numbers one by one: rank 0 receives a result of 64 bytes from any
// worker and answers with the next number, with blocking sends and receives.
//   mpirun -n RANKS bench_raw_loop RUNS

#include <fmt/format.h>
#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace {

struct Result {
  std::int64_t index;
  double values[7];
};

void hand_out(std::int64_t runs, int workers) {
  const auto begin = std::chrono::steady_clock::now();
  std::int64_t next = 0;
  for (int left = workers; left > 0;) {
    Result result{};
    MPI_Status status;
    MPI_Recv(&result, sizeof result, MPI_BYTE, MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &status);
    std::int64_t index = next < runs ? next++ : -1;
    if (index < 0) --left;
    MPI_Send(&index, sizeof index, MPI_BYTE, status.MPI_SOURCE, 0, MPI_COMM_WORLD);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"runs\": {}, \"seconds\": {}}}\n", runs, elapsed.count());
}

void work() {
  Result result{-1, {}};
  do {
    MPI_Send(&result, sizeof result, MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    MPI_Recv(&result.index, sizeof result.index, MPI_BYTE, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  } while (result.index >= 0);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (rank == 0) {
    hand_out(argc > 1 ? std::atoll(argv[1]) : 100000, size - 1);
  } else {
    work();
  }
  MPI_Finalize();
  return 0;
}
