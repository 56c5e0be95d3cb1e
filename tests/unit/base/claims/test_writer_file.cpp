#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/claims/writer_file.hpp"
#include "base/files/process_facts.hpp"
#include "catch.hpp"

using namespace malet::base;

TEST_CASE("a writer is read as it was written") {
  for (const WriterMode mode : {WriterMode::whole, WriterMode::split, WriterMode::queue}) {
    Writer writer = this_writer({mode, mode == WriterMode::split ? "learning \"rate\"" : ""});
    writer.slurm_job = "55";
    writer.slurm_restarts = 3;
    const auto read = parse_writer(writer_text(writer));
    REQUIRE(read.has_value());
    CHECK(*read == writer);
  }
}

TEST_CASE("this process as a writer") {
  ::setenv("SLURM_JOB_ID", "1234", 1);
  ::setenv("SLURM_RESTART_COUNT", "2", 1);
  const Writer writer = this_writer({});
  ::unsetenv("SLURM_JOB_ID");
  ::unsetenv("SLURM_RESTART_COUNT");
  CHECK(writer.token.size() == 32);
  CHECK(writer.token != this_writer({}).token);
  CHECK(writer.host == host_name());
  CHECK(writer.process_space == process_space());
  CHECK(writer.pid == ::getpid());
  CHECK(writer.pid_start_time == process_start_time(::getpid()));
  CHECK(writer.slurm_job == "1234");
  CHECK(writer.slurm_restarts == 2);
  CHECK(writer.started.size() == std::string("2026-01-02T03:04:05").size());
  CHECK(writer.started[10] == 'T');
  CHECK(this_writer({}).slurm_job.empty());
}

TEST_CASE("a writer file cut at every byte says nobody, or all of it") {
  const Writer writer = this_writer({WriterMode::split, "4"});
  const std::string text = writer_text(writer);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto read = parse_writer(text.substr(0, size));
    if (read) CHECK(*read == writer);  // only the line's end is missing
    CHECK(read.has_value() == (size + 1 == text.size()));
  }
}

TEST_CASE("what does not say who writes is nobody") {
  for (const char* text :
       {"", "\n", "null", "[]", "{}", "\x00\x01", "no JSON", R"({"token":"a","mode":"whole"})",
        R"({"pid":1,"mode":"whole"})", R"({"token":"a","pid":0,"mode":"whole"})",
        R"({"token":"a","pid":-5,"mode":"whole"})",
        R"({"token":"a","pid":99999999999,"mode":"whole"})",
        R"({"token":"a","pid":"1","mode":"whole"})", R"({"token":"a","pid":1,"mode":"new"})"}) {
    CHECK_FALSE(parse_writer(text).has_value());
  }
  const auto least = parse_writer(R"({"token":"a","pid":1,"mode":"queue","later":[1]})");
  REQUIRE(least.has_value());
  CHECK(least->role.mode == WriterMode::queue);
}

TEST_CASE("a writer and what it does are told in words") {
  Writer writer;
  writer.host = "node3";
  writer.pid = 12;
  CHECK(description(writer) == "process 12 on node3");
  writer.slurm_job = "55";
  CHECK(description(writer) == "process 12 on node3 (Slurm job 55)");
  CHECK(description(WriterRole{}) == "the whole log");
  CHECK(description(WriterRole{WriterMode::split, "4"}) == "a split of 4");
  CHECK(description(WriterRole{WriterMode::split, "lr"}) == "a split by lr");
  CHECK(description(WriterRole{WriterMode::queue, ""}) == "the log of a queue job");
}
