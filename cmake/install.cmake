# cmake --install: the program, and its physics as a library for other programs, without MPI and HDF5:
#   find_package(hypnos REQUIRED)   target_link_libraries(mine PRIVATE hypnos::physics)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/hypnos)

install(TARGETS hypnos RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(layer base kernels physics)
  set_target_properties(hypnos_${layer} PROPERTIES EXPORT_NAME ${layer})
  target_include_directories(hypnos_${layer} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS hypnos_${layer} EXPORT hypnos ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY include/hypnos/${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hypnos FILES_MATCHING PATTERN "*.hpp")
endforeach()
set_target_properties(hypnos_flags PROPERTIES EXPORT_NAME flags)
install(TARGETS hypnos_flags EXPORT hypnos)
install(EXPORT hypnos NAMESPACE hypnos:: FILE hypnosTargets.cmake DESTINATION ${package})

configure_package_config_file(cmake/hypnosConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/hypnosConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/hypnosConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hypnosConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/hypnosConfigVersion.cmake
  DESTINATION ${package})
