# What `cmake --install` puts where: headers, both libraries, malet-mpi, the Python host and the
# package for find_package(malet). The installed tree can be moved: nothing in it knows its own
# place.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

file(RELATIVE_PATH MALET_BIN_TO_LIB
  ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
# Until 1.0 every minor version may change the binary interface.
set_target_properties(malet_core malet PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  INSTALL_RPATH "$ORIGIN")
set_target_properties(malet-mpi PROPERTIES INSTALL_RPATH "$ORIGIN/${MALET_BIN_TO_LIB}")
# Libraries that modules or Spack brought are found at run time where they were at build time.
set_target_properties(malet_core malet malet-mpi PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
set_target_properties(malet_core PROPERTIES EXPORT_NAME core)

install(TARGETS malet_core malet malet-mpi EXPORT maletTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/malet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(FILES
  ${PROJECT_SOURCE_DIR}/share/malet/malet_host.py
  ${PROJECT_SOURCE_DIR}/share/malet/malet_experiment.py
  DESTINATION ${CMAKE_INSTALL_DATADIR}/malet)

set(MALET_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/malet)
install(EXPORT maletTargets NAMESPACE malet:: DESTINATION ${MALET_CMAKE_DIR})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/maletConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/maletConfig.cmake INSTALL_DESTINATION ${MALET_CMAKE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/maletConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/maletConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/maletConfigVersion.cmake
  DESTINATION ${MALET_CMAKE_DIR})
