# Warnings as an interface target: every target of this project links it privately.
add_library(malet_warnings INTERFACE)
target_compile_options(malet_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-align -Wnull-dereference -Wformat=2)
if(MALET_WARNINGS_AS_ERRORS)
  target_compile_options(malet_warnings INTERFACE -Werror)
endif()
