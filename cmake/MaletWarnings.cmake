# Warnings as an interface target: every target of this project links it privately.
add_library(malet_warnings INTERFACE)
target_compile_options(malet_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-align -Wformat=2 -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # These see ghosts in std::variant and std::string when GCC 12 optimises (GCC bugs 105562, 105651
  # and 105329); the sanitizer builds look for the real thing.
  target_compile_options(malet_warnings INTERFACE -Wno-maybe-uninitialized -Wno-restrict
    -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(MALET_UNITY)
  # A name may stand for one thing in a file and for another in its neighbour, and an anonymous
  # namespace of an included source is no header's. The build without unity has these warnings.
  target_compile_options(malet_warnings INTERFACE -Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(malet_warnings INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(MALET_WARNINGS_AS_ERRORS)
  target_compile_options(malet_warnings INTERFACE -Werror)
endif()
