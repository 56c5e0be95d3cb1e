"""Bad input gets one sentence, exit 2, and changes nothing on disk."""
import unittest

from harness import MALET, PROBE, FolderTest, ranks

GOOD = "model: m\ngrid:\n  lr: [0.1]\n  seed: [1, 2]\n"


class BadConfigTest(FolderTest):
    def refused(self, text, *words):
        exp = self.experiment(text)
        before = self.snapshot(exp)
        for arguments in (["plan", exp], ["status", exp], [exp],
                          [exp, "--plugin", PROBE, "--function", "probe"]):
            self.assert_refused(self.malet(*arguments), "exp_config.yaml", *words)
        self.assertEqual(self.snapshot(exp), before)

    def test_yaml_that_does_not_parse(self):
        self.refused("model: [1, 2\ngrid: {", ":")

    def test_a_document_that_is_no_map(self):
        self.refused("- a\n- b\n")

    def test_a_field_that_is_static_and_in_the_grid(self):
        self.refused("lr: 0.1\ngrid:\n  lr: [0.1, 0.2]\n", "lr")

    def test_groups_of_unequal_length(self):
        self.refused("grid:\n  group:\n    a: [[1], [2]]\n    b: [[1], [2], [3]]\n", "a", "b")

    def test_unknown_grid_fields(self):
        self.refused("grid_fields: [lr, width]\ngrid:\n  lr: [1]\n", "width")

    def test_an_empty_list(self):
        self.refused("grid:\n  lr: []\n", "lr")

    def test_a_size_beyond_64_bits(self):
        self.refused("grid:\n" + "".join(f"  f{i}: [i;0:1:100000]\n" for i in range(5)))

    def test_a_division_by_zero(self):
        self.refused("grid:\n  lr: [1/i;0:1:3]\n", ":2")

    def test_a_power_beyond_all_numbers(self):
        self.refused("grid:\n  lr: [10**100000;0:1:3]\n", ":2")

    def test_thousands_of_parentheses(self):
        self.refused("grid:\n  lr: [" + "(" * 4000 + "i" + ")" * 4000 + ";0:1:3]\n", ":2")

    def test_thousands_of_brackets(self):
        self.refused("grid:\n  lr: " + "[" * 4000 + "]" * 4000 + "\n")

    def test_an_alias_bomb(self):
        text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for i in range(1, 12):
            text += f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]\n"
        self.refused(text)

    def test_duplicate_keys_and_second_documents(self):
        self.refused("a: 1\na: 2\n", ":2", "a")
        self.refused("a: 1\n---\nb: 2\n")

    def test_bytes_that_are_no_text(self):
        exp = self.folder / "exp"
        exp.mkdir()
        (exp / "exp_config.yaml").write_bytes(b"a: \xff\xfe\x00\n")
        self.assert_refused(self.malet("plan", exp), "exp_config.yaml")


class BadFolderTest(FolderTest):
    def test_a_missing_folder_or_file(self):
        self.assert_refused(self.malet("plan", self.folder / "none"), "none")
        self.assert_refused(self.probe(self.folder / "none"), "none")
        self.assert_refused(self.malet(self.folder / "none"), "none")
        done = self.call(*ranks(2, MALET, self.folder / "none"))
        self.assert_refused(done, "none/exp_config.yaml")
        empty = self.folder / "empty"
        empty.mkdir()
        for command in ("plan", "status", "show"):
            self.assert_refused(self.malet(command, self.folder / "none"), "none does not exist")
            self.assert_refused(self.malet(command, empty), "empty has no exp_config.yaml")
            self.assert_refused(self.malet(command, empty / "log.tsv"), "log.tsv does not exist")

    def test_usage(self):
        exp = self.experiment(GOOD)
        for arguments in ([exp, "--schedule", "lazy"], [exp, "--timeout", "soon"], [exp, "--nonsense"],
                          ["plan"], [exp, "--rerun-failed", "maybe"], [exp, "-j", "0"]):
            done = self.malet(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stdout, "")
            self.assertLessEqual(len(done.stderr.strip().splitlines()), 3, done.stderr)

    def test_a_plug_in_that_is_none(self):
        exp = self.experiment(GOOD)
        self.assert_refused(self.malet(exp), "--plugin")
        self.assert_refused(self.malet(exp, "--plugin", "/nowhere/lib.so"), "/nowhere/lib.so")
        self.assert_refused(self.malet(exp, "--plugin", PROBE, "--function", "none"), "probe")
        self.assert_refused(self.malet(exp, "--plugin", PROBE), "--function")
        self.assertEqual(len(self.snapshot(exp)), 1)

    def test_under_mpirun_the_error_is_said_once_by_every_rank_code(self):
        exp = self.experiment("grid: [")
        shell = f'"{MALET}" "{exp}" --plugin "{PROBE}" --function probe; echo "code $?"'
        done = self.call(*ranks(3, "sh", "-c", shell))
        self.assertEqual(done.stdout.count("code 2"), 3, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("exp_config.yaml"), 1, done.stderr)
        self.experiment(GOOD)
        shell = shell.replace(PROBE, "/nowhere/lib.so")
        done = self.call(*ranks(3, "sh", "-c", shell))
        self.assertEqual(done.stdout.count("code 2"), 3, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("/nowhere/lib.so: cannot"), 1, done.stderr)

    def test_ranks_that_mpi_does_not_join_are_refused_one_and_all(self):
        exp = self.experiment(GOOD)
        for rank, words in (("0", ["srun --mpi=pmix"]), ("1", [])):  # rank 0 speaks for all
            done = self.call("env", f"PMI_RANK={rank}", "PMI_SIZE=2", MALET, exp, "--plugin", PROBE,
                             "--function", "probe")
            self.assert_refused(done, *words)
        self.assertEqual(len(self.snapshot(exp)), 1)

    def test_a_folder_that_cannot_be_written(self):
        exp = self.experiment(GOOD)
        (exp / "log_splits").write_text("in the way")
        done = self.probe(exp, "--schedule", "static")
        self.assert_refused(done, "log_splits")


class BadLogTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.exp = self.experiment(GOOD)
        self.assertEqual(self.probe(self.exp).returncode, 0)
        self.good = (self.exp / "log.tsv").read_bytes()

    def refused(self, log, *words):
        (self.exp / "log.tsv").write_bytes(log)
        before = self.snapshot(self.exp)
        self.assert_refused(self.probe(self.exp), "log.tsv", *words)
        self.assert_refused(self.malet("status", self.exp), "log.tsv", *words)
        self.assertEqual(self.snapshot(self.exp), before)

    def test_a_log_cut_anywhere_is_refused_or_read(self):
        for length in range(len(self.good)):
            (self.exp / "log.tsv").write_bytes(self.good[:length])
            if length % 7:
                continue
            done = self.malet("status", self.exp)
            self.assertIn(done.returncode, (0, 2), f"cut at {length}: {done.stderr}")

    def test_a_short_row(self):
        lines = self.good.splitlines(keepends=True)
        lines[-1] = b"1\t0.1\n"
        self.refused(b"".join(lines), f":{len(lines)}")

    def test_a_bad_quote(self):
        self.refused(self.good.replace(b"\tC\t", b'\t"C\t', 1), "quote")

    def test_nuls(self):
        self.refused(self.good.replace(b"\tC\t", b"\t\0\t", 1), "NUL")

    def test_an_empty_file(self):
        self.refused(b"")

    def test_other_fields(self):
        self.refused(self.good.replace(b"seed", b"need"), "seed", "need", "malet-mpi merge")

    def test_other_static_configs(self):
        self.refused(self.good.replace(b"model: m", b"model: other"), "model", "other")


if __name__ == "__main__":
    unittest.main()
