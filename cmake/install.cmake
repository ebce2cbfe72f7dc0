# cmake --install: the program, and its physics as a library for other programs, without MPI and HDF5:
#   find_package(hypnos REQUIRED)   target_link_libraries(mine PRIVATE hypnos::physics)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/hypnos)

install(TARGETS hypnos RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# Manual page and completion, as the program prints them. A program built for another processor does not run here.
foreach(text "manual|${CMAKE_INSTALL_MANDIR}/man1|hypnos.1"
        "completion bash|${CMAKE_INSTALL_DATADIR}/bash-completion/completions|hypnos"
        "completion zsh|${CMAKE_INSTALL_DATADIR}/zsh/site-functions|_hypnos")
  string(REPLACE "|" ";" text "${text}")
  list(GET text 0 words)
  list(GET text 1 folder)
  list(GET text 2 file)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/installed/${folder}/${file})
  install(CODE "
    file(MAKE_DIRECTORY \"${CMAKE_CURRENT_BINARY_DIR}/installed/${folder}\")
    execute_process(COMMAND \"$<TARGET_FILE:hypnos>\" ${words} OUTPUT_FILE \"${made}\" RESULT_VARIABLE failed)
    if(failed)
      message(WARNING \"`hypnos ${words}` does not run here, so ${folder}/${file} is not installed\")
    else()
      file(INSTALL \"${made}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${folder}\")
    endif()")
endforeach()

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
