# Writes a C++ source with the text of each migration in DIRECTORY to OUTPUT.
# Run as a script: cmake -DDIRECTORY=… -DOUTPUT=… -P EmbedMigrations.cmake
file(GLOB files "${DIRECTORY}/V*.sql")
list(SORT files)
set(body "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  string(REGEX MATCH "^V([0-9]+)__" _ "${name}")
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  file(READ "${file}" text)
  string(APPEND body "    {${number}, \"${name}\", R\"migration(${text})migration\"},\n")
endforeach()
file(
  WRITE "${OUTPUT}"
  "#include \"persistence/migrations.hpp\"\n\nnamespace zhiku::persistence {\n\nconst std::vector<migration>& all_migrations() {\n  static const std::vector<migration> all{\n${body}  };\n  return all;\n}\n\n} // namespace zhiku::persistence\n"
)
