#include "catch.hpp"
#include "exec/function/git.hpp"
#include "temp_folder.hpp"

using malet::exec::commit_hash;
using malet::test::TempFolder;

namespace {

const std::string hash_a(40, 'a');
const std::string hash_b(40, 'b');

}  // namespace

TEST_CASE("the hash of a branch is found in its file, from any folder below") {
  const TempFolder folder;
  folder.write(".git/HEAD", "ref: refs/heads/main\n");
  folder.write(".git/refs/heads/main", hash_a + "\n");
  folder.write("src/deep/x", "");
  CHECK(commit_hash(folder.path()) == hash_a);
  CHECK(commit_hash(folder.path() / "src/deep") == hash_a);
}

TEST_CASE("the hash of a packed branch is found") {
  const TempFolder folder;
  folder.write(".git/HEAD", "ref: refs/heads/main\n");
  folder.write(".git/packed-refs",
               "# pack-refs\n" + hash_b + " refs/heads/other\n" + hash_a + " refs/heads/main\n");
  CHECK(commit_hash(folder.path()) == hash_a);
}

TEST_CASE("a detached head is its own hash") {
  const TempFolder folder;
  folder.write(".git/HEAD", hash_b + "\n");
  CHECK(commit_hash(folder.path()) == hash_b);
}

TEST_CASE("a worktree is followed to its repository") {
  const TempFolder folder;
  folder.write("repo/.git/refs/heads/side", hash_a + "\n");
  folder.write("repo/.git/worktrees/tree/HEAD", "ref: refs/heads/side\n");
  folder.write("repo/.git/worktrees/tree/commondir", "../..\n");
  folder.write("tree/.git",
               "gitdir: " + (folder.path() / "repo/.git/worktrees/tree").string() + "\n");
  CHECK(commit_hash(folder.path() / "tree") == hash_a);
}

TEST_CASE("without a repository, or with a broken one, there is no hash") {
  const TempFolder folder;
  CHECK(commit_hash(folder.path()).empty());
  folder.write(".git/HEAD", "ref: refs/heads/unborn\n");
  CHECK(commit_hash(folder.path()).empty());
  folder.write(".git/HEAD", "garbage\n");
  CHECK(commit_hash(folder.path()).empty());
}
