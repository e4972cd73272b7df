# Debian ships SOCI 4.0 without a CMake package. Gives SOCI::postgresql.
find_path(SOCI_INCLUDE_DIR soci/soci.h)
find_library(SOCI_CORE_LIBRARY soci_core)
find_library(SOCI_POSTGRESQL_LIBRARY soci_postgresql)
find_package(PostgreSQL REQUIRED)
if(SOCI_INCLUDE_DIR)
  file(STRINGS "${SOCI_INCLUDE_DIR}/soci/version.h" _line
       REGEX "#define SOCI_LIB_VERSION \"")
  string(REGEX MATCH "[0-9]+_[0-9]+" SOCI_VERSION "${_line}")
  string(REPLACE "_" "." SOCI_VERSION "${SOCI_VERSION}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  SOCI
  REQUIRED_VARS SOCI_CORE_LIBRARY SOCI_POSTGRESQL_LIBRARY SOCI_INCLUDE_DIR
  VERSION_VAR SOCI_VERSION)
if(SOCI_FOUND AND NOT TARGET SOCI::postgresql)
  add_library(SOCI::postgresql UNKNOWN IMPORTED)
  set_target_properties(
    SOCI::postgresql
    PROPERTIES IMPORTED_LOCATION "${SOCI_POSTGRESQL_LIBRARY}"
               INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${SOCI_INCLUDE_DIR}")
  target_link_libraries(SOCI::postgresql INTERFACE "${SOCI_CORE_LIBRARY}"
                                                   PostgreSQL::PostgreSQL)
endif()
