"""check_docs.py ROOT: what the documentation points to is there: relative links with their anchors, and files of the
sources that stand in backquotes. docs/architecture.md is one page and has every folder of src/."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md")),
         *sorted(ROOT.glob("examples/*/README.md"))]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:src|include|tests|bench|examples|share|slurm)/[\w./-]+)`")


def prose(page):
    return re.sub(r"^(```.*?^```|    .*?)$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page):
    """As GitHub makes them of headings."""
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def dead_links(page):
    for link in LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            yield f"there is no {link}"
        elif anchor and anchor not in anchors(target):
            yield f"{target.name} has no heading for #{anchor}"


def missing_files(page):
    for path in PATH.findall(prose(page)):
        if not (ROOT / path).exists():
            yield f"there is no {path}"


def missing_folders():
    text = ARCHITECTURE.read_text()
    for folder in sorted(path for path in (ROOT / "src").glob("**/") if any(path.glob("*pp"))):
        if f"(../{folder.relative_to(ROOT)})" not in text:
            yield f"no link to {folder.relative_to(ROOT)}"


def complaints():
    for page in PAGES:
        for complaint in (*dead_links(page), *missing_files(page)):
            yield f"{page.relative_to(ROOT)}: {complaint}"
    lines = ARCHITECTURE.read_text().splitlines()
    if len(lines) > 120 or max(map(len, lines)) > 110:
        yield "docs/architecture.md: more than 120 lines of 110 columns"
    for complaint in missing_folders():
        yield f"docs/architecture.md: {complaint}"


def main():
    found = list(complaints())
    print(f"{len(PAGES)} pages", *found, sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
