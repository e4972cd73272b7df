# Debian ships cpp-httplib without a CMake package. Gives Httplib::httplib.
find_path(HTTPLIB_INCLUDE_DIR httplib.h)
find_library(HTTPLIB_LIBRARY cpp-httplib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Httplib REQUIRED_VARS HTTPLIB_LIBRARY
                                                        HTTPLIB_INCLUDE_DIR)
if(Httplib_FOUND AND NOT TARGET Httplib::httplib)
  find_package(Threads REQUIRED)
  find_package(OpenSSL REQUIRED)
  add_library(Httplib::httplib UNKNOWN IMPORTED)
  set_target_properties(
    Httplib::httplib
    PROPERTIES IMPORTED_LOCATION "${HTTPLIB_LIBRARY}"
               INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${HTTPLIB_INCLUDE_DIR}"
               # The switches Debian built the library with.
               INTERFACE_COMPILE_DEFINITIONS
               "CPPHTTPLIB_OPENSSL_SUPPORT;CPPHTTPLIB_ZLIB_SUPPORT;CPPHTTPLIB_BROTLI_SUPPORT")
  target_link_libraries(Httplib::httplib INTERFACE OpenSSL::SSL OpenSSL::Crypto
                                                   Threads::Threads)
endif()
