// The idx format: a header of big-endian 32-bit numbers (magic, count, sizes), then bytes; gzipped.

#include "images.hpp"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>

#include "malet/error.hpp"

namespace fashion {
namespace {

struct GzClose {
  void operator()(gzFile file) const { gzclose(file); }
};

/// The first `most` records of `size` bytes.
std::vector<unsigned char> read_records(const std::filesystem::path& path, std::size_t header,
                                        std::size_t size, std::size_t most) {
  const auto check = [&path](bool holds, const char* what) {
    if (!holds) throw malet::Error(malet::ErrorKind::bad_input, path.string() + " " + what);
  };
  const std::unique_ptr<gzFile_s, GzClose> file(gzopen(path.c_str(), "rb"));
  check(file != nullptr,
        "cannot be opened: install the package dataset-fashion-mnist, or set the field `data` or "
        "MALET_FASHION_MNIST to the folder of its files");
  const auto read = [&](std::size_t count) {
    std::vector<unsigned char> bytes(count);
    const int got = gzread(file.get(), bytes.data(), static_cast<unsigned>(count));
    check(got >= 0 && static_cast<std::size_t>(got) == count, "is cut off or damaged");
    return bytes;
  };
  const auto start = read(header);
  check(start[2] == 8, "holds no idx bytes");
  const auto count =
      static_cast<std::size_t>(start[4] << 24 | start[5] << 16 | start[6] << 8 | start[7]);
  return read(size * std::min(count, most));
}

}  // namespace

Images read_images(const std::filesystem::path& folder, const char* part, std::size_t most) {
  const std::string name = part;
  const auto bytes = read_records(folder / (name + "-images-idx3-ubyte.gz"), 16, pixels, most);
  Images images;
  images.labels = read_records(folder / (name + "-labels-idx1-ubyte.gz"), 8, 1, most);
  images.ink.resize(bytes.size());
  std::transform(bytes.begin(), bytes.end(), images.ink.begin(),
                 [](unsigned char byte) { return static_cast<float>(byte) / 255; });
  return images;
}

}  // namespace fashion
