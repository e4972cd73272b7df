# Writes OUTPUT, a C++ source that holds the bytes of INPUT as `page`.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE "${OUTPUT}" "#include \"sandbox/page.hpp\"

namespace zhiku::sandbox {

namespace {

constexpr char bytes[] = {${bytes}};

} // namespace

const std::string_view page{bytes, sizeof bytes};

} // namespace zhiku::sandbox
")
