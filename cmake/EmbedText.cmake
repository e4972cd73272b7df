# Writes OUTPUT, a C++ source that holds the bytes of INPUT as
# `zhiku::NAMESPACE::NAME`, declared in HEADER.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

namespace zhiku::${NAMESPACE} {

namespace {

constexpr char bytes[] = {${bytes}};

} // namespace

const std::string_view ${NAME}{bytes, sizeof bytes};

} // namespace zhiku::${NAMESPACE}
")
