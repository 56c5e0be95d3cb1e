// malet-mpi with the experiment inside; all of its subcommands work here too.

#include "malet/main.hpp"

int main(int argc, char** argv) {
  return malet::main(argc, argv);
}
