# One place for what every target of the house shares.

# Warnings, language level and the CAF type check, for each of our targets.
add_library(zhiku_options INTERFACE)
target_compile_features(zhiku_options INTERFACE cxx_std_20)
target_compile_options(
  zhiku_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                          -Wold-style-cast -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps and overruns in std::string that are not there (its
  # bug 105651 and its kin).
  target_compile_options(
    zhiku_options INTERFACE -fpch-preprocess -Wno-restrict -Wno-array-bounds
                            -Wno-stringop-overflow)
  # The same in <regex>, once sanitizers have rearranged the code (its bug
  # 105562).
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_compile_options(zhiku_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
target_compile_definitions(zhiku_options
                           INTERFACE ZHIKU_VERSION="${PROJECT_VERSION}")
target_include_directories(zhiku_options INTERFACE "${CMAKE_SOURCE_DIR}")
option(ZHIKU_WERROR "Treat warnings as errors" OFF)
if(ZHIKU_WERROR)
  target_compile_options(zhiku_options INTERFACE -Werror)
endif()

# zhiku_library(NAME sources... LINKS public... PRIVATE_LINKS private...)
#
# A folder's library zhiku_NAME, alias zhiku::NAME. LINKS is the dependency
# rule: what is not linked is not on the include path of a dependent target.
function(zhiku_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS;PCH" ${ARGN})
  add_library(zhiku_${name} STATIC ${ARG_SOURCES})
  add_library(zhiku::${name} ALIAS zhiku_${name})
  target_link_libraries(
    zhiku_${name}
    PUBLIC zhiku_options ${ARG_LINKS}
    PRIVATE ${ARG_PRIVATE_LINKS})
  if(ARG_PCH)
    target_precompile_headers(zhiku_${name} PRIVATE ${ARG_PCH})
  endif()
endfunction()

# zhiku_test(NAME LABEL unit SOURCES a_test.cpp ... LINKS zhiku::domain ...)
#
# One executable with GoogleTest and RapidCheck, one ctest entry an executable.
function(zhiku_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE zhiku_options ${ARG_LINKS} GTest::gtest
                                        GTest::gtest_main rapidcheck)
  target_precompile_headers(${name} PRIVATE <gtest/gtest.h> <nlohmann/json.hpp>)
  target_compile_definitions(
    ${name} PRIVATE ZHIKU_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                    ZHIKU_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT
                                          ${ARG_TIMEOUT})
endfunction()
