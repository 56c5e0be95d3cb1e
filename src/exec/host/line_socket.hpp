#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/files/descriptor.hpp"

namespace malet::exec {

/// A line longer than this is refused (docs/protocol.md).
inline constexpr std::size_t longest_line = std::size_t{16} << 20U;

/// One end of a stream of lines. Neither end waits for the other in a rank; a host does.
class LineSocket {
 public:
  enum class State {
    open,
    closed,   ///< the other end is gone
    garbled,  ///< a line was too long; nothing more is read
  };

  explicit LineSocket(base::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Both ends of a new stream, the first one non-blocking. Throws std::system_error.
  [[nodiscard]] static std::pair<LineSocket, base::Descriptor> make_pair();

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] State state() const { return state_; }
  /// Whether lines wait until the other end reads on.
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }

  /// Whether bytes have been read that were not given yet.
  [[nodiscard]] bool has_unread() const { return begin_ < buffer_.size(); }

  /// Sends a line, which must have no line break. What does not go out at once is kept.
  void send(std::string_view line);
  /// Tells the other end that no line comes any more.
  void finish();
  /// Goes on with what was kept.
  void flush();
  /// Reads what is there (on a blocking socket: waits for something) and gives the next line, if
  /// one is complete. The text is valid until the next call.
  [[nodiscard]] std::optional<std::string_view> receive();

 private:
  [[nodiscard]] std::optional<std::string_view> take_line();

  base::Descriptor descriptor_;
  State state_ = State::open;
  std::string unsent_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what has not been taken
  std::size_t scanned_ = 0;  // up to here there is no line break
};

}  // namespace malet::exec
