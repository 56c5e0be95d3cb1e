#pragma once

namespace malet {

/// The whole `malet-mpi` command line, for executables that bring their own experiment functions:
///
///     MALET_EXPERIMENT("train", train);
///     int main(int argc, char** argv) { return malet::main(argc, argv); }
///
/// Returns the exit code (see malet::ExitCode); prints errors itself and throws nothing.
int main(int argc, char** argv);

}  // namespace malet
