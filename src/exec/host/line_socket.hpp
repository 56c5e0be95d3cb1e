#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/files/descriptor.hpp"

namespace malet::exec {

/// The longest line in bytes (docs/protocol.md).
inline constexpr std::size_t longest_line = std::size_t{16} << 20U;

/// One end of a stream of lines. Never blocks in a rank; receive() blocks in a host.
class LineSocket {
 public:
  enum class State {
    open,
    closed,   ///< the other end is closed
    garbled,  ///< a line was too long; reading has stopped
  };

  explicit LineSocket(base::Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  /// Both ends of a new stream, the first one non-blocking. Throws std::system_error.
  [[nodiscard]] static std::pair<LineSocket, base::Descriptor> make_pair();

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  [[nodiscard]] State state() const { return state_; }
  /// Whether lines wait for the other end to read.
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
  /// Whether receive() can give something without reading.
  [[nodiscard]] bool has_unread() const { return begin_ < buffer_.size(); }

  /// Sends a line, given without line break. Keeps what cannot be sent at once.
  void send(std::string_view line);
  /// Tells the other end that no more lines will come.
  void finish();
  /// Sends what was kept.
  void flush();
  /// Reads what is there (a blocking socket waits) and gives the next complete line, if any. The
  /// text is valid until the next call.
  [[nodiscard]] std::optional<std::string_view> receive();

 private:
  [[nodiscard]] std::optional<std::string_view> take_line();

  base::Descriptor descriptor_;
  State state_ = State::open;
  std::string unsent_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of the next line
  std::size_t scanned_ = 0;  // no line break from begin_ to here
};

}  // namespace malet::exec
