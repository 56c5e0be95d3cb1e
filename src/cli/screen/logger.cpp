#include "cli/screen/logger.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <mutex>

namespace malet::cli {

namespace {

class OutputSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit OutputSink(Output& output) : output_(&output) { set_pattern("%H:%M:%S %l: %v"); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    output_->write({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  Output* output_;
};

}  // namespace

bool is_log_level(std::string_view level) {
  return level == "off" || spdlog::level::from_str(std::string(level)) != spdlog::level::off;
}

std::shared_ptr<spdlog::logger> make_logger(Output& output, std::string_view level) {
  auto logger = std::make_shared<spdlog::logger>("malet", std::make_shared<OutputSink>(output));
  logger->set_level(spdlog::level::from_str(std::string(level)));
  return logger;
}

}  // namespace malet::cli
