# Installs BUILD_FOLDER below WORK_FOLDER, moves it elsewhere, and builds and runs CONSUMER with it.
cmake_minimum_required(VERSION 3.22)

# Runs a command and stops the test when it fails; gives what it printed in `output`.
function(run)
  execute_process(COMMAND ${ARGN}
    RESULT_VARIABLE result OUTPUT_VARIABLE printed ERROR_VARIABLE printed)
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\nleft with ${result}:\n${printed}")
  endif()
  set(output "${printed}" PARENT_SCOPE)
endfunction()

function(expect text wanted)
  if(NOT text MATCHES "${wanted}")
    message(FATAL_ERROR "'${wanted}' was expected in:\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_FOLDER})
file(MAKE_DIRECTORY ${WORK_FOLDER})
# A leftover of the caller's must not stand in for the installed libraries' own search path.
unset(ENV{LD_LIBRARY_PATH})

message(STATUS "install, and move what is installed")
run(${CMAKE_COMMAND} --install ${BUILD_FOLDER} --prefix ${WORK_FOLDER}/first)
set(prefix ${WORK_FOLDER}/prefix)
file(RENAME ${WORK_FOLDER}/first ${prefix})

message(STATUS "public headers include std and malet headers only")
file(GLOB headers RELATIVE ${prefix}/include ${prefix}/include/malet/*.hpp)
list(LENGTH headers header_count)
if(header_count LESS 10)
  message(FATAL_ERROR "only ${header_count} headers are installed")
endif()
foreach(header IN LISTS headers)
  file(STRINGS ${prefix}/include/${header} includes REGEX "^[ \t]*#[ \t]*include")
  foreach(include IN LISTS includes)
    # Headers of std are one word without a dot.
    if(NOT include MATCHES "#include (<[a-z_]+>|\"malet/[a-z_]+\\.hpp\")")
      message(FATAL_ERROR "${header}: ${include}")
    endif()
  endforeach()
endforeach()

message(STATUS "build a project that finds the package, and every header alone")
run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK_FOLDER}/build -G ${GENERATOR}
  -D CMAKE_BUILD_TYPE=Release
  -D CMAKE_PREFIX_PATH=${prefix}
  -D CMAKE_CXX_COMPILER=${COMPILER}
  -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
  -D SANITIZE=${SANITIZE}
  -D WANTED_VERSION=${VERSION})
run(${CMAKE_COMMAND} --build ${WORK_FOLDER}/build)

message(STATUS "run it")
set(consumer ${WORK_FOLDER}/build/consumer)
run(${consumer} --help)
expect("${output}" "plan")
file(COPY ${CONSUMER}/exp DESTINATION ${WORK_FOLDER})
run(${consumer} run ${WORK_FOLDER}/exp)
run(${consumer} status ${WORK_FOLDER}/exp --json)
expect("${output}" "\"completed\": *4")
file(READ ${WORK_FOLDER}/exp/log.tsv log)
expect("${log}" "\t42(\n|\t|$)")

message(STATUS "run the plug-in with the installed program")
file(COPY ${CONSUMER}/exp/exp_config.yaml DESTINATION ${WORK_FOLDER}/plugin_exp)
run(${prefix}/bin/malet-mpi run ${WORK_FOLDER}/plugin_exp
  --plugin ${WORK_FOLDER}/build/libconsumer_plugin.so)
run(${prefix}/bin/malet-mpi status ${WORK_FOLDER}/plugin_exp --json)
expect("${output}" "\"completed\": *4")
