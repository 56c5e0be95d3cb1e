#include "record/h5/chunk_deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <thread>

namespace malet::record {

namespace {

constexpr std::size_t word_size = 8;
constexpr std::size_t most_threads = 8;

/// All first bytes, then all second ones, and so on.
void shuffle(std::span<const std::uint64_t> words, std::size_t length, std::string& bytes) {
  bytes.assign(length * word_size, '\0');
  for (std::size_t byte = 0; byte < word_size; ++byte) {
    char* to = bytes.data() + byte * length;
    const unsigned shift = static_cast<unsigned>(8 * byte);
    for (const std::uint64_t word : words) *to++ = static_cast<char>(word >> shift & 255U);
  }
}

std::string deflated(const std::string& bytes, int level) {
  uLongf size = ::compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                  level) != Z_OK) {
    throw std::bad_alloc();  // there is no other way in which it fails
  }
  packed.resize(size);
  return packed;
}

}  // namespace

std::vector<std::string> deflate_chunks(std::span<const std::uint64_t> words, std::size_t length,
                                        int level) {
  std::vector<std::string> chunks((words.size() + length - 1) / length);
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = std::min({cores, most_threads, chunks.size()});
  const auto pack = [&](std::size_t first) {
    std::string bytes;
    for (std::size_t i = first; i < chunks.size(); i += threads) {
      const std::size_t begin = i * length;
      shuffle(words.subspan(begin, std::min(length, words.size() - begin)), length, bytes);
      chunks[i] = deflated(bytes, level);
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(pack, thread);
  if (threads > 0) pack(0);
  return chunks;
}

}  // namespace malet::record
