#include "malet/main.hpp"

int main(int argc, char** argv) {
  return malet::main(argc, argv);
}
