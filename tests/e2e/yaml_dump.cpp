// For pyyaml_dump.py: reads maps as lines of Python literals and writes what dump makes of each,
// followed by a line with a single NUL.
#include <iostream>
#include <string>

#include "base/yaml.hpp"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const malet::Value value = malet::from_cell(line);
    if (!value.is_map()) {
      std::cerr << "not a map: " << line << '\n';
      return 2;
    }
    std::cout << malet::base::yaml::dump(value.map()) << '\0' << '\n';
  }
}
