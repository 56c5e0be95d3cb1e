#include "malet/run.hpp"

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

}  // namespace malet
