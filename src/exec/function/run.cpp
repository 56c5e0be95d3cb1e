#include "malet/run.hpp"

#include <algorithm>
#include <exception>

#include "exec/function/run_link.hpp"

namespace malet {

void Run::report(const Metrics& step) {
  link_->report(step);
}
std::int64_t Run::next_step() {
  return link_->next_step();
}
const Metrics& Run::resume() {
  return link_->resume();
}
bool Run::should_stop() {
  return link_->should_stop();
}
std::filesystem::path Run::dir() {
  return link_->dir();
}
std::string Run::run_id() const {
  return link_->run_id();
}

namespace exec {

std::int64_t RunLink::next_step() {
  std::size_t longest = 0;
  for (const auto& [name, value] : resume()) {
    if (value.is_list()) longest = std::max(longest, value.list().size());
  }
  return static_cast<std::int64_t>(longest);
}

std::string failure_text() {
  try {
    throw;
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return text.empty() ? "the function threw an exception without a text" : text;
  } catch (...) {
    return "the function threw something that is no std::exception";
  }
}

}  // namespace exec

}  // namespace malet
