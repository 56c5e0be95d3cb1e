"""check_arrows.py ROOT: src/ includes along the arrows of the table below and no others, so there is no circle;
folders and files stay small, and a library of the outside is included in its one place."""
import pathlib
import re
import sys
import tempfile

# A folder includes itself, its room's folders that stand behind it, and theirs in turn.
SUBROOMS = """
base/files: base/text
base/json: base/text
base/filter: base/text
base/yaml: base/text
base/claims: base/files base/json base/filter base/yaml
record/h5: record/table
record/series: record/h5
record/journal: record/table
record/log: record/journal record/series
exec/runner: exec/process
exec/host: exec/runner exec/function
exec/command: exec/runner
exec/slurm: exec/process
sweep/folder: sweep/channel
sweep/recording: sweep/folder
sweep/schedule: sweep/folder
sweep/forecast: sweep/folder
sweep/rank: sweep/recording sweep/schedule sweep/forecast
sweep/queue: sweep/recording sweep/schedule sweep/forecast
sweep/reshape: sweep/recording sweep/schedule sweep/forecast
sweep/job: sweep/rank sweep/queue sweep/reshape
cli/options: cli/screen
cli/rows: cli/options
cli/reports: cli/rows
cli/commands: cli/reports
"""
# A room includes every folder of the rooms that stand behind it, and of theirs in turn.
ROOMS = """
plan: base
record: base
exec: base
wandb: record
sweep: plan record exec
cli: sweep wandb
"""
# Headers of a library -> the only files of src/ that may include them, and how many of these at most.
OUTSIDE = {
    r"CLI/": (r"cli/.+\.cpp", 1),
    r"mpi\.h|boost/mpi": (r"sweep/channel/mpi_channel\.cpp", None),
    r"hdf5|H5": (r"record/h5/\w+\.[hc]pp", None),
}
MOST_FILES, MOST_LINES = 34, 400
SOURCE = re.compile(r"\.[hc]pp$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def reach(table):
    """Name -> all that its arrows lead to. A name that leads to itself is an error in the table."""
    arrows = {}
    for line in table.split("\n"):
        if line:
            name, _, behind = line.partition(":")
            arrows[name] = behind.split()

    def behind(name, path=()):
        if name in path:
            raise ValueError("a circle: " + " -> ".join((*path, name)))
        return {name}.union(*(behind(other, (*path, name)) for other in arrows.get(name, ())))
    return {name: behind(name) for name in arrows}


ROOMS_OF, SUBROOMS_OF = reach(ROOMS), reach(SUBROOMS)


def may_include(folder, other):
    room, other_room = folder.partition("/")[0], other.partition("/")[0]
    if room == other_room:
        return other == folder or other in SUBROOMS_OF.get(folder, ())
    return other_room in ROOMS_OF.get(room, ())


def sources(root):
    return sorted(path for path in root.rglob("*") if SOURCE.search(path.name))


def includes(path):
    return INCLUDE.findall(path.read_text())


def wrong_arrows(src):
    for path in sources(src):
        folder = path.parent.relative_to(src).as_posix()
        for bracket, header in includes(path):
            other = header.rpartition("/")[0]
            if bracket == "<" or other == "malet":
                continue
            if not (src / header).is_file():
                yield f"{path}: includes {header}, which is no header's path below src/"
            elif not may_include(folder, other):
                yield f"{path}: {folder} must not include {other} ({header})"


def wrong_public_headers(include):
    for path in sources(include):
        for bracket, header in includes(path):
            if not (header.startswith("malet/") or (bracket == "<" and re.fullmatch(r"\w+", header))):
                yield f"{path}: a public header must not include {header}"


def wrong_places(src):
    users = {library: [] for library in OUTSIDE}
    for path in sources(src):
        for library in OUTSIDE:
            if any(re.match(library, header) for _, header in includes(path)):
                users[library].append(path)
    for library, (place, most) in OUTSIDE.items():
        for path in users[library]:
            if not re.fullmatch(place, path.relative_to(src).as_posix()):
                yield f"{path}: includes {library}, which is for {place} alone"
        if most is not None and len(users[library]) > most:
            names = " ".join(path.name for path in users[library])
            yield f"{len(users[library])} files include {library}, {most} may: {names}"


def too_large(root):
    for top in ("src", "tests/unit"):
        for folder in [root / top, *(path for path in (root / top).rglob("*") if path.is_dir())]:
            count = sum(1 for path in folder.iterdir() if path.is_file())
            if count > MOST_FILES:
                yield f"{folder}: {count} files, {MOST_FILES} may be in a folder"
    for top in ("src", "include"):
        for path in sources(root / top):
            count = len(path.read_text().splitlines())
            if count > MOST_LINES:
                yield f"{path}: {count} lines, {MOST_LINES} may be in a file"


def complaints(root):
    return [*wrong_arrows(root / "src"), *wrong_public_headers(root / "include"),
            *wrong_places(root / "src"), *too_large(root)]


# What must be found: a file of a tree that is fine without it, and words of the complaint.
JOB = "src/sweep/job/job.hpp"
BAD = {
    "src/exec/host/bad.cpp": ('#include "sweep/job/job.hpp"\n', "exec/host must not include sweep/job"),
    "src/sweep/rank/bad.cpp": ('#include "sweep/job/job.hpp"\n', "sweep/rank must not include"),
    "src/cli/rows/bad.cpp": ('#include "job.hpp"\n', "no header's path"),
    "src/exec/host/mpi.cpp": ("#include <mpi.h>\n", "alone"),
    "src/record/log/bad.cpp": ("#include <hdf5.h>\n", "alone"),
    "src/cli/options/bad.cpp": ("#include <CLI/CLI.hpp>\n", "2 files include CLI/"),
    "include/malet/bad.hpp": ("#include <fmt/format.h>\n", "a public header must not"),
    "src/plan/long.cpp": ("\n" * 401, "401 lines"),
}
GOOD = {
    JOB: "#include <vector>\n",
    "src/sweep/channel/mpi_channel.cpp": "#include <boost/mpi.hpp>\n",
    "src/cli/options/good.cpp": "#include <CLI/CLI.hpp>\n",
    "src/cli/commands/good.cpp": '#include "sweep/job/job.hpp"\n#include "malet/config.hpp"\n',
    "include/malet/config.hpp": '#include <string>\n#include "malet/value.hpp"\n',
    "tests/unit/test_job.cpp": "",
}


def plant(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def blind_spots():
    """Which broken trees pass this check."""
    trees = {name: ({name: text}, words) for name, (text, words) in BAD.items()}
    many = {f"src/plan/file{i}.cpp": "" for i in range(MOST_FILES + 1)}
    for name, (files, words) in {"": ({}, None), **trees, "src/plan": (many, "35 files")}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            plant(root, {**GOOD, **files})
            found = complaints(root)
        if (len(found) != 1 or words not in found[0]) if words else found:
            yield f"this check is blind: {name or 'a good tree'} gave {found}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [*blind_spots(), *complaints(root)]
    print(f"{len(sources(root / 'src'))} files", *found, sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
