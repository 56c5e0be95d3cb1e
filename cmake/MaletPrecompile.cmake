# Headers are parsed once a target instead of once a file: more than half of a build's time is theirs.
option(MALET_PRECOMPILE "Precompile the headers that most files include" ON)

# malet_precompile(TARGET HEADER...): the standard library's common headers, and those given.
function(malet_precompile target)
  if(NOT MALET_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <filesystem> <functional> <map>
    <memory> <optional> <string> <string_view> <unordered_map> <utility> <variant> <vector> ${ARGN})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# malet_precompile_as(TARGET OTHER): what OTHER has precompiled, for a target with the same options.
function(malet_precompile_as target other)
  if(NOT MALET_PRECOMPILE)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM ${other})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()
