// malet-mpi with the digits experiment inside; all of its subcommands work here too.

#include "malet/main.hpp"

int main(int argc, char** argv) {
  return malet::main(argc, argv);
}
